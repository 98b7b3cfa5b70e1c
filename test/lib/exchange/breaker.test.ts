import should from 'should';
import {
	AuthError,
	NetworkError,
	ProtocolError,
	RateLimitError,
	ServiceError,
	TimeoutError,
	TopicError,
	type RetarusError,
} from '../../../lib/errors';
import {Breaker, type Lane} from '../../../lib/exchange/breaker';
import {testEnvironment, type TestEnvironment} from '../../world/environment';
import {TopicParts} from '../faxes/topic-parts';

const unauthorized = new AuthError('unauthorized', 'account');
const forbidden = new AuthError('forbidden', 'topic', {topic: 't'});
const broken = new NetworkError('connectionBroken', 'waiting', {host: 'h', detail: 'x'});

describe('The breaker', () => {
	let environment: TestEnvironment;
	let parts: TopicParts;
	let one: Breaker;
	let other: Breaker;
	beforeEach(() => {
		environment = testEnvironment();
		parts = new TopicParts({environment, name: 'one'});
		one = new Breaker(parts.context);
		other = new Breaker(new TopicParts({environment, name: 'other', gate: parts.gate}).context);
	});

	const remainingMs = (breaker: Breaker, lane: Lane = 'polls'): number =>
		breaker.read(environment.clock.now())[lane].remainingMs;
	const trouble = (breaker: Breaker): RetarusError | undefined => breaker.read(environment.clock.now()).trouble?.error;

	/** Of both lanes of both topics. */
	const pauses = (): number[] =>
		[one, other].flatMap((breaker) => [remainingMs(breaker), remainingMs(breaker, 'acknowledgements')]);

	const fail = (breaker: Breaker, error: RetarusError, lane: Lane = 'polls'): void => {
		breaker.started();
		breaker.failed(error, lane);
	};

	const succeed = (breaker: Breaker, lane: Lane = 'polls'): void => {
		breaker.started();
		breaker.succeeded(lane);
	};

	it('lets everything go at first', () => {
		should(one.read(environment.clock.now())).deepEqual({
			polls: {isClean: true, remainingMs: 0},
			acknowledgements: {isClean: true, remainingMs: 0},
			trouble: undefined,
		});
	});

	describe('without a success to go by', () => {
		const cases: readonly (readonly [string, RetarusError, number, number])[] = [
			['stops the account after 401, slowly', unauthorized, 30_000, 30_000],
			['stops the account after 429', new RateLimitError(0), 500, 500],
			['stops the account for as long as 429 asks', new RateLimitError(7000), 7000, 1000],
			['stops the account for as long as 503 asks', new ServiceError('serverError', 503, {}, 7000), 7000, 1000],
		];
		for (const [name, error, ownMs, othersMs] of cases) {
			it(`${name}, and tells all topics when that is over`, () => {
				fail(one, error);
				should(pauses()).deepEqual([ownMs, othersMs, othersMs, othersMs]);
				should([trouble(one), trouble(other)]).deepEqual([error, error]);
				should(parts.wakesOfAll).equal(1);
				succeed(one);
				should(pauses()).deepEqual([0, 0, 0, 0]);
				should([trouble(one), trouble(other)]).deepEqual([undefined, undefined]);
				should(parts.wakesOfAll).equal(2);
			});
		}
	});

	describe('of one lane of a topic', () => {
		const cases: readonly (readonly [string, RetarusError, number])[] = [
			['403, slowly', forbidden, 30_000],
			['404, slowly', new TopicError('topicUnknown', {topic: 't'}), 30_000],
			['a refused certificate, slowly', new NetworkError('certificateRefused', 'connecting', {}), 30_000],
			['503 without Retry-After', new ServiceError('serverError', 503), 500],
			['a broken connection', broken, 500],
			['an answer that never comes', new TimeoutError('noAnswer', {seconds: 30}), 500],
			['a web page', new ProtocolError('htmlAnswer'), 500],
		];
		for (const [name, error, ownMs] of cases) {
			it(`stops nothing else after ${name}`, () => {
				fail(one, error);
				should(pauses()).deepEqual([ownMs, 0, 0, 0]);
				should([trouble(one), trouble(other)]).deepEqual([error, undefined]);
				should(parts.wakesOfAll).equal(0);
				fail(one, error, 'acknowledgements');
				should(pauses()).deepEqual([ownMs, ownMs, 0, 0]);
			});
		}

		for (const [name, error, ownMs] of [
			['401, slowly', unauthorized, 30_000],
			['429', new RateLimitError(0), 500],
			['429 with Retry-After', new RateLimitError(7000), 7000],
			['503 with Retry-After', new ServiceError('serverError', 503, {}, 7000), 7000],
		] as const) {
			it(`stops nothing else after ${name} while another topic passes`, () => {
				succeed(other);
				fail(one, error);
				should(pauses()).deepEqual([ownMs, 0, 0, 0]);
				should([trouble(one), trouble(other)]).deepEqual([error, undefined]);
			});

			it(`stops nothing else after ${name} while the other lane passes`, () => {
				succeed(one, 'acknowledgements');
				fail(one, error);
				should(pauses()).deepEqual([ownMs, 0, 0, 0]);
			});
		}
	});

	it('keeps its lanes unclean until each went through', () => {
		fail(one, broken);
		fail(one, broken, 'acknowledgements');
		environment.clock.advance(500);
		const {polls, acknowledgements} = one.read(environment.clock.now());
		should([polls, acknowledgements]).deepEqual([
			{isClean: false, remainingMs: 0},
			{isClean: false, remainingMs: 0},
		]);
		succeed(one);
		should(one.read(environment.clock.now())).match({polls: {isClean: true}, acknowledgements: {isClean: false}});
	});

	it('does not make one lane wait out its pause when the other recovers from the same outage', () => {
		for (let time = 0; time < 6; time += 1) {
			one.failed(broken, 'acknowledgements');
		}

		one.failed(broken, 'polls');
		should(remainingMs(one, 'acknowledgements')).equal(16_000);
		succeed(one);
		should(remainingMs(one, 'acknowledgements')).equal(0);
		should(trouble(one)).equal(broken);
	});

	it('tries acknowledgements again when a poll passes: if they fail once more, the ids are to blame', () => {
		fail(one, forbidden, 'acknowledgements');
		succeed(one);
		should(remainingMs(one, 'acknowledgements')).equal(0);
		should(trouble(one)).equal(forbidden);
	});

	it('makes polls wait out their pause while acknowledgements just work on', () => {
		fail(one, forbidden);
		succeed(one, 'acknowledgements');
		should(remainingMs(one)).equal(30_000);
	});

	it('counts a request of both lanes once, and tries each alone', () => {
		one.failed(new RateLimitError(7000), 'polls', 'acknowledgements');
		should(pauses()).deepEqual([1000, 1000, 1000, 1000]);
		should(parts.wakesOfAll).equal(1);
	});

	it('keeps the trouble of a lane that was refused until that lane passes, whoever else does', () => {
		fail(one, unauthorized);
		succeed(other);
		should([trouble(one), trouble(other)]).deepEqual([unauthorized, undefined]);
		should(remainingMs(one)).equal(0);
		fail(one, unauthorized);
		should(pauses()).deepEqual([60_000, 0, 0, 0]);
		succeed(one);
		should(trouble(one)).be.undefined();
	});

	describe('of several failures', () => {
		it('shows the latest: an older one of the account hides no later one of the topic', () => {
			fail(one, new RateLimitError(0));
			environment.clock.advance(1000);
			fail(one, forbidden);
			should([trouble(one)?.reason, trouble(other)?.reason]).deepEqual(['forbidden', 'rateLimitedUntimed']);
		});

		it('shows the latest: an older one of the topic hides no later one of the account', () => {
			fail(one, forbidden);
			environment.clock.advance(30_000);
			fail(one, unauthorized);
			should(trouble(one)).equal(unauthorized);
		});

		it('shows when the first lane may try again', () => {
			fail(one, forbidden);
			environment.clock.advance(1);
			fail(one, broken, 'acknowledgements');
			should(one.read(environment.clock.now()).trouble).deepEqual({error: broken, remainingMs: 500});
		});

		it('forgets those of a lane in which nothing waits any more', () => {
			fail(one, forbidden);
			one.forget('polls');
			should(one.read(environment.clock.now())).match({polls: {isClean: true}, trouble: undefined});
		});
	});

	describe('while one topic finds out for all', () => {
		beforeEach(() => {
			fail(one, unauthorized);
			environment.clock.advance(30_000);
			one.started();
		});

		it('makes the others wait for the one that finds out', () => {
			should(remainingMs(other)).equal(30_000);
		});

		it('lets all go when it succeeds', () => {
			one.succeeded('polls');
			should(pauses()).deepEqual([0, 0, 0, 0]);
		});

		it('lets the next one find out when it learns nothing about the account', () => {
			for (const error of [forbidden, broken, new ServiceError('serverError', 500)]) {
				one.failed(error, 'polls');
				one.ended();
				should(remainingMs(other)).equal(0);
				should(remainingMs(one)).be.above(0);
				environment.clock.advance(remainingMs(one));
				one.started();
				should(remainingMs(other)).equal(30_000);
			}
		});

		it('lets the next one find out when the ids are to blame', () => {
			one.ended();
			should(remainingMs(other)).equal(0);
		});

		it('does not let another go because a request that began before has ended', () => {
			other.ended();
			should(remainingMs(other)).equal(30_000);
		});
	});

	it('holds nobody up while everything works', () => {
		one.started();
		should(pauses()).deepEqual([0, 0, 0, 0]);
		one.succeeded('polls');
		should(parts.wakesOfAll).equal(0);
	});

	describe('for somebody who insists', () => {
		it('steps aside when the topic is in trouble', () => {
			fail(one, new TopicError('topicUnknown', {topic: 'one'}));
			one.insist(environment.clock.now());
			should(remainingMs(one)).equal(0);
		});

		it('says why when the account is stopped, until the pause is over', () => {
			fail(one, unauthorized);
			should(() => {
				other.insist(environment.clock.now());
			}).throw(unauthorized);
			environment.clock.advance(30_000);
			other.insist(environment.clock.now());
		});

		it('says why when the service asked this topic for patience', () => {
			const limited = new RateLimitError(7000);
			succeed(other);
			fail(one, limited);
			should(() => {
				one.insist(environment.clock.now());
			}).throw(limited);
			environment.clock.advance(7000);
			one.insist(environment.clock.now());
		});
	});

	it('tries both lanes at once when what was wrong may have been changed', () => {
		fail(one, forbidden);
		fail(one, forbidden, 'acknowledgements');
		one.retry();
		should(pauses()).deepEqual([0, 0, 0, 0]);
		should(trouble(one)).equal(forbidden);
	});
});
