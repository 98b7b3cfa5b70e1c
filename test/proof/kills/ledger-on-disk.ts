import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {realEnvironment} from '../../../lib/environment';
import {JournalLedger} from '../../../lib/ledger/journal-ledger';

/** Where a Node-RED keeps what must survive. */
export const stateFolder = (userDirectory: string): string => join(userDirectory, 'retarus-fax');

/** Which of these faxes an ack node has accepted, as the disk knows it. Changes nothing there. */
export const acceptedOnDisk = async (
	userDirectory: string,
	topic: string,
	ids: readonly string[],
): Promise<readonly string[]> => {
	const folder = stateFolder(userDirectory);
	const accepted = await Promise.all(
		readdirSync(folder)
			.filter((name) => name.endsWith('.journal'))
			.map(async (name) => {
				const ledger = new JournalLedger(topic, join(folder, name), realEnvironment, true);
				await ledger.open();
				return ids.filter((id) => ['accepted', 'confirmed'].includes(ledger.settlement(id) ?? ''));
			}),
	);
	return accepted.flat();
};
