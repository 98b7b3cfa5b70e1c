import should from 'should';
import {RateLimitError} from '../../../lib/errors';
import type {TransportRequest, TransportResponse} from '../../../lib/retarus/http';
import {pdf} from '../../world/fake-retarus';
import {endOf, minute, Receiving, usual} from '../../world/receiving';

const hour = 60 * minute;
const mb = 1024 * 1024;

describe('Trouble with documents', () => {
	let receiving = new Receiving();

	beforeEach(() => {
		receiving = new Receiving();
	});

	afterEach(() => endOf(receiving));

	/** Downloads fail like this until it is called off. */
	const fail = (fate: ReturnType<Receiving['retarus']['fate']>): (() => void) => {
		receiving.retarus.fate = (request) => (request.kind === 'download' ? fate : undefined);
		return () => {
			receiving.retarus.fate = () => undefined;
		};
	};

	const outputs = (): string[] => receiving.delivered.map(({id, givenUp}) => `${id} ${givenUp ? 2 : 1}`);

	for (const lockTimeoutMs of [5 * minute, 8 * hour]) {
		it(`delivers soon after a short network failure (lock of ${lockTimeoutMs / minute} minutes)`, async () => {
			const end = fail('unreachable');
			receiving.retarus.add('a');
			await receiving.receive({lockTimeoutMs, processingTimeoutMs: lockTimeoutMs});
			await receiving.pass(10_000);
			end();
			await receiving.pass(30_000);
			should(receiving.deliveries).deepEqual(['a 1']);
			should(receiving.failures).be.empty();
		});

		it(`delivers a document that is ready after ten seconds (lock of ${lockTimeoutMs / minute} minutes)`, async () => {
			const end = fail({status: 404});
			receiving.retarus.add('a');
			await receiving.receive({lockTimeoutMs, processingTimeoutMs: lockTimeoutMs});
			await receiving.pass(10_000);
			end();
			await receiving.pass(20_000);
			should(receiving.deliveries).deepEqual(['a 1']);
			should(receiving.failures).be.empty();
		});
	}

	for (const [name, fate] of [
		['401', {status: 401}],
		['407', {status: 407}],
		['408', {status: 408}],
		['425', {status: 425}],
		['429', {status: 429}],
		['503', {status: 503}],
		['503 with Retry-After', {status: 503, headers: {'retry-after': '600'}}],
		['404 with Retry-After', {status: 404, headers: {'retry-after': '600'}}],
		['no connection', 'unreachable'],
	] as const) {
		it(`fails no fax for ${name}, however long it lasts`, async () => {
			const end = fail(fate);
			const ids = Array.from({length: 10}, (_, index) => `f${index}`);
			receiving.retarus.add(...ids);
			await receiving.receive({maxDeliveries: 1});
			await receiving.pass(20 * minute);
			should(receiving.failures).be.empty();
			should(receiving.delivered).be.empty();
			end();
			await receiving.pass(30 * minute);
			should(
				outputs()
					.filter((output) => output.endsWith(' 1'))
					.sort(),
			).deepEqual(ids.map((id) => `${id} 1`));
		});

		it(`asks less and less often for ${name}`, async () => {
			fail(fate);
			receiving.retarus.add(...Array.from({length: 2000}, (_, index) => `f${index}`));
			await receiving.receive();
			await receiving.pass(minute);
			should(receiving.retarus.downloads.length).be.below(25);
		});
	}

	it('on one document holds up no other fax', async () => {
		receiving.retarus.fate = (request) =>
			request.kind === 'download' && request.name === 'poison.pdf'
				? {status: 429, headers: {'retry-after': '3600'}}
				: undefined;
		receiving.retarus.add('poison', 'a', 'b');
		receiving.topic.on('delivery', ({id, delivery}) => void receiving.topic.acknowledge({id, delivery}));
		await receiving.receive({maxInFlight: 3, lockTimeoutMs: 8 * hour, processingTimeoutMs: 8 * hour});
		await receiving.pass(5000);
		should(receiving.deliveries.sort()).deepEqual(['a 1', 'b 1']);
		for (let index = 0; index < 30; index += 1) {
			receiving.retarus.add(`later ${index}`);
			await receiving.pass(minute);
			should(receiving.delivered.at(-1)?.id).equal(`later ${index}`);
		}

		should(receiving.failures).be.empty();
	});

	it('that shuts the way for exchanges fails no fax either', async () => {
		receiving.retarus.add('a', 'b', 'c');
		const {gate} = receiving.account.newestConnection;
		receiving.topic.once('step', () => {
			gate.refuse(['polls t'], new RateLimitError(hour), hour);
		});
		await receiving.receive({maxDeliveries: 1});
		await receiving.pass(minute);
		should(receiving.failures).be.empty();
	});

	/** A body of these announced megabytes, of which a byte comes every 29 s. */
	const drip = (...ids: readonly string[]): void => {
		const {retarus, clock} = receiving;
		const send = retarus.request.bind(retarus);
		retarus.request = async (request: TransportRequest): Promise<TransportResponse> => {
			const response = await send(request);
			const read: TransportResponse['read'] = (consume) =>
				new Promise((_, reject) => {
					let cancel = (): void => undefined;
					const next = (): void => {
						consume(Buffer.from('x'));
						cancel = clock.setTimer(next, 29_000);
					};
					request.signal.addEventListener('abort', () => {
						cancel();
						reject(request.signal.reason as Error);
					});
					next();
				});
			return ids.some((id) => request.path.endsWith(`/${id}.pdf`))
				? {...response, headers: {'content-length': String(64 * mb)}, read}
				: response;
		};
	};

	it('that drips ends with an error for each fax, while others are delivered', async () => {
		const ids = ['s1', 's2', 's3', 's4', 's5'];
		drip(...ids);
		receiving.retarus.add(...ids, 'a', 'b');
		await receiving.receive();
		await receiving.pass(10_000);
		should(receiving.deliveries).deepEqual(['a 1', 'b 1']);
		await receiving.pass(4 * minute - 10_000);
		should(receiving.failures.map(([{id}, error]) => [id, error.reason, error.facts.id, error.facts.topic])).deepEqual(
			ids.map((id) => [id, 'tooSlow', id, 't']),
		);
	});

	it('that drips does not keep the only place for ever', async () => {
		drip('slow');
		receiving.retarus.add('slow', 'b');
		await receiving.receive({maxInFlight: 1, batchSize: 1});
		await receiving.pass(3 * minute);
		should(receiving.deliveries).deepEqual(['b 1']);
	});

	it('does not make a fax out of a document whose end came too late', async () => {
		const {retarus, clock} = receiving;
		const send = retarus.request.bind(retarus);
		let isFirst = true;
		retarus.request = async (request) => {
			const response = await send(request);
			if (request.method === 'GET' && isFirst) {
				isFirst = false;
				// It takes no notice of being aborted.
				return {
					...response,
					async read(consume) {
						await new Promise<void>((resolve) => {
							clock.setTimer(resolve, 90_000);
						});
						consume(pdf);
					},
				};
			}

			return response;
		};
		retarus.add('a');
		await receiving.receive({...usual, maxInFlight: 1});
		await receiving.pass(2 * minute);
		should(retarus.downloads.length).equal(2);
		should(receiving.deliveries).deepEqual(['a 1']);
	});
});
