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
import {Suspects, type Batch, type Verdict} from '../../../lib/exchange/suspects';
import {ManualClock} from '../../world/manual-clock';

const minute = 60_000;

const serverError = (status = 500, retryAfterMs = 0): RetarusError =>
	new ServiceError('serverError', status, {}, retryAfterMs);
const refused = (status: number): RetarusError =>
	new ServiceError('requestRefused', status, {}, 0, {speaker: 'service'});
const noAnswer = new TimeoutError('noAnswer', {seconds: 30});
const reset = new NetworkError('connectionBroken', 'waiting', {host: 'h', detail: 'ECONNRESET'});
const page = new ProtocolError('htmlAnswer');
const unreachable = new NetworkError('connectionRefused', 'connecting', {host: 'h'});
const unauthorized = new AuthError('unauthorized', 'account');
const forbidden = new AuthError('forbidden', 'topic', {topic: 't'}, {speaker: 'service'});
const unknown = new TopicError('topicUnknown', {topic: 't'}, {speaker: 'service'});

/** For titles: its status, else its reason. */
const nameOf = ({facts, reason}: RetarusError): string => `${'status' in facts ? facts.status : reason}`;

describe('Suspects', () => {
	let clock: ManualClock;
	let suspects: Suspects;
	beforeEach(() => {
		clock = new ManualClock();
		suspects = new Suspects(clock);
	});

	const remainingMs = (): number => suspects.remainingMs(clock.now());
	const due = (): Batch | undefined => suspects.next(clock.now());

	/** The group that is due, which must exist. */
	const group = (): Batch => {
		const batch = due();
		if (!batch) {
			throw new Error('no group is due');
		}

		return batch;
	};

	/** The group that is due next fails. */
	const failNext = (error: RetarusError): Verdict => {
		clock.advance(remainingMs());
		return suspects.failed(group().ids, error);
	};

	/** One id that has failed alone while a poll went through. */
	const poison = (error: RetarusError = serverError()): void => {
		suspects.failed(['x'], error);
		suspects.succeeded([]);
		failNext(error);
		suspects.succeeded([]);
	};

	it('are none at first', () => {
		should([suspects.ids, suspects.setAside, remainingMs(), due()]).deepEqual([[], [], Infinity, undefined]);
	});

	describe('among ids that fail together', () => {
		for (const error of [serverError(), refused(400), refused(414), noAnswer, reset, page, forbidden, unknown]) {
			it(`are sent apart in halves after ${nameOf(error)}`, () => {
				should(suspects.failed(['a', 'b', 'c'], error)).deepEqual({kind: 'isolated', isNew: true});
				should(suspects.ids).deepEqual(['a', 'b', 'c']);
				clock.advance(remainingMs());
				should(due()?.ids).deepEqual(['a', 'b']);
			});
		}

		it('wait for a poll at each halving, and no longer than a second', () => {
			suspects.failed(['a', 'b', 'c', 'd'], serverError());
			should(remainingMs()).equal(1000);
			suspects.succeeded([]);
			should(remainingMs()).equal(0);
			should(suspects.failed(group().ids, serverError())).deepEqual({kind: 'isolated', isNew: true});
			should(suspects.failed(group().ids, serverError())).deepEqual({kind: 'isolated', isNew: true});
			should(remainingMs()).equal(1000);
		});

		for (const error of [unreachable, unauthorized, new RateLimitError(0)]) {
			it(`are none after ${nameOf(error)}, which says nothing about ids`, () => {
				should(suspects.failed(['a', 'b'], error)).deepEqual({kind: 'general'});
				should(suspects.ids).be.empty();
			});

			it(`are sent apart after ${nameOf(error)} when something else went through in between`, () => {
				suspects.failed(['a', 'b'], error);
				suspects.succeeded([]);
				should(suspects.failed(['a', 'b'], error)).deepEqual({kind: 'isolated', isNew: true});
				should(suspects.ids).deepEqual(['a', 'b']);
			});
		}

		it('are none when ids like them went through in between', () => {
			suspects.failed(['a', 'b'], unauthorized);
			suspects.succeeded(['a', 'b']);
			suspects.succeeded([]);
			should(suspects.failed(['c', 'd'], unauthorized)).deepEqual({kind: 'general'});
		});

		it('are halved down to one, each half sent in turn', () => {
			suspects.failed(['a', 'b', 'c', 'd'], serverError());
			suspects.succeeded([]);
			const sent: string[] = [];
			for (let time = 0; time < 4; time += 1) {
				const {ids} = group();
				sent.push(ids.join());
				if (ids.includes('c')) {
					suspects.failed(ids, serverError());
					suspects.succeeded([]);
				} else {
					suspects.succeeded(ids);
				}
			}

			should(sent).deepEqual(['a,b', 'c,d', 'c', 'd']);
			should(suspects.ids).deepEqual(['c']);
		});
	});

	describe('that fail while nothing else goes through', () => {
		it('blame nobody', () => {
			suspects.failed(['a', 'b'], serverError());
			should(failNext(serverError())).deepEqual({kind: 'general'});
			should(failNext(serverError())).deepEqual({kind: 'general'});
			should(suspects.setAside).be.empty();
		});

		it('wait for no pause of their own: the lane has one', () => {
			suspects.failed(['x'], serverError());
			should(remainingMs()).equal(1000);
			clock.advance(1000);
			for (let time = 0; time < 5; time += 1) {
				should(suspects.failed(group().ids, serverError())).deepEqual({kind: 'general'});
				should(remainingMs()).equal(0);
			}
		});

		it('are tried again as soon as something else goes through', () => {
			suspects.failed(['x'], serverError());
			should(due()).be.undefined();
			suspects.succeeded([]);
			should(due()?.ids).deepEqual(['x']);
		});
	});

	describe('of which one fails alone while others work', () => {
		it('are proven: it is tried again slower and slower, up to a quarter of an hour', () => {
			suspects.failed(['x'], serverError());
			const pauses: number[] = [];
			for (let time = 0; time < 8; time += 1) {
				suspects.succeeded([]);
				failNext(serverError());
				pauses.push(remainingMs() / 1000);
			}

			should(pauses).deepEqual([4, 16, 64, 256, 900, 900, 900, 900]);
		});

		it('keep their pause when something else goes through', () => {
			poison();
			should(remainingMs()).equal(4000);
			suspects.succeeded([]);
			should(remainingMs()).equal(4000);
		});

		it('wait at least as long as the service asks, once it is clear that it asks because of them', () => {
			suspects.failed(['x'], serverError(503, 10 * minute));
			should(remainingMs()).equal(1000);
			suspects.succeeded([]);
			failNext(serverError(503, 10 * minute));
			should(remainingMs()).equal(10 * minute);
		});

		it('count the time asleep towards the pause', () => {
			poison();
			clock.sleepMachine(4000);
			should(remainingMs()).equal(0);
		});

		it('report it once, at its second failure: the first may be chance', () => {
			suspects.failed(['x'], serverError());
			suspects.succeeded([]);
			should(failNext(serverError())).deepEqual({kind: 'isolated', isNew: false});
			should(suspects.setAside).be.empty();
			suspects.succeeded([]);
			should(failNext(serverError())).deepEqual({kind: 'setAside', id: 'x'});
			should(suspects.setAside).deepEqual(['x']);
			for (let time = 0; time < 5; time += 1) {
				suspects.succeeded([]);
				should(failNext(serverError())).deepEqual({kind: 'isolated', isNew: false});
			}

			should(suspects.setAside).deepEqual(['x']);
		});

		it('are proven by trouble on the way as well', () => {
			for (const error of [unauthorized, unreachable, new RateLimitError(0)]) {
				suspects = new Suspects(clock);
				suspects.failed(['x'], error);
				suspects.succeeded([]);
				suspects.failed(['x'], error);
				suspects.succeeded([]);
				should(failNext(error)).deepEqual({kind: 'setAside', id: 'x'});
			}
		});

		it('stay apart, and go with the others no more, until it goes through', () => {
			poison();
			should(suspects.ids).deepEqual(['x']);
			clock.advance(remainingMs());
			suspects.succeeded(group().ids);
			should([suspects.ids, suspects.setAside, remainingMs()]).deepEqual([[], [], Infinity]);
		});

		it('let the others of the group go through', () => {
			suspects.failed(['a', 'x'], serverError());
			suspects.succeeded(['a']);
			should(suspects.ids).deepEqual(['x']);
		});
	});

	describe('that get no answer', () => {
		it('are given little time at first, and more with each failure', () => {
			suspects.failed(['a', 'x'], noAnswer);
			clock.advance(remainingMs());
			should(due()?.patienceMs).equal(3000);
			suspects.succeeded(['a']);
			const patience: (number | undefined)[] = [];
			for (let time = 0; time < 5; time += 1) {
				failNext(noAnswer);
				suspects.succeeded([]);
				clock.advance(remainingMs());
				patience.push(due()?.patienceMs);
			}

			should(patience).deepEqual([6000, 12_000, 24_000, 48_000, 96_000]);
		});

		it('pass little time on to their halves', () => {
			suspects.failed(['a', 'b', 'c', 'd'], noAnswer);
			failNext(reset);
			should([due()?.ids, due()?.patienceMs]).deepEqual([['c', 'd'], 3000]);
			failNext(reset);
			should([due()?.ids, due()?.patienceMs]).deepEqual([['a'], 3000]);
		});

		it('are given the usual time once they are answered', () => {
			poison(noAnswer);
			failNext(serverError());
			clock.advance(remainingMs());
			should(due()).match({ids: ['x'], patienceMs: undefined});
		});
	});

	describe('that the service refuses', () => {
		/** It is refused alone each time it is due, while others go through. Returns how long that took. */
		const refuseFor = (ms: number, error: RetarusError): Verdict[] => {
			const verdicts: Verdict[] = [];
			const endMs = clock.now().steadyMs + ms;
			while (clock.now().steadyMs + remainingMs() <= endMs && verdicts.at(-1)?.kind !== 'refused') {
				verdicts.push(failNext(error));
				suspects.succeeded([]);
			}

			clock.advance(endMs - clock.now().steadyMs);
			return verdicts;
		};

		for (const [error, status] of [
			[refused(400), 400],
			[refused(409), 409],
			[refused(414), 414],
			[forbidden, 403],
			[unknown, 404],
		] as const) {
			it(`are given up when ${status} lasts for a quarter of an hour while others work`, () => {
				suspects.failed(['x'], error);
				suspects.succeeded([]);
				const verdicts = refuseFor(60 * minute, error);
				should(verdicts.at(-1)).deepEqual({kind: 'refused', id: 'x', status});
			});
		}

		it('stay apart after that, and are tried again after a quarter of an hour, should anybody want it', () => {
			suspects.failed(['x'], refused(400));
			suspects.succeeded([]);
			refuseFor(60 * minute, refused(400));
			should(suspects.ids).deepEqual(['x']);
			suspects.drop(() => true, clock.now());
			should(suspects.ids).deepEqual(['x']);
			clock.advance(remainingMs());
			should(due()?.ids).deepEqual(['x']);
			should(suspects.failed(group().ids, refused(400))).deepEqual({kind: 'isolated', isNew: false});
		});

		it('are let go after that when they are due and nobody wants them', () => {
			suspects.failed(['x'], refused(400));
			suspects.succeeded([]);
			failNext(refused(400));
			suspects.drop(() => false, clock.now());
			should(suspects.ids).deepEqual(['x']);
			clock.advance(remainingMs());
			suspects.drop((id) => id === 'x', clock.now());
			should(suspects.ids).deepEqual(['x']);
			suspects.drop(() => false, clock.now());
			should([suspects.ids, remainingMs()]).deepEqual([[], Infinity]);
		});

		it('are not given up before', () => {
			suspects.failed(['x'], refused(400));
			suspects.succeeded([]);
			should(refuseFor(15 * minute - 1, refused(400)).some(({kind}) => kind === 'refused')).be.false();
			should(suspects.ids).deepEqual(['x']);
		});

		it('are not given up while nothing else goes through, however long that lasts', () => {
			suspects.failed(['x'], refused(400));
			for (let time = 0; time < 100; time += 1) {
				clock.advance(minute);
				should(failNext(refused(400)).kind).equal('general');
			}
		});

		for (const error of [refused(408), refused(421), refused(425), serverError(), noAnswer, reset, page]) {
			it(`are never given up for ${nameOf(error)}`, () => {
				suspects.failed(['x'], error);
				suspects.succeeded([]);
				should(refuseFor(24 * 60 * minute, error).some(({kind}) => kind === 'refused')).be.false();
				should(suspects.ids).deepEqual(['x']);
			});
		}

		for (const [name, between] of [
			['another refusal', refused(409)],
			['another error', serverError()],
			['trouble on the way', unreachable],
		] as const) {
			it(`start from zero after ${name}`, () => {
				suspects.failed(['x'], refused(400));
				suspects.succeeded([]);
				refuseFor(14 * minute, refused(400));
				failNext(between);
				suspects.succeeded([]);
				const beginMs = clock.now().steadyMs;
				while (failNext(refused(400)).kind !== 'refused') {
					suspects.succeeded([]);
				}

				should(clock.now().steadyMs - beginMs).be.aboveOrEqual(15 * minute);
			});
		}
	});
});
