import should from 'should';
import {JournalLedger} from '../../../lib/ledger/journal-ledger';
import type {Ledger} from '../../../lib/ledger/ledger';
import {testEnvironment, type TestEnvironment} from '../../world/environment';
import {rejection} from '../../world/turns';

const path = '/state/t.journal';
const dayMs = 86_400_000;
const yearMs = 365 * dayMs;

describe('The memory of a ledger, on a clock that somebody sets', () => {
	let environment: TestEnvironment;
	let ledger: Ledger;

	/** Another process, which writes the file anew at its start. */
	const restart = async (): Promise<void> => {
		environment = testEnvironment({files: environment.files.afterKill(), clock: environment.clock});
		ledger = new JournalLedger('t', path, environment, false);
		await ledger.open();
	};

	/** A failed write makes the next one a new file. */
	const rewrite = async (): Promise<void> => {
		environment.files.faults.freeBytes = 0;
		await rejection(ledger.accept('never'));
		environment.files.mend();
		await ledger.open();
	};

	beforeEach(async () => {
		environment = testEnvironment();
		await restart();
		await ledger.deliver('counted');
		await ledger.accept('waiting');
		await ledger.accept('done');
		await ledger.confirm('done');
	});

	const knowsAll = (isKnown = true): void => {
		should(ledger.settlement('waiting')).equal('accepted');
		should(ledger.settlement('done')).equal(isKnown ? 'confirmed' : undefined);
		should(ledger.deliveries('counted')).equal(isKnown ? 1 : 0);
	};

	for (const jumpMs of [9 * dayMs, 50 * yearMs, -50 * yearMs]) {
		it(`forgets nothing when that is set ${jumpMs > 0 ? 'forward' : 'back'} by ${Math.abs(jumpMs) / dayMs} days while the process runs, nor at the next start`, async () => {
			environment.clock.jumpWall(jumpMs);
			await rewrite();
			await restart();
			knowsAll();
		});
	}

	it('forgets nothing when it is set right again after a wrong start', async () => {
		environment.clock.jumpWall(yearMs);
		await restart();
		knowsAll();
		environment.clock.jumpWall(-yearMs);
		await restart();
		environment.clock.advance(dayMs);
		await restart();
		knowsAll();
	});

	it('does not count the time for which the machine was off before this process began', async () => {
		environment.clock.sleepMachine(9 * dayMs);
		await restart();
		knowsAll();
	});

	it('lasts eight days of work and no longer', async () => {
		environment.clock.advance(8 * dayMs);
		await rewrite();
		knowsAll();
		environment.clock.advance(1);
		await rewrite();
		knowsAll(false);
	});

	it('ends with the second start after eight days, so that it does not grow where processes are short', async () => {
		for (let day = 0; day < 9; day += 1) {
			environment.clock.sleepMachine(dayMs);
			await restart();
			knowsAll();
		}

		environment.clock.sleepMachine(dayMs);
		await restart();
		knowsAll(false);
	});

	it('counts for files written when the start was not noted', async () => {
		const old = (environment.files.get(path) ?? '').split('\n').slice(1).join('\n');
		environment.files.put(path, old);
		await restart();
		knowsAll();
	});
});
