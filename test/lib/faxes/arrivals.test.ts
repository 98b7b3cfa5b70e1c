import should from 'should';
import type {Failure} from '../../../lib/ledger/ledger';
import {Arrivals, type Arrival} from '../../../lib/faxes/arrivals';
import type {Listing} from '../../../lib/retarus/wire';
import type {ManualClock} from '../../world/manual-clock';
import {usual} from '../../world/receiving';
import {TopicParts} from './topic-parts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const overdue: Failure = {code: 'RETARUS_TIMEOUT', reason: 'overdue', facts: {}};

const listing = (id: string, raw: Readonly<Record<string, unknown>> = {}): Listing => ({
	id,
	documents: [],
	raw: {id, ...raw},
});

describe('A listed fax', () => {
	let parts: TopicParts;
	let clock: ManualClock;
	let arrivals: Arrivals;
	let repeats: string[];
	beforeEach(() => build(new TopicParts()));

	const build = async (made: TopicParts): Promise<void> => {
		parts = made;
		({clock} = parts.environment);
		repeats = [];
		await parts.ledger.open();
		arrivals = new Arrivals(parts.context, (id) => repeats.push(id));
	};

	const take = (fax: Listing = listing('a')): Arrival =>
		arrivals.take(fax, {since: clock.now(), durationMs: usual.lockTimeoutMs}, clock.now());
	const lease = () => parts.memory.leases.get('a');
	const steps = (): string[] => parts.steps.map(({step, id}) => `${step} ${id}`);

	it('is new when nobody here knows it', () => {
		should(take()).equal('new');
		should(lease()).match({state: 'listed', listing: listing('a'), lock: {durationMs: usual.lockTimeoutMs}, asides: 0});
		should(steps()).deepEqual(['listed a']);
	});

	it('is held when a flow, a rest or another machine has it, and the lease takes the new lock', () => {
		const {leases} = parts.memory;
		take();
		leases.deliver({id: 'a', delivery: 1, raw: {}, metadata: {}, lockedUntilMs: 0}, hour);
		clock.advance(minute);
		should(take()).equal('held');
		should(lease()).match({state: 'delivered', lock: {since: clock.now()}});
		leases.handOver('a');
		clock.advance(minute);
		should(take()).equal('held');
		should(lease()).match({state: 'handedOver', lock: {since: clock.now()}});
		leases.rest('a', {cause: {kind: 'aside', asides: 1}, since: clock.now(), restMs: hour});
		clock.advance(minute);
		should(take()).equal('held');
		should(lease()).match({state: 'resting', held: {lock: {since: clock.now()}}});
		should(steps()).deepEqual(['listed a']);
	});

	describe('that failed before', () => {
		it('rests for what is left of its rest', async () => {
			await parts.ledger.deliver('a');
			await parts.ledger.fail('a', 1, overdue, false);
			clock.advance(2 * minute);
			should(take()).equal('new');
			const resting = lease();
			should(resting).match({
				state: 'resting',
				cause: {kind: 'failed', delivery: 1, givenBack: false},
				restMs: usual.lockTimeoutMs,
				held: {listing: listing('a')},
			});
			should(parts.memory.leases.nextChangeMs(clock.now())).equal(usual.lockTimeoutMs - 2 * minute);
		});

		it('rests after a process that ended, counted from its delivery', async () => {
			await parts.ledger.deliver('a');
			clock.advance(minute);
			take();
			should(parts.memory.leases.nextChangeMs(clock.now())).equal(usual.lockTimeoutMs - minute);
		});

		it('rests longer after each failure, an hour at most', async () => {
			for (let delivery = 1; delivery <= 20; delivery += 1) {
				await parts.ledger.deliver('a');
			}

			take();
			should(lease()).match({cause: {delivery: 20}, restMs: hour});
		});

		it('knows that it was given back', async () => {
			await parts.ledger.deliver('a');
			await parts.ledger.fail('a', 1, overdue, true);
			take();
			should(lease()).match({cause: {givenBack: true}});
		});

		it('rests no longer because the clock was set back', async () => {
			await parts.ledger.deliver('a');
			clock.jumpWall(-day);
			take();
			should(parts.memory.leases.nextChangeMs(clock.now())).equal(usual.lockTimeoutMs);
		});

		it('is listed when nobody receives: whoever comes finds it', async () => {
			await parts.ledger.deliver('a');
			parts.receiver = undefined;
			should(take()).equal('new');
			should(lease()).match({state: 'listed'});
		});
	});

	describe('that was settled', () => {
		it('is not repeated while its acknowledgement waits anyway', async () => {
			await parts.accept('a');
			should(take()).equal('settled');
			should([repeats, lease(), steps()]).deepEqual([[], undefined, []]);
		});

		it('is acknowledged once more at each listing, and never delivered', async () => {
			await parts.accept('a');
			await parts.ledger.confirm('a');
			should([take(), take()]).deepEqual(['settled', 'settled']);
			should([repeats, lease()]).deepEqual([['a', 'a'], undefined]);
			should(parts.notices).be.empty();
		});

		it('is acknowledged once more although the service refused that, which then lists it by right', async () => {
			await parts.accept('a');
			await parts.ledger.refuse('a');
			should([take(), take(), take(), take()]).deepEqual(['settled', 'settled', 'settled', 'settled']);
			should([repeats, parts.notices]).deepEqual([['a', 'a', 'a', 'a'], []]);
		});

		it('makes the service suspicious at the third time, which is reported once', async () => {
			await parts.accept('a', 'b');
			await Promise.all(['a', 'b'].map((id) => parts.ledger.confirm(id)));
			for (let time = 0; time < 10; time += 1) {
				take();
				clock.advance(minute);
				should(parts.notices.length).equal(time < 2 ? 0 : 1);
			}

			take(listing('b'));
			should(parts.notices).match([{kind: 'acknowledgeIgnored', error: {facts: {id: 'a', topic: 't'}}}]);
		});

		it('is forgotten when it was not listed again for a day', async () => {
			await parts.accept('a', 'b');
			await Promise.all(['a', 'b'].map((id) => parts.ledger.confirm(id)));
			take();
			take();
			clock.advance(day);
			take();
			should(parts.notices).be.empty();
			take();
			clock.advance(day - 1);
			take();
			should(parts.notices.length).equal(1);
		});

		it('is forgotten with all others whose day is over, at the next one that is listed again', async () => {
			const ids = ['a', 'b', 'c'];
			await parts.accept(...ids);
			await Promise.all(ids.map((id) => parts.ledger.confirm(id)));
			take();
			take();
			take(listing('b'));
			clock.advance(day / 2);
			take(listing('b'));
			clock.advance(day / 2);
			take(listing('c'));
			take();
			should(parts.notices).be.empty();
			take(listing('b'));
			should(parts.notices).match([{error: {facts: {id: 'b'}}}]);
		});
	});

	describe('in trial mode', () => {
		beforeEach(() => build(new TopicParts({isTrial: true})));

		it('is not shown again once a flow has had it', () => {
			parts.memory.seen.add('a');
			should(take()).equal('held');
			should(lease()).be.undefined();
		});

		it('is not acknowledged once more', async () => {
			await parts.ledger.accept('a');
			await parts.ledger.confirm('a');
			should(take()).equal('settled');
			should(repeats).be.empty();
		});
	});

	describe('that the service will delete', () => {
		const warnings = (): number[] =>
			parts.notices.flatMap((notice) => (notice.kind === 'deletionNear' ? [notice.hours] : []));
		const old = (ageMs: number): Listing =>
			listing('a', {DateReceived: new Date(clock.now().wallMs - ageMs).toISOString()});

		it('is warned of at its listing, once for each level', () => {
			take(old(4 * day));
			should(warnings()).be.empty();
			clock.advance(day);
			take();
			take();
			should(warnings()).deepEqual([48]);
		});

		it('is warned of while nobody lists it, as long as somebody here has it', () => {
			take(old(5 * day - hour));
			clock.advance(hour);
			arrivals.watchDeletions(false, clock.now());
			arrivals.watchDeletions(false, clock.now());
			should(warnings()).deepEqual([48]);
		});

		it('is warned of when nobody here has it only while the service is out of reach', () => {
			take(old(5 * day));
			parts.memory.leases.release('a');
			clock.advance(day);
			arrivals.watchDeletions(false, clock.now());
			should(warnings()).deepEqual([48]);
			arrivals.watchDeletions(true, clock.now());
			should(warnings()).deepEqual([48, 24]);
		});
	});
});
