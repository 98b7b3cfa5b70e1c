import {createHash} from 'node:crypto';
import type {ServerResponse} from 'node:http';
import should from 'should';
import {ByteBudget} from '../../../lib/documents/byte-budget';
import {Downloads, isTransient} from '../../../lib/documents/downloads';
import {AuthError, DocumentGoneError, NetworkError, RateLimitError, ServiceError} from '../../../lib/errors';
import {SharedGate} from '../../../lib/pacing/shared-gate';
import {Slots} from '../../../lib/pacing/slots';
import {serve, serveRaw, type TestServer} from '../../world/http-server';
import {Clients} from '../../world/service-client';
import {rejection, turns, until, watch} from '../../world/turns';

const mb = 1024 * 1024;
const pdf = (size = 100): Buffer =>
	Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(size, 120), Buffer.from('\n%%EOF\n')]);

type Answer = (response: ServerResponse, attempt: number) => void;

describe('The documents of a fax', () => {
	const clients = new Clients();

	interface Options {
		readonly maxBytes?: number;
		readonly budget?: ByteBudget;
		readonly lockedForMs?: () => number;
		readonly signal?: AbortSignal;
		readonly slots?: Slots;
	}

	const fetchFrom = (server: TestServer, names: readonly unknown[], options: Options = {}) => {
		const {maxBytes = 64 * mb, budget = new ByteBudget(256 * mb), slots = new Slots(16)} = options;
		const {lockedForMs = () => 300_000, signal = new AbortController().signal} = options;
		const service = clients.make(server.origin, {connections: 20});
		const connection = {client: service, gate: new SharedGate(clients.clock, () => 0)};
		// Random 0: every repeat follows at once.
		const environment = {clock: clients.clock, random: () => 0, files: undefined as never};
		const listing = {
			id: 'a',
			raw: {
				id: 'a',
				documents: names.map((name) => (typeof name === 'string' ? {url: `https://elsewhere/files/${name}`} : name)),
			},
		};
		const fetched = new Downloads({connection: () => connection, environment, budget, slots}).fetch({
			listing,
			topic: 't',
			maxBytes,
			lockedForMs,
			signal,
		});
		const outcome = watch(fetched);
		return {fetched, outcome, budget};
	};

	/** Lets the repeats that are due follow, until it is over. */
	const finish = async (outcome: {state: string}): Promise<void> => {
		await until(() => {
			clients.clock.advance(0);
			return outcome.state !== 'pending';
		});
	};

	const server = (...answers: readonly Answer[]): Promise<TestServer> => {
		let attempt = 0;
		return serve((_, response) => {
			const answer = answers[Math.min(attempt, answers.length - 1)];
			attempt += 1;
			answer?.(response, attempt);
		});
	};

	const whole: Answer = (response) => {
		response.end(pdf());
	};
	const status =
		(code: number, headers = {}): Answer =>
		(response) => {
			response.writeHead(code, headers).end();
		};

	it('come all together, in their order, hashed and named', async () => {
		const one = await serve((request, response) => response.end(Buffer.concat([pdf(), Buffer.from(request.url)])));
		const {fetched, budget} = fetchFrom(one, ['b.pdf', 'a b.pdf', 'B.pdf']);
		const {documents, unexpected, release} = await fetched;
		should(documents.map(({index, contentType}) => [index, contentType])).deepEqual(
			[0, 1, 2].map((index) => [index, 'application/pdf']),
		);
		should(documents.map(({filename}) => filename)).match([
			/^fax-b-[0-9a-f]{8}\.pdf$/,
			/^fax-a_b-[0-9a-f]{8}\.pdf$/,
			/^fax-B-[0-9a-f]{8}\.pdf$/,
		]);
		for (const {content, sha256, size} of documents) {
			should(sha256).equal(createHash('sha256').update(content).digest('hex'));
			should(size).equal(content.length);
		}

		should(unexpected).be.false();
		should(budget.used).be.above(0);
		release();
		release();
		should(budget.used).equal(0);
	});

	for (const [name, documents] of [
		['none', []],
		['one without a URL', [{}, 'a.pdf']],
		['one outside', ['..%2fx']],
		['one with an empty name', ['']],
		['no list', undefined],
		['a list beyond all measure', Array.from({length: 10_001}, () => 'a.pdf')],
	] as const) {
		it(`are invalid, without any request, when there is ${name}`, async () => {
			const one = await server(whole);
			const {fetched} = fetchFrom(one, documents ?? [null]);
			should(await rejection(fetched)).match({
				code: 'RETARUS_DOCUMENT_INVALID',
				reason: 'documentsNone',
				facts: {id: 'a', topic: 't'},
			});
			should(one.seen).be.empty();
		});
	}

	const later: readonly (readonly [string, Answer])[] = [
		['404', status(404)],
		['410', status(410)],
		['500', status(500)],
		['429', status(429)],
		['403', status(403)],
		['a redirect', status(302, {location: '/x'})],
		['an empty body', status(200)],
		['a web page', (response) => response.end('<html>')],
		['JSON', (response) => response.end('{"error":1}')],
		['a broken connection', (response) => response.destroy()],
		['gzip', status(200, {'content-encoding': 'gzip'})],
		[
			'a short body',
			(response) => {
				response.writeHead(200, {'content-length': 1000});
				response.write('%PDF');
				setImmediate(() => response.destroy());
			},
		],
	];
	for (const [name, answer] of later) {
		it(`may come whole after ${name}`, async () => {
			const one = await server(answer, whole);
			const {outcome, fetched, budget} = fetchFrom(one, ['a.pdf']);
			await finish(outcome);
			const {documents, release} = await fetched;
			should(documents[0]?.content).deepEqual(pdf());
			release();
			should(budget.used).equal(0);
		});
	}

	const lasting: readonly (readonly [string, Answer, object])[] = [
		['404', status(404), {code: 'RETARUS_DOCUMENT_GONE', facts: {id: 'a', status: 404}}],
		[
			'an empty body',
			status(200),
			{code: 'RETARUS_DOCUMENT_INVALID', reason: 'documentNoFax', facts: {detail: 'empty'}},
		],
		[
			'a web page',
			(response) => response.end('<html>'),
			{code: 'RETARUS_DOCUMENT_INVALID', facts: {detail: 'text/html'}},
		],
		['500', status(500), {code: 'RETARUS_SERVICE'}],
	];
	for (const [name, answer, expected] of lasting) {
		it(`are given up after four attempts with ${name}, and hold nothing then`, async () => {
			const one = await server(answer);
			const {outcome, budget} = fetchFrom(one, ['a.pdf']);
			await finish(outcome);
			should(outcome.error).match(expected);
			should(one.seen.length).equal(4);
			should(budget.used).equal(0);
		});
	}

	it('are not asked for again with credentials that were refused', async () => {
		const one = await server(status(401));
		const {outcome} = fetchFrom(one, ['a.pdf']);
		await finish(outcome);
		should(outcome.error).be.instanceof(AuthError);
		should(one.seen.length).equal(1);
	});

	it('are asked for as late as Retry-After says', async () => {
		const one = await server(status(503, {'retry-after': '20'}), whole);
		const {outcome} = fetchFrom(one, ['a.pdf']);
		await until(() => clients.clock.nextMs === 20_000);
		should(one.seen.length).equal(1);
		clients.clock.advance(20_000);
		await finish(outcome);
		should(outcome.state).equal('resolved');
	});

	it('are not asked for again after the lock', async () => {
		const one = await server(status(503, {'retry-after': '20'}), whole);
		const {outcome} = fetchFrom(one, ['a.pdf'], {lockedForMs: () => 20_000});
		await finish(outcome);
		should(outcome.error).be.instanceof(ServiceError);
		should(one.seen.length).equal(1);
	});

	it('come all or not at all: one that fails ends the others', async () => {
		let isClosed = false;
		const one = await serve((request, response) => {
			if (request.url.endsWith('bad.pdf')) {
				response.writeHead(401).end();
			} else {
				response
					.on('close', () => {
						isClosed = true;
					})
					.write('%PDF');
			}
		});
		const {outcome, budget} = fetchFrom(one, ['slow.pdf', 'bad.pdf']);
		await finish(outcome);
		should(outcome.error).match({code: 'RETARUS_AUTH'});
		await until(() => isClosed);
		should(budget.used).equal(0);
	});

	it('may be of another fax format than they are called, which is told', async () => {
		const {fetched} = fetchFrom(await server(whole), ['a.tiff']);
		should(await fetched).match({unexpected: true, documents: [{contentType: 'application/pdf', filename: 'a.tiff'}]});
	});

	it('are incomplete when a close-delimited one has no end, and whole when it has', async () => {
		for (const [content, state] of [
			[pdf(), 'resolved'],
			[pdf().subarray(0, 50), 'rejected'],
		] as const) {
			const one = await serveRaw((text, socket) => {
				if (text.includes('\r\n\r\n')) {
					socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
					socket.end(content);
				}
			});
			const {outcome} = fetchFrom(one, ['a.pdf']);
			await finish(outcome);
			should(outcome.state).equal(state);
		}
	});

	it('are incomplete when more came than was announced', async () => {
		const content = pdf();
		const one = await serveRaw((text, socket) => {
			if (text.includes('\r\n\r\n')) {
				socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${content.length - 20}\r\n\r\n`);
				socket.write(content);
			}
		});
		const {outcome} = fetchFrom(one, ['a.pdf']);
		await finish(outcome);
		should(outcome.error).match({code: 'RETARUS_DOCUMENT_INVALID', reason: 'documentIncomplete'});
	});

	it('end at once when nobody wants them any more', async () => {
		const one = await serve((_, response) => {
			response.write('%PDF');
		});
		const abort = new AbortController();
		const {outcome, budget} = fetchFrom(one, ['a.pdf', 'b.pdf'], {signal: abort.signal});
		await until(() => one.seen.length === 2);
		const reason = new Error('gone');
		abort.abort(reason);
		await finish(outcome);
		should(outcome.error).equal(reason);
		should(budget.used).equal(0);
	});

	it('end at once when nobody wants them while a repeat waits', async () => {
		const one = await server(status(503, {'retry-after': '20'}));
		const abort = new AbortController();
		const {outcome} = fetchFrom(one, ['a.pdf'], {signal: abort.signal});
		await until(() => clients.clock.nextMs === 20_000);
		abort.abort(new Error('gone'));
		await finish(outcome);
		should(clients.clock.pending).equal(0);
	});

	it('are no memory leak in the eyes of Node, however many there are', async () => {
		const warnings: Error[] = [];
		const warn = (warning: Error): void => {
			warnings.push(warning);
		};
		process.on('warning', warn);
		const {fetched} = fetchFrom(
			await server(whole),
			Array.from({length: 40}, (_, index) => `${index}.pdf`),
		);
		await fetched;
		await turns();
		process.off('warning', warn);
		should(warnings).be.empty();
	});

	describe('within their limits', () => {
		it('are too large by what is announced, before anything of it is read, and are not asked for again', async () => {
			const one = await server((response) => {
				response.writeHead(200, {'content-length': 2 * mb});
				response.write('%PDF');
			});
			const {outcome, budget} = fetchFrom(one, ['a.pdf'], {maxBytes: mb});
			await finish(outcome);
			should(outcome.error).match({code: 'RETARUS_DOCUMENT_TOO_LARGE', facts: {id: 'a', limit: 1}});
			should(one.seen.length).equal(1);
			should(budget.used).equal(0);
		});

		it('are too large by what really comes, without an end', async () => {
			const one = await server((response) => {
				const more = (): void => {
					while (!response.destroyed && response.write(Buffer.alloc(65_536))) {
						// As fast as it goes.
					}
				};
				response.on('drain', more);
				more();
			});
			const {outcome} = fetchFrom(one, ['a.bin'], {maxBytes: 3 * mb});
			await finish(outcome);
			should(outcome.error).match({code: 'RETARUS_DOCUMENT_TOO_LARGE'});
		});

		it('are too large together', async () => {
			const {outcome} = fetchFrom(await server((response) => response.end(pdf(600_000))), ['a.pdf', 'b.pdf'], {
				maxBytes: mb,
			});
			await finish(outcome);
			should(outcome.error).match({code: 'RETARUS_DOCUMENT_TOO_LARGE'});
		});

		it('are not larger because an attempt failed', async () => {
			const short: Answer = (response) => {
				response.writeHead(200, {'content-length': 600_000});
				response.write('%PDF');
				setImmediate(() => response.destroy());
			};
			const {outcome} = fetchFrom(await server(short, short, (response) => response.end(pdf(600_000))), ['a.pdf'], {
				maxBytes: mb,
			});
			await finish(outcome);
			should(outcome.state).equal('resolved');
		});

		it('fit by their bytes, not by their number: a page each, in chunks', async () => {
			const one = await server((response) => {
				response.write(pdf(5000));
				response.end();
			});
			const {fetched} = fetchFrom(
				one,
				Array.from({length: 100}, (_, index) => `${index}.pdf`),
				{maxBytes: mb},
			);
			should((await fetched).documents.length).equal(100);
		});

		it('wait until other faxes have left, and then come', async () => {
			const budget = new ByteBudget(mb);
			budget.tryTake(mb - 50);
			const one = await server(whole);
			const {outcome} = fetchFrom(one, ['a.pdf', 'b.pdf'], {budget});
			await turns(50);
			should(outcome.state).equal('pending');
			should(budget.used).equal(mb - 50);
			budget.give(mb - 50);
			await finish(outcome);
			should(outcome.state).equal('resolved');
		});

		it('pass alone when they are larger than the whole budget', async () => {
			const {outcome, budget} = fetchFrom(await server((response) => response.end(pdf(50_000))), ['a.pdf', 'b.pdf'], {
				budget: new ByteBudget(20_000),
			});
			await finish(outcome);
			should(outcome.state).equal('resolved');
			should(budget.used).equal(20_000);
		});

		it('of many faxes never lock each other up', async () => {
			const budget = new ByteBudget(300_000);
			const one = await serve((request, response) => {
				response.end(pdf(50_000 + request.url.length * 1000));
			});
			const outcomes = Array.from({length: 12}, (_, fax) =>
				fetchFrom(
					one,
					[1, 2, 3].map((number) => `${fax}-${number}.pdf`),
					{budget},
				),
			);
			await Promise.all(
				outcomes.map(async ({fetched}) => {
					(await fetched).release();
				}),
			);
			should(budget.used).equal(0);
		});

		it('take no more than their slots at the same time', async () => {
			const waiting: ServerResponse[] = [];
			let left = 20;
			let most = 0;
			const one = await server((response) => {
				waiting.push(response);
				most = Math.max(most, waiting.length);
				while (waiting.length >= Math.min(3, left) && left > 0) {
					left -= 1;
					waiting.shift()?.end(pdf());
				}
			});
			const {outcome} = fetchFrom(
				one,
				Array.from({length: 20}, (_, index) => `${index}.pdf`),
				{slots: new Slots(3)},
			);
			await finish(outcome);
			should(outcome.state).equal('resolved');
			should(most).equal(3);
		});
	});

	it('say nothing about the fax when the way to them is at fault', () => {
		should(isTransient(new NetworkError('connectionRefused', 'connecting', {}))).be.true();
		should(isTransient(new AuthError('unauthorized', 'account'))).be.true();
		should(isTransient(new ServiceError('serverError', 503))).be.true();
		should(isTransient(new ServiceError('documentRefused', 500, {}, 1000))).be.true();
		should(isTransient(new ServiceError('documentRefused', 500))).be.false();
		should(isTransient(new RateLimitError(1))).be.true();
		should(isTransient(new NetworkError('connectionBroken', 'body', {}))).be.false();
		should(isTransient(new DocumentGoneError('documentGone', {}))).be.false();
		should(isTransient(new Error('x'))).be.false();
	});
});
