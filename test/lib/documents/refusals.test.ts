import should from 'should';
import {Misses, Refusals} from '../../../lib/documents/refusals';
import {AuthError, DocumentGoneError, NetworkError, RateLimitError, ServiceError} from '../../../lib/errors';
import {ManualClock} from '../../world/manual-clock';
import {turns, watch} from '../../world/turns';

const limited = new RateLimitError(0);
const gone = new DocumentGoneError('documentGone', {id: 'a', topic: 't', status: 404});
const never = new AbortController().signal;
const long = (): number => 86_400_000;

describe('Refused documents', () => {
	let clock = new ManualClock();
	let refusals = new Refusals({clock, random: () => 0.5});

	beforeEach(() => {
		clock = new ManualClock();
		refusals = new Refusals({clock, random: () => 0.5});
	});

	afterEach(() => {
		should(clock.pending).equal(0);
	});

	const refuse = (
		fax: string,
		error = limited as Parameters<NonNullable<ReturnType<Refusals['begin']>>['refuse']>[0],
	) => {
		const turn = refusals.begin(fax);
		should(turn).not.be.undefined();
		turn?.refuse(error);
		turn?.end();
	};

	/** How long the way stays shut from now on. */
	const shutMs = (): number => refusals.backoff?.remainingMs ?? 0;

	it('stop nobody before the first one', () => {
		should(refusals.backoff).be.undefined();
		const turns_ = ['a', 'b', 'c'].map((fax) => refusals.begin(fax));
		should(turns_.every((turn) => turn !== undefined)).be.true();
		for (const turn of turns_) {
			turn?.accept();
			turn?.end();
		}

		should(refusals.backoff).be.undefined();
	});

	it('slow all downloads down together, twice as long each time, up to a minute', () => {
		const pauses: number[] = [];
		for (let round = 0; round < 9; round += 1) {
			refuse(`fax ${round}`);
			pauses.push(shutMs());
			should(refusals.begin('other')).be.undefined();
			clock.advance(shutMs());
		}

		should(pauses).deepEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
		should(refusals.backoff).deepEqual({error: limited, remainingMs: 0});
	});

	it('count once when requests that were under way together are refused together', () => {
		const together = Array.from({length: 10}, (_, index) => refusals.begin(String(index)));
		for (const turn of together) {
			turn?.refuse(limited);
			turn?.end();
		}

		should(shutMs()).equal(500);
	});

	it('let one download at a time find out, and all others go when a document comes', async () => {
		refuse('a');
		const waiting = ['a', 'b', 'c'].map((fax) => watch(refusals.wait(fax, long, never)));
		clock.advance(500);
		const probe = refusals.begin('b');
		await turns(1);
		should(refusals.begin('c')).be.undefined();
		should(waiting.filter(({state}) => state === 'pending').length).be.aboveOrEqual(1);
		probe?.accept();
		await turns(1);
		should(waiting.map(({state}) => state)).deepEqual(['resolved', 'resolved', 'resolved']);
		should(refusals.backoff).be.undefined();
	});

	it('let the next download find out when one ends without an answer, or takes two seconds', () => {
		refuse('a');
		clock.advance(500);
		refusals.begin('b')?.end();
		should(refusals.begin('c')).not.be.undefined();
		should(refusals.begin('d')).be.undefined();
		clock.advance(2000);
		should(refusals.begin('d')).not.be.undefined();
	});

	it('stay as they are when a download whose turn is over ends without an answer', () => {
		refuse('a');
		clock.advance(shutMs());
		const hanging = refusals.begin('b');
		clock.advance(2000);
		refuse('c');
		const pauseMs = shutMs();
		should(pauseMs).be.above(0);
		hanging?.end();
		should(shutMs()).equal(pauseMs);
	});

	it('of one and the same fax cost the others a second at most', () => {
		refuse('poison', new ServiceError('serverError', 503, {}, 3_600_000));
		should(shutMs()).be.belowOrEqual(1000);
		for (let round = 0; round < 10; round += 1) {
			clock.advance(shutMs());
			refuse('poison', new ServiceError('serverError', 503, {}, 3_600_000));
			should(shutMs()).equal(0);
		}

		refusals.begin('other')?.accept();
		should(refusals.backoff).be.undefined();
	});

	it('of two faxes hold the others up for as long as Retry-After says, a minute at most', () => {
		refuse('a', new RateLimitError(40_000));
		clock.advance(shutMs());
		refuse('b', new RateLimitError(40_000));
		should(shutMs()).equal(40_000);
		clock.advance(40_000);
		refuse('a', new RateLimitError(3_600_000));
		should(shutMs()).equal(60_000);
	});

	it('let a fax that was not refused yet try before those that were', async () => {
		refuse('a');
		clock.advance(shutMs());
		refuse('b');
		const order: string[] = [];
		const abort = new AbortController();
		const tryAll = (fax: string): void => {
			refusals.wait(fax, long, abort.signal).then(
				() => {
					if (refusals.begin(fax)) {
						order.push(fax);
					} else {
						tryAll(fax);
					}
				},
				() => undefined,
			);
		};
		for (const fax of ['a', 'b', 'fresh']) {
			tryAll(fax);
		}

		for (const ms of [shutMs(), 1, 2000, 1]) {
			clock.advance(ms);
			await turns(1);
		}

		should(order).deepEqual(['fresh', 'a']);
		abort.abort(new Error('over'));
		await turns(1);
	});

	for (const error of [
		new AuthError('unauthorized', 'account'),
		new NetworkError('proxyUnauthorized', 'connecting', {}),
	]) {
		it(`for want of credentials are probed slowly (${error.reason})`, () => {
			refuse('a', error);
			clock.advance(shutMs());
			refuse('b', error);
			should(shutMs()).be.within(27_000, 66_000);
			clock.advance(shutMs());
			refuse('c', error);
			should(shutMs()).be.above(55_000);
		});
	}

	it('end the wait of a fax whose lock would be over, with the latest reason', async () => {
		refuse('a');
		clock.advance(shutMs());
		const latest = new ServiceError('serverError', 503);
		refuse('b', latest);
		const waiting = watch(refusals.wait('a', () => 1000, never));
		await turns(1);
		should(waiting).match({state: 'rejected', error: latest});
		should(refusals.backoff).match({error: latest});
	});

	it('end the wait at once when nobody wants the document any more', async () => {
		refuse('a');
		const abort = new AbortController();
		const waiting = watch(refusals.wait('a', long, abort.signal));
		abort.abort(new Error('gone'));
		await turns(1);
		should(waiting.state).equal('rejected');
	});

	it('tell their listeners when the way is shut, and when it is open', () => {
		const told: (number | undefined)[] = [];
		refusals.listeners.add(() => told.push(refusals.backoff?.remainingMs));
		refuse('a');
		clock.advance(500);
		const turn = refusals.begin('a');
		turn?.accept();
		turn?.end();
		refusals.begin('b')?.accept();
		should(told).deepEqual([500, undefined]);
	});

	it('ask for no new fax while one that is here waits to find out', async () => {
		refuse('a');
		const waiting = watch(refusals.wait('b', long, never));
		clock.advance(500);
		should(refusals.backoff).deepEqual({error: limited, remainingMs: 0});
		await turns(1);
		should(waiting.state).equal('resolved');
		const probe = refusals.begin('b');
		should(shutMs()).equal(2000);
		const other = watch(refusals.wait('c', long, never));
		clock.advance(1999);
		should(shutMs()).equal(1000);
		clock.advance(1);
		await turns(1);
		should(other.state).equal('resolved');
		probe?.end();
	});

	it('are no burden when thousands wait', async () => {
		refuse('a');
		const aborts = Array.from({length: 3000}, () => new AbortController());
		const waiting = aborts.map(({signal}, index) => watch(refusals.wait(`fax ${index % 500}`, long, signal)));
		const before = performance.now();
		for (let round = 0; round < 5; round += 1) {
			clock.advance(shutMs());
			await turns(1);
			refusals.begin(`fax ${round}`)?.refuse(limited);
			for (const [index, {signal}] of aborts.entries()) {
				if (waiting[index]?.state === 'resolved') {
					waiting[index] = watch(refusals.wait(`fax ${index % 500}`, long, signal));
				}
			}
		}

		should(performance.now() - before).be.below(3000);
		for (const abort of aborts) {
			abort.abort(new Error('over'));
		}

		await turns(1);
	});
});

describe('Missing documents', () => {
	const clock = new ManualClock();
	let misses = new Misses({clock, random: () => 0.5});

	beforeEach(() => {
		misses = new Misses({clock, random: () => 0.5});
	});

	const missMany = (count: number, from = 0): void => {
		for (let index = 0; index < count; index += 1) {
			misses.miss(`fax ${from + index}`, gone);
		}
	};

	it('of a few faxes slow nothing down, however often they are missed', () => {
		for (let round = 0; round < 100; round += 1) {
			missMany(9);
		}

		should(misses.backoff).be.undefined();
	});

	it('of ten faxes in a row slow their topic down, more and more', () => {
		missMany(10);
		should(misses.backoff).deepEqual({error: gone, remainingMs: 500});
		const pauses: number[] = [];
		for (let round = 1; round < 8; round += 1) {
			clock.advance(misses.backoff?.remainingMs ?? 0);
			should(misses.backoff).be.undefined();
			missMany(10, 10 * round);
			pauses.push(misses.backoff?.remainingMs ?? 0);
		}

		should(pauses).deepEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
	});

	it('slow nothing down once the documents of a fax came', () => {
		missMany(15);
		misses.hit();
		should(misses.backoff).be.undefined();
		missMany(9);
		should(misses.backoff).be.undefined();
	});
});
