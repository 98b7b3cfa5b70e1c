import should from 'should';
import {Alarm} from '../../../lib/pacing/alarm';
import {ManualClock} from '../../world/manual-clock';

describe('An alarm', () => {
	let clock: ManualClock;
	let alarm: Alarm;
	let beginMs: number;
	/** When it rang, from the beginning. */
	let rings: number[];
	beforeEach(() => {
		clock = new ManualClock();
		beginMs = clock.now().steadyMs;
		rings = [];
		alarm = new Alarm(clock, () => rings.push(clock.now().steadyMs - beginMs));
	});

	const set = (delayMs: number): void => {
		alarm.set(delayMs, clock.now().steadyMs);
	};

	it('rings when its time is over, once', () => {
		set(1000);
		clock.advance(999);
		should(rings).be.empty();
		clock.advance(10_000);
		should(rings).deepEqual([1000]);
		should(clock.pending).equal(0);
	});

	it('rings earlier when that is asked for', () => {
		set(1000);
		clock.advance(100);
		set(200);
		clock.advance(10_000);
		should(rings).deepEqual([300]);
	});

	it('leaves a timer alone that rings before the time asked for', () => {
		set(1000);
		let timers = 0;
		const setTimer = clock.setTimer.bind(clock);
		clock.setTimer = (callback, delayMs) => {
			timers += 1;
			return setTimer(callback, delayMs);
		};
		set(1000);
		set(2000);
		should([timers, clock.pending]).deepEqual([0, 1]);
		clock.advance(1000);
		should(rings).deepEqual([1000]);
	});

	it('can be set again by its own ring', () => {
		alarm = new Alarm(clock, () => {
			rings.push(clock.now().steadyMs - beginMs);
			set(500);
		});
		set(1000);
		clock.advance(2000);
		should(rings).deepEqual([1000, 1500, 2000]);
	});

	it('does not ring when there is nothing to wait for', () => {
		set(Infinity);
		should(clock.pending).equal(0);
		set(1000);
		set(Infinity);
		should(clock.pending).equal(0);
		clock.advance(10_000);
		should(rings).be.empty();
	});

	it('does not ring after it was cancelled, until it is set again', () => {
		set(1000);
		alarm.cancel();
		alarm.cancel();
		should(clock.pending).equal(0);
		set(2000);
		clock.advance(10_000);
		should(rings).deepEqual([2000]);
	});
});
