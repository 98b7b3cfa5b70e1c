import should from 'should';
import type {FaxSummary} from '../../../lib/faxes/events';
import type {Lock, RestCause} from '../../../lib/faxes/lease';
import {Leases} from '../../../lib/faxes/leases';
import type {Listing} from '../../../lib/retarus/wire';
import {ManualClock} from '../../world/manual-clock';

const minute = 60_000;
const hour = 60 * minute;

const listing = (id: string): Listing => ({id, documents: [], raw: {id}});
const summary = (id: string, delivery = 1): FaxSummary => ({id, delivery, raw: {id}, metadata: {}, lockedUntilMs: 0});
const failed: RestCause = {kind: 'failed', delivery: 1, givenBack: false};
const aside = (asides: number): RestCause => ({kind: 'aside', asides});

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

	const rest = (id: string, restMs = minute, cause: RestCause = failed): void => {
		leases.rest(id, {cause, since: clock.now(), restMs});
	};

	const wake = (maxInFlight = 10): void => {
		leases.wake(maxInFlight, clock.now());
	};

	const nextChangeMs = (): number => leases.nextChangeMs(clock.now());
	const states = (...ids: string[]): (string | undefined)[] => ids.map((id) => leases.get(id)?.state);

	it('count what is listed and delivered as in flight, and nothing else', () => {
		leases.list(listing('a'), lock());
		should([leases.inFlight, leases.listed, leases.delivered, leases.size]).deepEqual([1, 1, 0, 1]);
		deliver('b');
		should([leases.inFlight, leases.listed, leases.delivered, leases.size]).deepEqual([2, 1, 1, 2]);
		should(leases.room(5)).equal(3);
		leases.handOver('b');
		rest('a');
		should([leases.inFlight, leases.listed, leases.delivered, leases.size]).deepEqual([0, 0, 0, 2]);
	});

	it('count each fax once, however often it is listed or released', () => {
		leases.list(listing('a'), lock());
		leases.list(listing('a'), lock());
		should(leases.inFlight).equal(1);
		leases.release('a');
		leases.release('a');
		leases.release('unknown');
		should(leases.inFlight).equal(0);
	});

	it('forget all at once', () => {
		deliver('a');
		leases.list(listing('b'), lock());
		leases.clear();
		should([leases.inFlight, leases.size, leases.get('a')]).deepEqual([0, 0, undefined]);
	});

	it('owe room when an answer had more faxes than asked for', () => {
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

	it('keep the time of a delivery that is handed over', () => {
		deliver('a', 5 * minute);
		clock.advance(4 * minute);
		leases.handOver('a');
		should(nextChangeMs()).equal(minute);
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

		should(leases.get('d')).match({held: {lock: next, listing: {id: 'd'}}});
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

	it('make an acknowledgement late once the lock is over or the delivery has failed', () => {
		deliver('a');
		deliver('slept');
		rest('failed', hour);
		rest('aside', hour, aside(1));
		clock.advance(5 * minute - 1);
		should(['a', 'slept', 'failed', 'aside', 'unknown'].map((id) => leases.isLate(id))).deepEqual([
			false,
			false,
			true,
			false,
			false,
		]);
		clock.advance(1);
		should(leases.isLate('a')).be.true();
		leases.adopt(listing('slept'), lock());
		should(leases.isLate('slept')).be.false();
		clock.sleepMachine(5 * minute);
		should(leases.isLate('slept')).be.true();
	});

	describe('with an overdue delivery', () => {
		const overdue = (): string[] => leases.overdue(clock.now()).map(({id}) => id);

		it('name it once its processing time is over, handed over or not', () => {
			deliver('a', minute);
			deliver('b', minute);
			leases.handOver('b');
			leases.list(listing('c'), lock(1));
			clock.advance(minute - 1);
			should(overdue()).be.empty();
			clock.advance(1);
			should(overdue()).deepEqual(['a', 'b']);
		});

		it('go by worked time: neither a jump of the clock nor a suspended machine makes a delivery overdue', () => {
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

	describe('of a fax whose rest is over', () => {
		it('end when nobody listed it: the service has it', () => {
			rest('a');
			clock.advance(minute - 1);
			wake();
			should(states('a')).deepEqual(['resting']);
			clock.advance(1);
			wake();
			should(states('a')).deepEqual([undefined]);
		});

		it('list it from what was listed before it failed, while that lock lasts', () => {
			const before = lock(hour);
			leases.list(listing('a'), before);
			leases.deliver(summary('a'), 5 * minute);
			rest('a');
			clock.advance(minute);
			wake();
			should(leases.get('a')).match({state: 'listed', lock: before, listing: {id: 'a'}, asides: 0});
			should(leases.inFlight).equal(1);
		});

		it('list it from what was listed while it rested', () => {
			rest('a');
			clock.advance(minute / 2);
			const again = lock(minute);
			leases.adopt(listing('a'), again);
			clock.advance(minute / 2);
			wake();
			should(leases.get('a')).match({state: 'listed', lock: again});
		});

		it('count on how often it stepped aside in a row', () => {
			leases.list(listing('a'), lock(hour));
			rest('a', minute, aside(3));
			clock.advance(minute);
			wake();
			should(leases.get('a')).match({state: 'listed', asides: 3});
		});

		it('end when less than a tenth of its lock is left', () => {
			for (const [id, leftMs] of [
				['a', minute + 1],
				['b', minute],
			] as const) {
				leases.list(listing(id), lock(10 * minute));
				rest(id, 10 * minute - leftMs);
				clock.advance(10 * minute - leftMs);
				wake();
			}

			should(states('a', 'b')).deepEqual(['listed', undefined]);
		});

		it('keep nothing of a fax that was handed over: another machine has it', () => {
			deliver('a', hour);
			leases.handOver('a');
			rest('a');
			clock.advance(minute);
			wake();
			should(states('a')).deepEqual([undefined]);
		});

		it('do not trust a lock that ran while the machine slept', () => {
			rest('a');
			leases.adopt(listing('a'), lock(hour));
			clock.sleepMachine(hour);
			wake();
			should(states('a')).deepEqual([undefined]);
		});

		it('make it wait for room, and nobody wake up for that', () => {
			deliver('full');
			rest('a');
			leases.adopt(listing('a'), lock(hour));
			clock.advance(minute);
			wake(1);
			should(states('a')).deepEqual(['resting']);
			should(nextChangeMs()).equal(4 * minute);
			leases.release('full');
			wake(1);
			should(states('a')).deepEqual(['listed']);
		});

		it('take no more room than there is when several wake', () => {
			for (const id of ['a', 'b', 'c']) {
				rest(id);
				leases.adopt(listing(id), lock(hour));
			}

			clock.advance(minute);
			wake(2);
			should(states('a', 'b', 'c')).deepEqual(['listed', 'listed', 'resting']);
		});

		it('list it at once when it failed long before this process began', () => {
			const {wallMs, steadyMs} = clock.now();
			leases.rest('a', {
				cause: failed,
				since: {wallMs: wallMs - hour, steadyMs: steadyMs - hour},
				restMs: minute,
				held: {listing: listing('a'), lock: lock()},
			});
			wake();
			should(states('a')).deepEqual(['listed']);
		});
	});

	it('wait for no time while none is due by time', () => {
		should(nextChangeMs()).equal(Infinity);
		leases.list(listing('a'), lock());
		should(nextChangeMs()).equal(Infinity);
	});

	it('wait until the first of them is overdue or has rested', () => {
		deliver('a', 3 * minute);
		should(nextChangeMs()).equal(3 * minute);
		rest('b', 2 * minute);
		should(nextChangeMs()).equal(2 * minute);
		deliver('c', minute);
		leases.handOver('c');
		should(nextChangeMs()).equal(minute);
		clock.advance(10 * minute);
		should(nextChangeMs()).equal(0);
	});

	it('wake nobody before the decision of an ack node is on the disk', () => {
		deliver('a', minute);
		leases.setDeciding('a', true);
		leases.setDeciding('unknown', true);
		clock.advance(2 * minute);
		should(nextChangeMs()).equal(Infinity);
		leases.handOver('a');
		should(nextChangeMs()).equal(Infinity);
		leases.setDeciding('a', false);
		should(nextChangeMs()).equal(0);
	});
});
