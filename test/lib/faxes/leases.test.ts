import should from 'should';
import {Leases, restMs, type Lock} from '../../../lib/faxes/leases';
import type {FaxSummary} from '../../../lib/faxes/events';
import type {Listing} from '../../../lib/retarus/wire';
import {ManualClock} from '../../world/manual-clock';

const minute = 60_000;
const hour = 60 * minute;

const listing = (id: string): Listing => ({id, documents: [], raw: {id}});
const summary = (id: string, delivery = 1): FaxSummary => ({id, delivery, raw: {id}, metadata: {}, lockedUntilMs: 0});

describe('A rest', () => {
	it('is the lock time, doubled with each failed delivery, and one hour at most', () => {
		should([1, 2, 3, 4, 5].map((failed) => restMs(5 * minute, failed))).deepEqual(
			[5, 10, 20, 40, 60].map((minutes) => minutes * minute),
		);
		should(restMs(5 * minute, 5000)).equal(hour);
		should(restMs(24 * hour, 1)).equal(hour);
	});
});

describe('The leases', () => {
	let clock: ManualClock;
	let leases: Leases;
	beforeEach(() => {
		clock = new ManualClock();
		leases = new Leases(clock);
	});

	const lock = (durationMs = 5 * minute): Lock => ({since: clock.now(), durationMs});
	const deliver = (id: string, processingTimeoutMs = 5 * minute, delivery = 1): void => {
		leases.list(listing(id), lock());
		should(leases.deliver(summary(id, delivery), processingTimeoutMs)).be.true();
	};

	const rest = (id: string, rest = minute): void => {
		leases.rest(id, {delivery: 1, givenBack: false, since: clock.now(), restMs: rest});
	};

	const states = (...ids: string[]): (string | undefined)[] => ids.map((id) => leases.get(id)?.state);

	it('count what is listed and delivered, and nothing else', () => {
		leases.list(listing('a'), lock());
		should(leases.inFlight).equal(1);
		deliver('b');
		should(leases.inFlight).equal(2);
		should(leases.room(5)).equal(3);
		leases.handOver('b');
		should(leases.inFlight).equal(1);
		rest('a');
		should(leases.inFlight).equal(0);
		leases.release('a');
		leases.release('a');
		leases.release('unknown');
		should(leases.inFlight).equal(0);
		leases.list(listing('a'), lock());
		leases.list(listing('a'), lock());
		should(leases.inFlight).equal(1);
		leases.clear();
		should([leases.inFlight, leases.get('a')]).deepEqual([0, undefined]);
	});

	it('owe room when an answer was larger than asked for', () => {
		for (const id of ['a', 'b', 'c']) {
			leases.list(listing(id), lock());
		}

		should(leases.room(2)).equal(-1);
	});

	it('deliver only what is listed', () => {
		should(leases.deliver(summary('a'), 1)).be.false();
		deliver('a');
		should(leases.deliver(summary('a', 2), 1)).be.false();
		leases.handOver('a');
		should(leases.deliver(summary('a', 2), 1)).be.false();
		rest('a');
		should(leases.deliver(summary('a', 2), 1)).be.false();
	});

	it('hand over only what is delivered', () => {
		leases.list(listing('a'), lock());
		leases.handOver('a');
		leases.handOver('unknown');
		should(states('a', 'unknown')).deepEqual(['listed', undefined]);
	});

	it('keep the time of the delivery when it is handed over', () => {
		deliver('a', 5 * minute);
		clock.advance(4 * minute);
		leases.handOver('a');
		should(leases.nextChangeMs()).equal(minute);
	});

	it('take the new lock of a fax that is listed again, and change nothing else', () => {
		leases.list(listing('a'), lock());
		deliver('b');
		deliver('c');
		leases.handOver('c');
		rest('d');
		clock.advance(1000);
		const next = lock(7);
		for (const id of ['a', 'b', 'c', 'd', 'unknown']) {
			leases.adopt({id, documents: [], raw: {id, again: true}}, next);
		}

		should(states('a', 'b', 'c', 'd', 'unknown')).deepEqual([
			'listed',
			'delivered',
			'handedOver',
			'resting',
			undefined,
		]);
		for (const id of ['a', 'b', 'c']) {
			should(leases.get(id)).match({lock: next});
		}

		should(leases.get('d')).match({again: {lock: next, listing: {id: 'd'}}});
		should(leases.inFlight).equal(2);
	});

	it('name the oldest delivery', () => {
		should(leases.oldestDelivery).be.undefined();
		deliver('a');
		const since = clock.now();
		clock.advance(10);
		deliver('b');
		should(leases.oldestDelivery).deepEqual(since);
		leases.release('a');
		should(leases.oldestDelivery).deepEqual(clock.now());
	});

	it('name the oldest delivery among those that a flow here works on', () => {
		leases.list(listing('listed'), lock());
		rest('resting');
		deliver('elsewhere');
		leases.handOver('elsewhere');
		should(leases.oldestDelivery).be.undefined();
		clock.advance(10);
		leases.list(listing('a'), lock());
		deliver('b');
		const since = clock.now();
		clock.advance(10);
		leases.deliver(summary('a'), minute);
		should(leases.oldestDelivery).deepEqual(since);
	});

	it('are out while a flow, here or elsewhere, works on them', () => {
		leases.list(listing('listed'), lock());
		deliver('delivered');
		deliver('handed over');
		leases.handOver('handed over');
		rest('resting');
		should(['listed', 'delivered', 'handed over', 'resting', 'unknown'].map((id) => leases.isOut(id))).deepEqual([
			false,
			true,
			true,
			false,
			false,
		]);
	});

	it('make an acknowledge late once the lock is over or the delivery has failed', () => {
		deliver('a');
		deliver('slept');
		rest('resting', hour);
		clock.advance(5 * minute - 1);
		should(['a', 'slept', 'resting', 'unknown'].map((id) => leases.isLate(id))).deepEqual([false, false, true, false]);
		clock.advance(1);
		should(leases.isLate('a')).be.true();
		leases.adopt(listing('slept'), lock());
		should(leases.isLate('slept')).be.false();
		clock.sleepMachine(5 * minute);
		should(leases.isLate('slept')).be.true();
	});

	describe('that are overdue', () => {
		const overdue = (): string[] => leases.overdue().map(({id}) => id);

		it('are those whose processing time is over, handed over ones too', () => {
			deliver('a', minute);
			deliver('b', minute);
			leases.handOver('b');
			leases.list(listing('c'), lock(1));
			clock.advance(minute - 1);
			should(overdue()).be.empty();
			clock.advance(1);
			should(overdue()).deepEqual(['a', 'b']);
		});

		it('are so by worked time: neither a jump of the clock nor a suspended machine makes one', () => {
			deliver('a', minute);
			clock.jumpWall(24 * hour);
			should(overdue()).be.empty();
			clock.sleepMachine(24 * hour);
			should(overdue()).be.empty();
			clock.jumpWall(-72 * hour);
			clock.advance(minute);
			should(overdue()).deepEqual(['a']);
		});
	});

	describe('that rest', () => {
		it('leave when the rest is over and nobody listed them again', () => {
			rest('a');
			clock.advance(minute - 1);
			leases.wake(10);
			should(states('a')).deepEqual(['resting']);
			clock.advance(1);
			leases.wake(10);
			should(states('a')).deepEqual([undefined]);
		});

		it('are listed when they were listed again and half of the lock is left', () => {
			rest('a');
			clock.advance(minute / 2);
			const again = lock(minute);
			leases.adopt(listing('a'), again);
			clock.advance(minute / 2);
			leases.wake(10);
			should(leases.get('a')).match({state: 'listed', lock: again});
			should(leases.inFlight).equal(1);
		});

		it('leave when less than half of that lock is left', () => {
			rest('a');
			clock.advance(minute / 2 - 1);
			leases.adopt(listing('a'), lock(minute));
			clock.advance(minute / 2 + 1);
			leases.wake(10);
			should(states('a')).deepEqual([undefined]);
		});

		it('do not trust a lock that ran while the machine slept', () => {
			rest('a');
			leases.adopt(listing('a'), lock(hour));
			clock.sleepMachine(hour);
			leases.wake(10);
			should(states('a')).deepEqual([undefined]);
		});

		it('wait for room, and do not make anybody wake up for that', () => {
			deliver('full');
			rest('a');
			leases.adopt(listing('a'), lock(hour));
			clock.advance(minute);
			leases.wake(1);
			should(states('a')).deepEqual(['resting']);
			should(leases.nextChangeMs()).equal(4 * minute);
			leases.release('full');
			leases.wake(1);
			should(states('a')).deepEqual(['listed']);
		});

		it('take no more room than there is when several wake', () => {
			for (const id of ['a', 'b', 'c']) {
				rest(id);
				leases.adopt(listing(id), lock(hour));
			}

			clock.advance(minute);
			leases.wake(2);
			should(states('a', 'b', 'c')).deepEqual(['listed', 'listed', 'resting']);
		});

		it('may have failed before this process began', () => {
			const {wallMs, steadyMs} = clock.now();
			leases.rest('a', {
				delivery: 1,
				givenBack: false,
				since: {wallMs: wallMs - hour, steadyMs: steadyMs - hour},
				restMs: minute,
				again: {listing: listing('a'), lock: lock()},
			});
			leases.wake(10);
			should(states('a')).deepEqual(['listed']);
		});
	});

	describe('have something to do next', () => {
		it('never, when none waits for time', () => {
			should(leases.nextChangeMs()).be.undefined();
			leases.list(listing('a'), lock());
			should(leases.nextChangeMs()).be.undefined();
		});

		it('when the first of them is overdue or has rested', () => {
			deliver('a', 3 * minute);
			should(leases.nextChangeMs()).equal(3 * minute);
			rest('b', 2 * minute);
			should(leases.nextChangeMs()).equal(2 * minute);
			deliver('c', minute);
			leases.handOver('c');
			should(leases.nextChangeMs()).equal(minute);
			clock.advance(10 * minute);
			should(leases.nextChangeMs()).equal(0);
		});

		it('not before the decision of an ack node is on the disk', () => {
			deliver('a', minute);
			leases.setDeciding('a', true);
			leases.setDeciding('unknown', true);
			clock.advance(2 * minute);
			should(leases.nextChangeMs()).be.undefined();
			leases.handOver('a');
			should(leases.nextChangeMs()).be.undefined();
			leases.setDeciding('a', false);
			should(leases.nextChangeMs()).equal(0);
		});
	});
});
