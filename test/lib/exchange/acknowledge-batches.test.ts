import should from 'should';
import {RateLimitError, ServiceError, TimeoutError, type RetarusError} from '../../../lib/errors';
import {AcknowledgeBatches, type BatchState} from '../../../lib/exchange/acknowledge-batches';
import type {Ledger} from '../../../lib/ledger/ledger';
import {encodedLength} from '../../../lib/retarus/wire';
import type {ManualClock} from '../../world/manual-clock';
import {TopicParts} from '../faxes/topic-parts';

const minute = 60_000;
const refused = (status: number): RetarusError =>
	new ServiceError('requestRefused', status, {}, 0, {speaker: 'service'});
const outage = (status = 503): RetarusError => new ServiceError('serverError', status);
const names = (count: number): string[] => Array.from({length: count}, (_, index) => `id${index}`);

describe('Acknowledgements', () => {
	let parts: TopicParts;
	let clock: ManualClock;
	let ledger: Ledger;
	let batches: AcknowledgeBatches;
	beforeEach(async () => {
		parts = new TopicParts();
		({ledger} = parts);
		({clock} = parts.environment);
		await ledger.open();
		batches = new AcknowledgeBatches(ledger, clock);
	});

	const read = (): BatchState => batches.read(clock.now());

	/** An exchange went through, and what it carried is confirmed. */
	const succeed = async (ids: readonly string[]): Promise<void> => {
		batches.succeeded(ids);
		await Promise.all(ids.map((id) => ledger.confirm(id)));
	};

	it('do not wait when nothing was accepted', () => {
		should(read()).deepEqual({unconfirmed: 0, isRepeating: false, groupMs: Infinity});
		should([batches.next(), batches.nextGroup(clock.now())]).deepEqual([{ids: []}, {ids: []}]);
	});

	it('are sent together, oldest first, until they are confirmed', async () => {
		await parts.accept('a', 'b');
		await parts.accept('c');
		should(batches.next()).deepEqual({ids: ['a', 'b', 'c']});
		should(batches.next()).deepEqual({ids: ['a', 'b', 'c']});
		await succeed(['a', 'b']);
		should(batches.next()).deepEqual({ids: ['c']});
		should(read().unconfirmed).equal(1);
	});

	it('stay together after trouble that says nothing about them', async () => {
		await parts.accept('a', 'b');
		should(batches.failed(['a', 'b'], new RateLimitError(0))).deepEqual({kind: 'general'});
		should(batches.next()).deepEqual({ids: ['a', 'b']});
		should(read()).deepEqual({unconfirmed: 2, isRepeating: false, groupMs: Infinity});
	});

	it('are sent apart from the others once they failed', async () => {
		await parts.accept('a', 'b');
		should(batches.failed(batches.next().ids, outage())).deepEqual({kind: 'isolated', isNew: true});
		await parts.accept('c');
		should(batches.next()).deepEqual({ids: ['c']});
		should(read()).deepEqual({unconfirmed: 1, isRepeating: false, groupMs: 1000});
		batches.succeeded([]);
		should(read().groupMs).equal(0);
		should(batches.nextGroup(clock.now())).match({ids: ['a']});
	});

	it('count as set aside while they fail alone and others work', async () => {
		await parts.accept('x', 'a');
		batches.failed(batches.next().ids, outage());
		for (let time = 0; time < 3; time += 1) {
			await succeed([]);
			clock.advance(read().groupMs);
			const {ids} = batches.nextGroup(clock.now());
			if (ids.includes('x')) {
				batches.failed(ids, outage());
			} else {
				await succeed(ids);
			}
		}

		should(batches.setAside).equal(1);
		should(read().unconfirmed).equal(0);
		clock.advance(read().groupMs);
		await succeed(batches.nextGroup(clock.now()).ids);
		should(batches.setAside).equal(0);
	});

	it('make no URL longer than common servers take', async () => {
		const ids = Array.from({length: 300}, (_, index) => `K34A3QX3@J78AO6W.glaqsmucre101.ü${index}`);
		await parts.accept(...ids);
		const sent: string[] = [];
		while (sent.length < 300) {
			const batch = batches.next().ids;
			const bytes = batch.map((id) => encodedLength(id)).reduce((sum, length) => sum + length);
			should(bytes)
				.be.belowOrEqual(4096)
				.and.above(sent.length + batch.length < 300 ? 4000 : 0);
			sent.push(...batch);
			await succeed(batch);
		}

		should(sent).deepEqual(ids);
	});

	it('let an id through that is longer than the limit', async () => {
		const long = '€'.repeat(256);
		should(encodedLength(long)).be.above(2000);
		await parts.accept(`${long}1`, `${long}2`, 'b');
		should(batches.next().ids).deepEqual([`${long}1`]);
	});

	describe('of settled faxes that are listed again', () => {
		it('ride on the next exchange, behind those that were never sent', async () => {
			batches.repeat('old');
			should(read()).deepEqual({unconfirmed: 0, isRepeating: true, groupMs: Infinity});
			await parts.accept('a');
			batches.repeat('a');
			should(batches.next().ids).deepEqual(['a', 'old']);
			await succeed(['a', 'old']);
			should(read().isRepeating).be.false();
			should(batches.next().ids).be.empty();
		});

		it('are worth an exchange of their own every ten seconds at most', () => {
			batches.repeat('old');
			should(batches.isRepeatDue(clock.now())).be.true();
			batches.sent(false, clock.now());
			clock.advance(9999);
			should(batches.isRepeatDue(clock.now())).be.false();
			clock.advance(1);
			should(batches.isRepeatDue(clock.now())).be.true();
		});

		it('are due again after they rode on a poll, which may have come too late', () => {
			batches.repeat('old');
			batches.sent(true, clock.now());
			should(batches.isRepeatDue(clock.now())).be.true();
		});

		it('are dropped without a word when the service refuses them for good: nobody waits for them', async () => {
			await parts.accept('old');
			await ledger.confirm('old');
			batches.repeat('old');
			const kinds = new Set<string>();
			batches.failed(['old'], refused(400));
			for (let time = 0; time < 20; time += 1) {
				await succeed([]);
				clock.advance(read().groupMs < Infinity ? read().groupMs : minute);
				const {ids} = read().groupMs === 0 ? batches.nextGroup(clock.now()) : {ids: []};
				if (ids.length > 0) {
					kinds.add(batches.failed(ids, refused(400)).kind);
				}

				should(batches.setAside).equal(0);
			}

			should([...kinds]).deepEqual(['isolated']);
			should(read()).deepEqual({unconfirmed: 0, isRepeating: false, groupMs: Infinity});
		});

		it('stay apart once the service refused them, so that they spoil no request of others', async () => {
			await parts.accept('x');
			batches.failed(['x'], refused(400));
			for (let verdict = ''; verdict !== 'refused';) {
				await succeed([]);
				clock.advance(read().groupMs);
				verdict = batches.failed(batches.nextGroup(clock.now()).ids, refused(400)).kind;
			}

			await ledger.refuse('x');
			batches.repeat('x');
			await parts.accept('a');
			should([batches.next().ids, read().isRepeating]).deepEqual([['a'], false]);
			clock.advance(15 * minute);
			should(read().groupMs).equal(0);
			await succeed(batches.nextGroup(clock.now()).ids);
			should([ledger.settlement('x'), read().groupMs]).deepEqual(['confirmed', Infinity]);
		});
	});

	describe('against a service', () => {
		interface Trace {
			/** Exchanges that carried ids. */
			readonly requests: (readonly string[])[];
			readonly refused: string[];
			/** How long it took until nothing waited. */
			lastedMs: number;
		}

		/** Exchanges go as a topic sends them, polls and groups in turn, until nothing waits or the time is over. */
		const play = async (
			service: (ids: readonly string[]) => RetarusError | undefined,
			{longestMs = 60 * minute}: {longestMs?: number} = {},
		): Promise<Trace> => {
			const trace: Trace = {requests: [], refused: [], lastedMs: 0};
			const beginMs = clock.now().steadyMs;
			let isPoll = false;
			while (ledger.unconfirmed.size > 0 && trace.lastedMs < longestMs) {
				isPoll = !isPoll;
				const {ids} = isPoll ? batches.next() : batches.nextGroup(clock.now());
				if (ids.length > 0) {
					trace.requests.push(ids);
				}

				const error = service(ids);
				if (!error) {
					await succeed(ids);
				} else if (ids.length > 0) {
					const verdict = batches.failed(ids, error);
					if (verdict.kind === 'refused') {
						trace.refused.push(verdict.id);
						await ledger.refuse(verdict.id);
					}
				}

				clock.advance(100);
				trace.lastedMs = clock.now().steadyMs - beginMs;
			}

			return trace;
		};

		for (const [name, error] of [
			['414', refused(414)],
			['400', refused(400)],
			['a hang', new TimeoutError('noAnswer', {seconds: 30})],
		] as const) {
			it(`find URLs that are short enough when long ones get ${name}`, async () => {
				await parts.accept(...names(300));
				const trace = await play((ids) => (ids.join().length > 700 ? error : undefined));
				should(trace.refused).be.empty();
				should([...ledger.unconfirmed]).be.empty();
				should(trace.lastedMs).be.below(minute / 2);
			});
		}

		for (const status of [400, 409, 422]) {
			it(`refuse the one id that gets ${status}, and let all others through at once`, async () => {
				const ids = names(60);
				await parts.accept(...ids);
				let othersMs: number | undefined;
				const beginMs = clock.now().steadyMs;
				const trace = await play((sent) => {
					othersMs ??= ledger.unconfirmed.size === 1 ? clock.now().steadyMs - beginMs : undefined;
					return sent.includes('id37') ? refused(status) : undefined;
				});
				should(trace.refused).deepEqual(['id37']);
				should(ids.filter((id) => ledger.settlement(id) === 'confirmed').length).equal(59);
				should(othersMs).be.below(5000);
				should(trace.lastedMs).be.within(15 * minute, 40 * minute);
				should(trace.requests.length).be.below(30);
			});
		}

		it('refuse several poisoned ids, and let all others through', async () => {
			const poison = ['id0', 'id7', 'id8', 'id39'];
			await parts.accept(...names(40));
			const trace = await play((sent) => (poison.some((id) => sent.includes(id)) ? refused(400) : undefined));
			should(trace.refused.sort()).deepEqual(poison.sort());
			should(names(40).filter((id) => ledger.settlement(id) === 'confirmed').length).equal(36);
		});

		it('refuse nothing while nothing else works', async () => {
			await parts.accept(...names(5));
			const trace = await play(() => refused(400));
			should(trace.refused).be.empty();
			should(ledger.unconfirmed.size).equal(5);
		});

		it('refuse nothing because of a server error, and let the others through', async () => {
			await parts.accept(...names(20));
			const trace = await play((sent) => (sent.includes('id3') ? outage(500) : undefined));
			should(trace.refused).be.empty();
			should([...ledger.unconfirmed]).deepEqual(['id3']);
			should(trace.requests.filter((ids) => ids.includes('id3')).length).be.below(15);
		});

		it('recover from an outage of any length', async () => {
			await parts.accept(...names(30));
			let left = 200;
			const trace = await play(() => (left-- > 0 ? outage() : undefined));
			should([...ledger.unconfirmed]).be.empty();
			should(trace.lastedMs).be.below(200 * 100 + 10_000);
		});

		it('let new ones through while a suspect waits', async () => {
			await parts.accept('bad');
			const service = (ids: readonly string[]): RetarusError | undefined =>
				ids.includes('bad') ? outage(500) : undefined;
			await play(service, {longestMs: minute});
			await parts.accept('good');
			await play(service, {longestMs: 1000});
			should([...ledger.unconfirmed]).deepEqual(['bad']);
		});
	});
});
