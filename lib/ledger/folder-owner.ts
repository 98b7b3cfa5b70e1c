/** One process per state folder. */
import {setTimeout as sleep} from 'node:timers/promises';
import {folderError} from '../errors';
import {assertAbandoned, OwnerRecord} from './owner-record';
import {holdPipe, holdSocket, type Close} from './owner-socket';

/** A folder that is ours. Gives it up when called. */
export interface Release {
	(): Promise<void>;
	/** Whether the folder under its path is still ours. Absent where nobody could take it. */
	readonly isOurs?: () => Promise<boolean>;
}

export interface OwnOptions {
	/** Ends the wait for another owner to show that it lives. */
	readonly signal?: AbortSignal;
	/** Called once when the folder was found to be no longer ours. */
	readonly onLost?: () => void;
	/** How to wait for a sign of life. @default a timer */
	readonly wait?: (ms: number) => Promise<void>;
}

/**
 * The kernel knows whether the owner lives as long as both are on one machine and see the same folder, and knows it at
 * once. For all others there is a record that the owner renews. A folder is free only if both say so.
 * @throws StateError when another process owns the folder, or it cannot be used
 */
export const ownFolder = async (folder: string, options: OwnOptions = {}): Promise<Release> => {
	const {signal, onLost = () => undefined, wait = (ms) => sleep(ms, undefined, {signal})} = options;
	try {
		const close = await hold(folder, () => assertAbandoned(folder, wait));
		try {
			const record = await OwnerRecord.claim(folder, onLost);
			const release = async (): Promise<void> => {
				// The record first: while the socket is there, nobody need wait for a record to fall silent.
				await record.remove().catch(() => undefined);
				await close();
			};
			return Object.assign(release, {isOurs: () => record.isOurs()});
		} catch (error) {
			await close();
			throw error;
		}
	} catch (cause) {
		throw folderError(folder, cause);
	}
};

const hold = async (folder: string, assertFree: () => Promise<void>): Promise<Close> => {
	if (process.platform !== 'win32') {
		const close = await holdSocket(folder, assertFree);
		if (close) {
			return close;
		}
	}

	const close = process.platform === 'win32' ? await holdPipe(folder) : () => Promise.resolve();
	try {
		await assertFree();
		return close;
	} catch (error) {
		await close();
		throw error;
	}
};
