import {getEventListeners} from 'node:events';
import should from 'should';
import {asideMs, fullJitterMs, probeMs, restMs, sleep, spreadMs, transientBackoff} from '../../../lib/pacing/backoff';
import {ManualClock} from '../../world/manual-clock';
import {turns, watch} from '../../world/turns';

const minute = 60_000;
const hour = 60 * minute;

/** The largest number that a source of randomness draws. */
const almostOne = 1 - Number.EPSILON;

describe('Full jitter', () => {
	it('spreads between nothing and the doubled base, up to the cap', () => {
		for (const [failures, most] of [
			[0, 1000],
			[1, 2000],
			[5, 32_000],
			[6, 60_000],
			[1000, 60_000],
		] as const) {
			should(fullJitterMs(failures, transientBackoff, () => 0)).equal(0);
			should(fullJitterMs(failures, transientBackoff, () => almostOne))
				.be.belowOrEqual(most)
				.and.above(most - 1);
		}
	});
});

describe('A slow probe', () => {
	it('waits half a minute, doubled up to a quarter of an hour, give or take a tenth', () => {
		for (const [failures, middle] of [
			[0, 30_000],
			[1, 60_000],
			[4, 480_000],
			[5, 900_000],
			[100, 900_000],
		] as const) {
			should(probeMs(failures, () => 0)).be.approximately(middle * 0.9, 1);
			should(probeMs(failures, () => almostOne)).be.approximately(middle * 1.1, 1);
		}
	});
});

describe('A spread interval', () => {
	it('varies by two per cent around its mean', () => {
		should(spreadMs(1000, () => 0)).equal(980);
		should(spreadMs(1000, () => 0.5)).equal(1000);
		should(spreadMs(1000, () => almostOne)).be.approximately(1020, 0.001);
		should(spreadMs(0, () => almostOne)).equal(0);
	});
});

describe('A rest', () => {
	it('lasts the lock time, doubled with each failed delivery', () => {
		should([1, 2, 3, 4].map((failed) => restMs(5 * minute, failed))).deepEqual(
			[5, 10, 20, 40].map((minutes) => minutes * minute),
		);
	});

	it('lasts an hour at most, whatever the lock', () => {
		should(restMs(5 * minute, 5)).equal(hour);
		should(restMs(5 * minute, 5000)).equal(hour);
		should(restMs(24 * hour, 1)).equal(hour);
	});
});

describe('A step aside', () => {
	it('lasts about a second, doubled with each attempt up to about a minute', () => {
		for (const [attempts, middle] of [
			[0, 1000],
			[1, 2000],
			[5, 32_000],
			[6, 60_000],
			[1000, 60_000],
		] as const) {
			should(asideMs(attempts, () => 0)).equal(middle * 0.75);
			should(asideMs(attempts, () => almostOne)).be.approximately(middle * 1.25, 0.001);
		}
	});
});

describe('Sleep', () => {
	it('ends when its time is over, and leaves nothing behind', async () => {
		const clock = new ManualClock();
		const abort = new AbortController();
		const slept = watch(sleep(clock, 1000, abort.signal));
		clock.advance(999);
		await turns(1);
		should(slept.state).equal('pending');
		clock.advance(1);
		await turns(1);
		should(slept.state).equal('resolved');
		should(getEventListeners(abort.signal, 'abort')).be.empty();
	});

	it('rejects with the reason as soon as it is aborted, and leaves no timer', async () => {
		const clock = new ManualClock();
		const abort = new AbortController();
		const slept = watch(sleep(clock, 1000, abort.signal));
		const reason = new Error('closing');
		abort.abort(reason);
		await turns(1);
		should(slept).match({state: 'rejected', error: reason});
		should(clock.pending).equal(0);
		should(getEventListeners(abort.signal, 'abort')).be.empty();
		const late = watch(sleep(clock, 1000, abort.signal));
		await turns(1);
		should(late).match({state: 'rejected', error: reason});
		should(clock.pending).equal(0);
	});
});
