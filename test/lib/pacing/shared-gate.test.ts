import should from 'should';
import {AuthError, RateLimitError, ServiceError} from '../../../lib/errors';
import {SharedGate} from '../../../lib/pacing/shared-gate';
import {ManualClock} from '../../world/manual-clock';

const minute = 60_000;
const unauthorized = new AuthError('unauthorized', 'account');
const limited = new RateLimitError(0);

describe('The gate that topics with the same credentials share', () => {
	let clock: ManualClock;
	let gate: SharedGate;
	beforeEach(() => {
		clock = new ManualClock();
		gate = new SharedGate(clock, () => 0.5);
	});

	const remainingMs = (...askers: readonly string[]): number[] =>
		askers.map((asker) => gate.remainingMs(asker, clock.now()));

	describe('without a success to go by', () => {
		it('is open at first', () => {
			should(remainingMs('a', 'b')).deepEqual([0, 0]);
			should([gate.error, gate.failedAt]).deepEqual([undefined, undefined]);
		});

		it('shuts for everybody when one asker is refused', () => {
			should(gate.refuse(['a'], unauthorized)).be.true();
			should(remainingMs('a', 'b')).deepEqual([30_000, 30_000]);
			should([gate.error, gate.failedAt]).deepEqual([unauthorized, clock.now()]);
		});

		it('shuts for as long as the service asks', () => {
			gate.refuse(['a'], new ServiceError('serverError', 503, {}, 7000), 7000);
			should(remainingMs('a')).deepEqual([7000]);
		});

		it('lets an untried asker find out within a second whether a limit concerns it', () => {
			gate.refuse(['a'], new RateLimitError(10 * minute), 10 * minute);
			should(remainingMs('a', 'b')).deepEqual([10 * minute, 1000]);
			clock.advance(1000);
			should(remainingMs('a', 'b')).deepEqual([10 * minute - 1000, 0]);
		});

		it('counts one request once, however many askers it was sent for', () => {
			should(gate.refuse(['a', 'b'], unauthorized)).be.true();
			should(remainingMs('a', 'b')).deepEqual([30_000, 30_000]);
		});

		it('lets each asker try alone after a request that was sent for several', () => {
			gate.refuse(['a', 'b'], new RateLimitError(10 * minute), 10 * minute);
			should(remainingMs('a', 'b')).deepEqual([1000, 1000]);
			clock.advance(1000);
			gate.refuse(['a'], new RateLimitError(10 * minute), 10 * minute);
			should(remainingMs('a', 'b')).deepEqual([10 * minute, 1000]);
		});

		it('makes an untried asker wait no longer than the pause', () => {
			gate.refuse(['a'], limited);
			should(remainingMs('a', 'b')).deepEqual([500, 500]);
		});

		it('tries a password at the slow pace, untried askers included', () => {
			gate.refuse(['a'], unauthorized);
			clock.advance(30_000);
			gate.refuse(['b'], unauthorized);
			should(remainingMs('a', 'b', 'c')).deepEqual([60_000, 60_250, 30_000]);
			clock.advance(30_000);
			gate.refuse(['c'], unauthorized);
			should(remainingMs('a', 'b', 'c')).deepEqual([120_000, 120_250, 120_500]);
		});

		it('probes slower with each refusal', () => {
			for (const expected of [30_000, 60_000, 120_000, 240_000, 480_000, 900_000, 900_000]) {
				gate.refuse(['a'], unauthorized);
				should(remainingMs('a')).deepEqual([expected]);
			}
		});
	});

	describe('while another asker passes', () => {
		it('stays open: the refusal speaks about the one that got it', () => {
			should(gate.succeeded('b')).be.false();
			should(gate.refuse(['a'], unauthorized)).be.false();
			should(remainingMs('a', 'b', 'c')).deepEqual([0, 0, 0]);
			should(gate.error).be.undefined();
		});

		it('shuts when that one is refused as well', () => {
			gate.succeeded('b');
			gate.refuse(['a'], unauthorized);
			should(gate.refuse(['b'], unauthorized)).be.true();
			should(remainingMs('a', 'b')).deepEqual([30_000, 30_000]);
		});

		it('takes no success of the refused asker itself for evidence', () => {
			gate.succeeded('a');
			should(gate.refuse(['a'], unauthorized)).be.true();
		});

		it('takes no success of any asker for evidence for which the refused request was sent', () => {
			gate.succeeded('a');
			gate.succeeded('b');
			should(gate.refuse(['a', 'b'], unauthorized)).be.true();
		});

		it('believes a success for a quarter of an hour, and no longer', () => {
			gate.succeeded('b');
			clock.advance(15 * minute);
			should(gate.refuse(['a'], unauthorized)).be.false();
			clock.advance(1);
			should(gate.refuse(['a'], unauthorized)).be.true();
		});

		it('counts the time asleep when it judges a success', () => {
			gate.succeeded('b');
			clock.sleepMachine(16 * minute);
			should(gate.refuse(['a'], unauthorized)).be.true();
		});
	});

	describe('while a probe is on its way', () => {
		beforeEach(() => {
			gate.refuse(['a'], unauthorized);
			clock.advance(30_000);
		});

		it('makes everybody wait for what it finds, untried askers included', () => {
			gate.hold('a', 20_000);
			should(remainingMs('a', 'b')).deepEqual([20_000, 20_000]);
		});

		it('opens for everybody when the probe succeeds, and says that others waited', () => {
			gate.hold('a', 20_000);
			should(gate.succeeded('b')).be.true();
			should(remainingMs('a', 'b', 'c')).deepEqual([0, 0, 0]);
			should([gate.error, gate.failedAt]).deepEqual([undefined, undefined]);
			should(gate.succeeded('b')).be.false();
		});

		it('opens when the probe gets no answer in its time', () => {
			gate.hold('a', 20_000);
			clock.advance(20_000);
			should(remainingMs('a')).deepEqual([0]);
		});

		it('lets the next one go when the probe finds out nothing', () => {
			gate.hold('a', 20_000);
			should(gate.release('a')).be.true();
			should(remainingMs('a', 'b')).deepEqual([0, 0]);
			should(gate.error).equal(unauthorized);
			should(gate.release('a')).be.false();
		});

		it('makes everybody wait when a request ends that is not the probe', () => {
			gate.hold('a', 20_000);
			should(gate.release('b')).be.false();
			should(remainingMs('b')).deepEqual([20_000]);
		});

		it('stays shut when the probe is refused', () => {
			gate.hold('a', 20_000);
			gate.refuse(['a'], unauthorized);
			should(gate.release('a')).be.false();
			should(remainingMs('a')).deepEqual([60_000]);
		});

		it('counts from zero after a success', () => {
			gate.succeeded('a');
			gate.refuse(['a'], unauthorized);
			should(remainingMs('a')).deepEqual([30_000]);
		});
	});

	it('holds nobody up while it is open', () => {
		gate.hold('a', 30_000);
		should(remainingMs('a', 'b')).deepEqual([0, 0]);
		gate.refuse(['a'], limited);
		should(remainingMs('b')).deepEqual([500]);
	});

	it('lets the asker go first whose last probe is the oldest', () => {
		for (const asker of ['a', 'b', 'c']) {
			gate.refuse([asker], limited);
		}

		gate.refuse(['a'], limited, 5000);
		clock.advance(5000);
		should(remainingMs('b', 'c', 'a')).deepEqual([0, 250, 500]);
	});

	it('makes nobody wait longer than ten seconds for a turn', () => {
		for (let asker = 0; asker < 100; asker += 1) {
			gate.refuse([`a${asker}`], limited, minute);
		}

		clock.advance(minute);
		should(remainingMs('a40', 'a99')).deepEqual([10_000, 10_000]);
	});
});
