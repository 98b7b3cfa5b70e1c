import {promises as fs} from 'node:fs';
import {createServer} from 'node:net';
import {once} from 'node:events';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import should from 'should';
import {ownFolder, type Release} from '../../../lib/ledger/folder-owner';
import {rejection} from '../../world/turns';

/** A socket that nobody listens on any more, as a killed process leaves it. */
const leaveSocket = async (path: string): Promise<void> => {
	const server = createServer().listen(`${path}-before`);
	await once(server, 'listening');
	await fs.link(`${path}-before`, path);
	server.close();
	await once(server, 'close');
};

const isGranted = (outcome: PromiseSettledResult<Release>): outcome is PromiseFulfilledResult<Release> =>
	outcome.status === 'fulfilled';

describe('The owner of a folder, of many that begin at the same moment', () => {
	let folder: string;
	beforeEach(async () => {
		folder = await fs.mkdtemp(join(tmpdir(), 'owner-race-'));
	});
	afterEach(() => fs.rm(folder, {recursive: true, force: true}));

	for (const contenders of [2, 3, 8, 30]) {
		for (const hasDead of [true, false]) {
			it(`is exactly one of ${contenders}, ${hasDead ? 'beside the socket of a killed process' : 'where nobody was before'}`, async () => {
				for (let time = 0; time < 10; time += 1) {
					if (hasDead) {
						await leaveSocket(join(folder, 'owner'));
					}

					const outcomes = await Promise.allSettled(Array.from({length: contenders}, () => ownFolder(folder)));
					const winners = outcomes.filter((outcome) => isGranted(outcome));
					should(winners.length).equal(1);
					should(await fs.readdir(folder)).deepEqual(['owner', 'owner.json']);
					await winners[0]?.value();
					should(await fs.readdir(folder)).be.empty();
				}
			});
		}
	}

	it('leaves nothing of those that were killed before they were the owner', async () => {
		for (const name of ['owner', 'owner-0badcafe', 'owner-0badcafe-stale']) {
			await leaveSocket(join(folder, name));
		}

		const release = await ownFolder(folder);
		should(await fs.readdir(folder)).deepEqual(['owner', 'owner.json']);
		await release();
	});

	it('is none while another that began before has not made up its mind', async () => {
		for (const name of ['owner-00000000', 'owner-zzzzzzzz']) {
			const stopped = createServer(() => undefined).listen(join(folder, name));
			await once(stopped, 'listening');
			should(await rejection(ownFolder(folder))).match({reason: 'folderTaken'});
			should(await fs.readdir(folder)).deepEqual([name]);
			stopped.close();
			await once(stopped, 'close');
		}
	});

	it('is the one that waited, once all others gave way or were killed', async () => {
		const other = createServer((socket) => {
			other.close();
			socket.destroy();
		}).listen(join(folder, 'owner-zzzzzzzz'));
		await once(other, 'listening');
		const release = await ownFolder(folder);
		should(await fs.readdir(folder)).deepEqual(['owner', 'owner.json']);
		await release();
	});
});
