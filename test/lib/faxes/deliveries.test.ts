import should from 'should';
import {ByteBudget} from '../../../lib/documents/byte-budget';
import {Downloads} from '../../../lib/documents/downloads';
import {Deliveries} from '../../../lib/faxes/deliveries';
import {Slots} from '../../../lib/pacing/slots';
import type {ManualClock} from '../../world/manual-clock';
import {usual} from '../../world/receiving';
import {turns} from '../../world/turns';
import {TopicParts} from './topic-parts';

const minute = 60_000;
const hour = 60 * minute;

describe('Deliveries', () => {
	let parts: TopicParts;
	let clock: ManualClock;
	let deliveries: Deliveries;
	beforeEach(async () => {
		parts = new TopicParts();
		({clock} = parts.environment);
		const {environment, connection} = parts.context;
		const budget = new ByteBudget(1024 * 1024);
		deliveries = new Deliveries(parts.context, new Downloads({environment, connection, budget, slots: new Slots(4)}));
		await parts.ledger.open();
		deliveries.attach(clock.now());
	});

	const list = (id: string, durationMs = usual.lockTimeoutMs): void => {
		parts.retarus.add(id);
		const raw = {id, documents: [{url: `https://elsewhere/files/${id}.pdf`}]};
		parts.memory.leases.list({id, documents: [`${id}.pdf`], raw}, {since: clock.now(), durationMs});
	};

	const tick = async (): Promise<void> => {
		deliveries.tick(clock.now());
		await turns();
	};

	/** Time passes, and the topic looks again each second. */
	const pass = async (ms: number): Promise<void> => {
		for (let leftMs = ms; leftMs > 0; leftMs -= 1000) {
			clock.advance(Math.min(1000, leftMs));
			await turns(2);
			await tick();
		}
	};

	/** The document of this fax meets this fate; all others come. */
	const fate = (id: string, what: 'hangs' | 'unreachable' | number, headers = {}): void => {
		parts.retarus.fate = (request) =>
			request.kind === 'download' && request.name === `${id}.pdf`
				? typeof what === 'number'
					? {status: what, headers}
					: what
				: undefined;
	};

	const delivered = (): string[] => parts.delivered.map(({id, delivery}) => `${id} ${delivery}`);
	const steps = (): string[] => parts.steps.map(({step, id}) => `${step} ${id}`);
	const state = (id: string): string | undefined => parts.memory.leases.get(id)?.state;

	it('start for what is listed, once, and no more than may be in flight', async () => {
		parts.receiver = {...usual, maxInFlight: 2};
		for (const id of ['a', 'b', 'c']) {
			list(id);
		}

		await tick();
		await tick();
		should(delivered().sort()).deepEqual(['a 1', 'b 1']);
		should(state('c')).equal('listed');
		parts.memory.leases.release('a');
		await tick();
		should(delivered()).containEql('c 1');
	});

	it('leave a fax to the service whose lock ran out before there was room', async () => {
		parts.receiver = {...usual, maxInFlight: 1};
		list('a');
		list('b', minute);
		await tick();
		clock.advance(minute);
		await tick();
		should([delivered(), steps().at(-1), state('b')]).deepEqual([['a 1'], 'lapsed b', undefined]);
	});

	it('go on although the documents of a fax that was acknowledged by hand still take their time', async () => {
		parts.receiver = {...usual, maxInFlight: 1};
		fate('a', 'hangs');
		list('a');
		await tick();
		parts.memory.leases.release('a');
		list('b');
		await tick();
		should(delivered()).deepEqual(['b 1']);
	});

	it('stop when the receiver is gone, and go on with the next one', async () => {
		fate('a', 'hangs');
		list('a');
		await tick();
		deliveries.detach();
		await turns();
		parts.retarus.fate = () => undefined;
		should([delivered(), state('a')]).deepEqual([[], 'listed']);
		deliveries.attach(clock.now());
		await turns();
		should(delivered()).deepEqual(['a 1']);
	});

	describe('that are overdue', () => {
		it('fail: the fax rests for the lock time, and then comes again from what was listed', async () => {
			parts.receiver = {...usual, processingTimeoutMs: minute, lockTimeoutMs: minute};
			list('a', hour);
			await tick();
			clock.advance(minute);
			await tick();
			should(parts.failures).match([
				[
					{id: 'a', delivery: 1},
					{reason: 'overdue', facts: {seconds: 60}},
				],
			]);
			should([state('a'), parts.memory.counts.failed]).deepEqual(['resting', 1]);
			clock.advance(minute - 1);
			await tick();
			should(delivered()).deepEqual(['a 1']);
			clock.advance(1);
			await tick();
			should(delivered()).deepEqual(['a 1', 'a 2']);
		});

		it('do not fail while an ack node decides', async () => {
			parts.receiver = {...usual, processingTimeoutMs: minute};
			list('a');
			await tick();
			parts.memory.leases.setDeciding('a', true);
			clock.advance(hour);
			await tick();
			should([parts.failures.length, state('a')]).deepEqual([0, 'delivered']);
		});

		it('release a fax that was handed over: it has failed when the service lists it again', async () => {
			list('a');
			await tick();
			parts.memory.leases.handOver('a');
			clock.advance(usual.processingTimeoutMs);
			await tick();
			should([state('a'), parts.failures.length]).deepEqual([undefined, 0]);
		});
	});

	describe('that are given back', () => {
		it('fail once, by their number', async () => {
			list('a');
			await tick();
			should(deliveries.giveBack('a', 2)).be.false();
			should(deliveries.giveBack('unknown', 1)).be.false();
			should(deliveries.giveBack('a', 1)).be.true();
			should(deliveries.giveBack('a', 1)).be.false();
			await turns();
			should([steps().at(-1), parts.ledger.wasGivenBack('a', 1)]).deepEqual(['givenBack a', true]);
			should(parts.failures).be.empty();
		});

		it('rest for an hour at most, however long the lock, and come again from what was listed', async () => {
			parts.receiver = {...usual, lockTimeoutMs: 8 * hour, processingTimeoutMs: 8 * hour};
			list('a', 8 * hour);
			await tick();
			deliveries.giveBack('a', 1);
			clock.advance(hour - 1);
			await tick();
			should(delivered()).deepEqual(['a 1']);
			clock.advance(1);
			await tick();
			should(delivered()).deepEqual(['a 1', 'a 2']);
		});
	});

	describe('in trouble that says nothing about the fax', () => {
		it('step aside, so that others have its room', async () => {
			parts.receiver = {...usual, maxInFlight: 1};
			fate('a', 'unreachable');
			list('a');
			list('b');
			await tick();
			await pass(20_000);
			should(delivered()).deepEqual(['b 1']);
			should([state('a'), parts.failures.length, parts.ledger.deliveries('a')]).deepEqual(['resting', 0, 0]);
		});

		it('come soon after it is over, whatever the lock', async () => {
			fate('a', 'unreachable');
			list('a', 8 * hour);
			await tick();
			await pass(10_000);
			parts.retarus.fate = () => undefined;
			await pass(minute);
			should(delivered()).deepEqual(['a 1']);
		});

		it('are tried again slower and slower, about once a minute in the end', async () => {
			fate('a', 'unreachable');
			list('a', 8 * hour);
			await tick();
			await pass(10 * minute);
			const before = parts.retarus.downloads.length;
			await pass(30 * minute);
			// Each attempt asks twice.
			should(parts.retarus.downloads.length - before).be.within(2 * 25, 2 * 35);
		});

		it('wait as long as the service asks', async () => {
			fate('a', 429, {'retry-after': '600'});
			list('a', 8 * hour);
			await tick();
			await pass(9 * minute);
			should(parts.retarus.downloads.length).equal(1);
		});

		it('report it once, and its end when documents come', async () => {
			fate('a', 'unreachable');
			list('a', 8 * hour);
			await tick();
			await pass(30 * minute);
			should(parts.troubles).match([{reason: 'connectionRefused'}]);
			should(parts.troubles.length).equal(1);
			parts.retarus.fate = () => undefined;
			await pass(2 * minute);
			should(parts.recoveries).match([[{reason: 'connectionRefused'}]]);
		});

		it('report it once although the documents of other faxes come', async () => {
			fate('a', 'unreachable');
			list('a', 8 * hour);
			await tick();
			for (let index = 0; index < 30; index += 1) {
				list(`f${index}`);
				await tick();
				await pass(minute);
				parts.memory.leases.release(`f${index}`);
			}

			should(parts.delivered.length).equal(30);
			should([parts.troubles.length, parts.recoveries.length]).deepEqual([1, 0]);
		});

		it('leave the fax to the service when its lock runs out, and forget the trouble with it', async () => {
			fate('a', 'unreachable');
			list('a', minute);
			list('b', hour);
			await tick();
			await pass(5 * minute);
			should([state('a'), delivered()]).deepEqual([undefined, ['b 1']]);
			should(parts.context.trouble.of('documents')).be.undefined();
		});
	});

	it('report a disk that refuses nowhere: that is done where the ledger is opened again', async () => {
		parts.environment.files.faults.freeBytes = 0;
		list('a');
		await tick();
		should([state('a'), parts.troubles, parts.failures]).deepEqual(['resting', [], []]);
		parts.environment.files.mend();
		await pass(minute);
		should(delivered()).deepEqual(['a 1']);
	});
});
