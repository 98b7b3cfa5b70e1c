import {promises as fs} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import should from 'should';
import {elapsedMs, longestTimerMs, realEnvironment, workedMs} from '../../lib/environment';
import {JournalLedger} from '../../lib/ledger/journal-ledger';
import {ManualClock} from '../world/manual-clock';
import {rejection} from '../world/turns';

const {files, clock} = realEnvironment;

describe('The real disk', () => {
	let folder: string;
	beforeEach(async () => {
		folder = await fs.mkdtemp(join(tmpdir(), 'files-'));
	});
	afterEach(() => fs.rm(folder, {recursive: true, force: true}));

	const mode = async (path: string): Promise<number> => (await fs.stat(path)).mode & 0o777;

	it('keeps state for nobody but its owner, also in a folder that was open to all', async () => {
		const state = join(folder, 'deep', 'state');
		await fs.mkdir(state, {recursive: true, mode: 0o777});
		await fs.chmod(state, 0o777);
		await files.makeFolder(state);
		should(await mode(state)).equal(0o700);
		const ledger = new JournalLedger('t', join(state, 't.journal'), realEnvironment, false);
		await ledger.open();
		await ledger.accept('a');
		should(await mode(join(state, 't.journal'))).equal(0o600);
		should(await fs.readdir(state)).deepEqual(['t.journal']);
		await ledger.close();
	});

	it('keeps a ledger over a restart, a torn tail and a new file', async () => {
		const path = join(folder, 't.journal');
		const first = new JournalLedger('t', path, realEnvironment, false);
		await first.open();
		await Promise.all([first.accept('a'), first.deliver('b'), first.accept('c')]);
		await first.confirm('c');
		await first.close();
		await fs.appendFile(path, '12345678 {"type":"accep');
		const second = new JournalLedger('t', path, realEnvironment, false);
		should(await second.open()).be.undefined();
		should([second.settlement('a'), second.deliveries('b'), second.settlement('c')]).deepEqual([
			'accepted',
			1,
			'confirmed',
		]);
		await second.accept('b');
		await second.close();
		const third = new JournalLedger('t', path, realEnvironment, false);
		await third.open();
		should([...third.unconfirmed].sort()).deepEqual(['a', 'b']);
		await third.close();
	});

	it('reads a file that is not there as none, and says why another cannot be read', async () => {
		should(await files.read(join(folder, 'missing'), 0, 10)).be.undefined();
		should(await rejection(files.read(folder, 0, 10))).match({code: 'EISDIR'});
	});

	it('removes a file that is not there', async () => {
		await files.remove(join(folder, 'missing'));
	});

	it('appends to what is there', async () => {
		const path = join(folder, 'x');
		for (const text of ['a', 'b']) {
			const file = await files.open(path);
			await file.append(Buffer.from(text));
			await file.sync();
			await file.close();
		}

		await files.rename(path, `${path}2`);
		await files.syncFolder(folder);
		should((await files.read(`${path}2`, 0, 10))?.toString()).equal('ab');
		should(await files.list(folder)).deepEqual(['x2']);
	});
});

describe('Time', () => {
	it('of a lock is the larger of what both clocks say', () => {
		const manual = new ManualClock();
		const since = manual.now();
		manual.advance(1000);
		should(elapsedMs(manual.now(), since)).equal(1000);
		manual.sleepMachine(5000);
		should(elapsedMs(manual.now(), since)).equal(6000);
		manual.jumpWall(-60_000);
		should(elapsedMs(manual.now(), since)).equal(1000);
		should(workedMs(manual.now(), since)).equal(1000);
	});

	it('of a real timer may be longer than Node can count', async () => {
		const cancels = [longestTimerMs + 1, Number.POSITIVE_INFINITY].map((delayMs) =>
			clock.setTimer(() => {
				throw new Error('fired at once');
			}, delayMs),
		);
		await new Promise<void>((resolve) => {
			clock.setTimer(resolve, -5);
		});
		for (const cancel of cancels) {
			cancel();
		}
	});

	it('is wall time and a steady time', () => {
		const {wallMs, steadyMs} = clock.now();
		should(Math.abs(wallMs - Date.now())).be.below(1000);
		should(clock.now().steadyMs).be.aboveOrEqual(steadyMs);
	});
});
