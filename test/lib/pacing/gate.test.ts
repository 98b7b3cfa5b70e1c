import {getEventListeners} from 'node:events';
import should from 'should';
import {AuthError, NetworkError, RateLimitError, ServiceError} from '../../../lib/errors';
import {fullJitterMs, Gate, probeMs, sleep, spreadMs, transientBackoff} from '../../../lib/pacing/gate';
import {ManualClock} from '../../world/manual-clock';
import {turns, watch} from '../../world/turns';

const almostOne = 1 - Number.EPSILON;
const broken = new NetworkError('connectionBroken', 'waiting', {host: 'h', detail: 'x'});
const unauthorized = new AuthError('unauthorized', 'account');

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
	it('waits half a minute, doubled up to a quarter of an hour, a tenth more or less', () => {
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

describe('An interval', () => {
	it('is spread by two per cent around itself', () => {
		should(spreadMs(1000, () => 0)).equal(980);
		should(spreadMs(1000, () => 0.5)).equal(1000);
		should(spreadMs(1000, () => almostOne)).be.approximately(1020, 0.001);
		should(spreadMs(0, () => almostOne)).equal(0);
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

	it('ends at once when it is aborted, with the reason, and leaves no timer', async () => {
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

describe('A gate', () => {
	let clock: ManualClock;
	let gate: Gate;
	beforeEach(() => {
		clock = new ManualClock();
		gate = new Gate(clock, () => 0.5);
	});

	it('is open at first', () => {
		should(gate.remainingMs).equal(0);
		should(gate.error).be.undefined();
	});

	it('backs off for longer with each failure in a row', () => {
		for (const expected of [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
			gate.backOff(broken, 0);
			should(gate.remainingMs).equal(expected);
		}

		gate.open();
		gate.backOff(broken, 0);
		should(gate.remainingMs).equal(500);
	});

	it('waits at least as long as it is told', () => {
		gate.backOff(new RateLimitError(90_000), 90_000);
		should(gate.remainingMs).equal(90_000);
	});

	it('keeps its reason when its time is over, until something went through', () => {
		gate.backOff(broken, 0);
		clock.advance(500);
		should(gate.remainingMs).equal(0);
		should(gate.error).equal(broken);
		gate.open();
		should(gate.error).be.undefined();
	});

	it('probes slowly and slower', () => {
		gate.probeSlowly(unauthorized);
		should(gate.remainingMs).equal(30_000);
		gate.probeSlowly(unauthorized);
		should(gate.remainingMs).equal(60_000);
	});

	it('counts the time asleep, and no jump back of the wall clock', () => {
		gate.probeSlowly(unauthorized);
		clock.jumpWall(-86_400_000);
		clock.advance(10_000);
		should(gate.remainingMs).equal(20_000);
		clock.sleepMachine(86_400_000 + 20_000);
		should(gate.remainingMs).equal(0);
	});

	it('lets the others wait for the one that tries, with its old reason', () => {
		gate.probeSlowly(unauthorized);
		clock.advance(30_000);
		gate.hold(30_000);
		should(gate.remainingMs).equal(30_000);
		should(gate.error).equal(unauthorized);
	});

	it('holds nobody up while it is open', () => {
		gate.hold(30_000);
		should(gate.remainingMs).equal(0);
	});

	it('lets one go without forgetting how often it failed', () => {
		gate.probeSlowly(unauthorized);
		gate.letOne();
		should(gate.remainingMs).equal(0);
		should(gate.error).equal(unauthorized);
		gate.probeSlowly(unauthorized);
		should(gate.remainingMs).equal(60_000);
		gate.open();
		gate.letOne();
		should(gate.error).be.undefined();
	});

	it('takes any error of ours', () => {
		gate.backOff(new ServiceError('serverError', 503, {}, 5000), 5000);
		should(gate.error?.code).equal('RETARUS_SERVICE');
	});
});
