import {fork, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {promises as fs} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import should from 'should';
import {StateError} from '../../../lib/errors';
import {ownFolder, type Release} from '../../../lib/ledger/folder-owner';
import {StateFolder} from '../../../lib/ledger/state-folder';
import {testEnvironment} from '../../world/environment';
import {rejection, turns, until, watch} from '../../world/turns';

describe('The owner of a folder', () => {
	let folder: string;
	let releases: Release[];
	let children: ChildProcess[];
	beforeEach(async () => {
		folder = await fs.mkdtemp(join(tmpdir(), 'owner-'));
		releases = [];
		children = [];
	});
	afterEach(async () => {
		for (const child of children) {
			child.kill('SIGKILL');
		}

		await Promise.all(releases.map((release) => release()));
		await fs.rm(folder, {recursive: true, force: true});
	});

	const own = async (path = folder): Promise<void> => {
		releases.push(await ownFolder(path));
	};

	/** Another process tries; what it says. */
	const ownElsewhere = async (): Promise<{readonly said: unknown; readonly child: ChildProcess}> => {
		const child = fork(join(__dirname, '../../world/own-folder.ts'), [folder], {execArgv: ['-r', 'tsx/cjs']});
		children.push(child);
		const [said] = (await once(child, 'message')) as [unknown];
		return {said, child};
	};

	it('is one at a time, also within a process', async () => {
		await own();
		const refusal = await rejection(own());
		should(refusal).be.instanceof(StateError);
		should(refusal).match({code: 'RETARUS_STATE', reason: 'folderTaken', facts: {folder}});
	});

	it('can be followed by another once it gave the folder up', async () => {
		await own();
		await releases.pop()?.();
		should(await fs.readdir(folder)).be.empty();
		await own();
	});

	it('is not followed by another process while it lives, and is as soon as it was killed', async () => {
		const {said, child} = await ownElsewhere();
		should(said).equal('owned');
		should(await rejection(own())).match({reason: 'folderTaken'});
		const exited = once(child, 'exit');
		child.kill('SIGKILL');
		await exited;
		should(await fs.readdir(folder)).deepEqual(['owner', 'owner.json'], 'its socket is still there, stale');
		await own();
		should((await ownElsewhere()).said).equal('folderTaken');
	}).timeout(30_000);

	it('takes the place of anything dead under the name of the socket', async () => {
		await fs.writeFile(join(folder, 'owner'), 'a file');
		await own();
		should(await rejection(own())).match({reason: 'folderTaken'});
	});

	it('is one, when two begin at the same moment beside a dead socket', async () => {
		const {child} = await ownElsewhere();
		const exited = once(child, 'exit');
		child.kill('SIGKILL');
		await exited;
		const outcomes = await Promise.allSettled([own(), own()]);
		should(outcomes.filter(({status}) => status === 'fulfilled').length).equal(1);
		should(await fs.readdir(folder)).deepEqual(['owner', 'owner.json']);
	}).timeout(30_000);

	it('can own a folder whose path is too long for a socket', async () => {
		const long = join(folder, 'x'.repeat(200));
		await fs.mkdir(long);
		await own(long);
		should(await rejection(own(long))).match({reason: 'folderTaken'});
		should(await fs.readdir(long)).deepEqual(['owner', 'owner.json']);
	});

	it('owns no folder that does not exist, and leaves nothing behind', async () => {
		should(await rejection(own(join(folder, 'missing')))).match({code: 'RETARUS_STATE', reason: 'folderUnusable'});
		should(await fs.readdir(folder)).be.empty();
	});

	it('lets nobody else use its socket', async () => {
		await own();
		should((await fs.stat(join(folder, 'owner'))).mode & 0o777).equal(0o600);
	});

	it('may be a socket of somebody else that listens', async () => {
		const server = createServer().listen(join(folder, 'owner'));
		await once(server, 'listening');
		should(await rejection(own())).match({reason: 'folderTaken'});
		server.close();
	});
});

describe('The state folder', () => {
	it('is ready once it is owned, and given up when closed', async () => {
		const environment = testEnvironment();
		let released = 0;
		const folder = new StateFolder('/state', environment, () =>
			Promise.resolve(() => {
				released += 1;
				return Promise.resolve();
			}),
		);
		await folder.ready;
		should(folder.error).be.undefined();
		should(folder.file('x.journal')).equal(join('/state', 'x.journal'));
		await folder.close();
		should(released).equal(1);
	});

	it('says once that it cannot be had, and tries again until it can', async () => {
		const environment = testEnvironment();
		let tries = 0;
		const folder = new StateFolder('/state', environment, () => {
			tries += 1;
			return tries < 4
				? Promise.reject(new StateError('folderTaken', {folder: '/state'}))
				: Promise.resolve(() => Promise.resolve());
		});
		const troubles: StateError[] = [];
		folder.on('trouble', (error) => troubles.push(error));
		const ready = watch(folder.ready);
		await turns(2);
		for (let time = 0; time < 3; time += 1) {
			should(ready.state).equal('pending');
			should(folder.error).match({reason: 'folderTaken'});
			environment.clock.advance(folder.retryMs);
			await turns(2);
		}

		should(ready.state).equal('resolved');
		should(folder.error).be.undefined();
		should(troubles.map(({reason}) => reason)).deepEqual(['folderTaken']);
		await folder.close();
		should(environment.clock.pending).equal(0);
	});

	it('tries no more once it is closed', async () => {
		const environment = testEnvironment();
		const folder = new StateFolder('/state', environment, () => Promise.reject(new Error('no')));
		await turns(2);
		should(folder.error).match({reason: 'folderUnusable', facts: {folder: '/state', detail: 'unknown'}});
		await folder.close();
		should(environment.clock.pending).equal(0);
	});

	it('is given up as well when it was closed while it was being acquired', async () => {
		let released = 0;
		let acquire = (): void => undefined;
		const folder = new StateFolder(
			'/state',
			testEnvironment(),
			() =>
				new Promise((resolve) => {
					acquire = () => {
						resolve(() => {
							released += 1;
							return Promise.resolve();
						});
					};
				}),
		);
		const ready = watch(folder.ready);
		await turns(2);
		const closed = folder.close();
		acquire();
		await closed;
		await until(() => released > 0);
		should(released).equal(1);
		should(ready.state).equal('pending');
	});
});
