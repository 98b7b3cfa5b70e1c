import {createHash} from 'node:crypto';
import should from 'should';
import {isTransient} from '../../../lib/documents/downloads';
import {
	AuthError,
	DocumentGoneError,
	NetworkError,
	RateLimitError,
	ServiceError,
	TimeoutError,
} from '../../../lib/errors';
import {serve, serveRaw} from '../../world/http-server';
import {Clients} from '../../world/service-client';
import {rejection, turns, until} from '../../world/turns';
import {answering, finish, pdf, short, start, status, whole, type Answer} from './downloading';

describe('A fax download', () => {
	const clients = new Clients();

	it('brings all documents together, in their order, hashed and named', async () => {
		const server = await serve((request, response) => response.end(Buffer.concat([pdf(), Buffer.from(request.url)])));
		const {fetched, budget} = start(clients, server, ['b.pdf', 'a b.pdf', 'B.pdf']);
		const {documents, unexpected, release} = await fetched;
		should(documents.map(({index, contentType, expected}) => [index, contentType, expected])).deepEqual(
			[0, 1, 2].map((index) => [index, 'application/pdf', true]),
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
		it(`fails without any request when there is ${name}`, async () => {
			const server = await answering(whole);
			const {fetched} = start(clients, server, documents ?? [null]);
			should(await rejection(fetched)).match({
				code: 'RETARUS_DOCUMENT_INVALID',
				reason: 'documentsNone',
				facts: {id: 'a', topic: 't'},
			});
			should(server.seen).be.empty();
		});
	}

	const passing: readonly (readonly [string, Answer])[] = [
		['404', status(404)],
		['410', status(410)],
		['500', status(500)],
		['503', status(503)],
		['429', status(429)],
		['408', status(408)],
		['403', status(403)],
		['a redirect', status(302, {location: '/x'})],
		['an empty body', status(200)],
		['a web page', (response) => response.end('<html>')],
		['JSON', (response) => response.end('{"error":1}')],
		['a text', (response) => response.end('upstream request timeout')],
		['a PDF without its end', (response) => response.end('%PDF-1.4\n1 0 obj')],
		['a broken connection', (response) => response.destroy()],
		['gzip', status(200, {'content-encoding': 'gzip'})],
		['a body that breaks off', short],
	];
	for (const [name, answer] of passing) {
		it(`recovers from ${name}`, async () => {
			const server = await answering(answer, whole);
			const {outcome, fetched, budget} = start(clients, server, ['a.pdf']);
			await finish(clients, outcome);
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
		['a body that breaks off', short, {code: 'RETARUS_DOCUMENT_INVALID', reason: 'documentIncomplete'}],
	];
	for (const [name, answer, expected] of lasting) {
		it(`fails after four attempts with ${name}, and holds nothing then`, async () => {
			const server = await answering(answer);
			const {outcome, budget} = start(clients, server, ['a.pdf']);
			await finish(clients, outcome);
			should(outcome.error).match(expected);
			should(server.seen.length).equal(4);
			should(budget.used).equal(0);
		});
	}

	it('gives a document that is not ready a quarter of a minute at least', async () => {
		const beganMs = clients.clock.now().steadyMs;
		const server = await answering(status(404));
		const {outcome} = start(clients, server, ['a.pdf']);
		await finish(clients, outcome);
		should(clients.clock.now().steadyMs - beganMs).be.within(14_000, 30_000);
	});

	it('begins no attempt after the lock', async () => {
		const server = await answering(status(503, {'retry-after': '20'}), whole);
		const {outcome} = start(clients, server, ['a.pdf'], {lockedForMs: () => 20_000});
		await finish(clients, outcome);
		should(outcome.error).be.instanceof(ServiceError);
		should(server.seen.length).equal(1);
	});

	it('brings all documents or none: the first failure ends the others', async () => {
		let isClosed = false;
		const server = await serve((request, response) => {
			if (request.url.endsWith('bad.pdf')) {
				response.writeHead(404).end();
			} else {
				response
					.on('close', () => {
						isClosed = true;
					})
					.write('%PDF-1.4');
			}
		});
		const {outcome, budget} = start(clients, server, ['slow.pdf', 'bad.pdf'], {lockedForMs: () => 0});
		await finish(clients, outcome);
		should(outcome.error).match({code: 'RETARUS_DOCUMENT_GONE'});
		await until(() => isClosed);
		should(budget.used).equal(0);
	});

	it('tells which document is not what its name says', async () => {
		const {fetched} = start(clients, await answering(whole), ['a.tiff', 'b.pdf']);
		should(await fetched).match({
			unexpected: true,
			documents: [
				{contentType: 'application/pdf', filename: 'a.tiff', expected: false},
				{contentType: 'application/pdf', filename: 'b.pdf', expected: true},
			],
		});
	});

	it('refuses a document with bytes behind its announced end', async () => {
		const content = pdf();
		const server = await serveRaw((text, socket) => {
			if (text.includes('\r\n\r\n')) {
				socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${content.length - 20}\r\n\r\n`);
				socket.write(content);
			}
		});
		const {outcome} = start(clients, server, ['a.pdf']);
		await finish(clients, outcome);
		should(outcome.error).match({code: 'RETARUS_DOCUMENT_INVALID', reason: 'documentIncomplete'});
	});

	it('ends at once when nobody wants it any more', async () => {
		const server = await serve((_, response) => {
			response.write('%PDF-1.4');
		});
		const abort = new AbortController();
		const {outcome, budget} = start(clients, server, ['a.pdf', 'b.pdf'], {signal: abort.signal});
		await until(() => server.seen.length === 2);
		const reason = new Error('gone');
		abort.abort(reason);
		await finish(clients, outcome);
		should(outcome.error).equal(reason);
		should(budget.used).equal(0);
	});

	it('ends at once when nobody wants it while a repeat waits', async () => {
		const server = await answering(status(503, {'retry-after': '20'}));
		const abort = new AbortController();
		const {outcome} = start(clients, server, ['a.pdf'], {signal: abort.signal});
		await until(() => clients.clock.nextMs === 20_000);
		abort.abort(new Error('gone'));
		await finish(clients, outcome);
		should(clients.clock.pending).equal(0);
	});

	it('fetches thousands of documents without a warning or a noticeable pause', async () => {
		const warnings: Error[] = [];
		const warn = (warning: Error): void => {
			warnings.push(warning);
		};
		process.on('warning', warn);
		const names = Array.from({length: 3000}, (_, index) => `${index}.pdf`);
		const server = await answering(whole);
		const {fetched} = start(clients, server, names);
		let longestMs = 0;
		let before = performance.now();
		const watching = setInterval(() => {
			longestMs = Math.max(longestMs, performance.now() - before);
			before = performance.now();
		}, 1);
		const {documents} = await fetched;
		clearInterval(watching);
		await turns();
		process.off('warning', warn);
		should(documents.map(({filename}) => filename)).deepEqual(names);
		should(warnings).be.empty();
		should(longestMs).be.below(500);
	});

	describe('of a close-delimited body', () => {
		const closing = (...contents: readonly Buffer[]) => {
			let attempt = 0;
			return serveRaw((text, socket) => {
				if (text.includes('\r\n\r\n')) {
					socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
					socket.end(contents[Math.min(attempt, contents.length - 1)] ?? '');
					attempt += 1;
				}
			});
		};

		it('is complete with the end mark of a PDF', async () => {
			const server = await closing(pdf());
			const {outcome} = start(clients, server, ['a.pdf']);
			await finish(clients, outcome);
			should(outcome.value?.documents[0]).match({size: pdf().length, expected: true});
			should(server.connections).equal(1);
		});

		it('asks again for a document that is cut, until it is whole', async () => {
			const server = await closing(pdf().subarray(0, 50), pdf().subarray(0, 60), pdf());
			const {outcome} = start(clients, server, ['a.pdf']);
			await finish(clients, outcome);
			should(outcome.value?.documents[0]?.size).equal(pdf().length);
		});

		it('fails when the document is cut elsewhere each time', async () => {
			const server = await closing(...[50, 60, 70, 80].map((length) => pdf().subarray(0, length)));
			const {outcome, budget} = start(clients, server, ['a.pdf']);
			await finish(clients, outcome);
			should(outcome.error).match({reason: 'documentIncomplete', facts: {id: 'a', topic: 't'}});
			should(budget.used).equal(0);
		});

		it('believes the last attempt when it brings the same bytes as the one before', async () => {
			const odd = Buffer.concat([pdf(), Buffer.alloc(5000, 'x')]);
			const server = await closing(pdf().subarray(0, 50), odd);
			const {outcome, budget} = start(clients, server, ['a.pdf']);
			await finish(clients, outcome);
			should(outcome.value?.documents[0]).match({contentType: 'application/pdf', size: odd.length, expected: true});
			should(server.connections).equal(4);
			should(budget.used).equal(odd.length);
		});

		it('fails when the end of a PDF is missing each time, even at the same place', async () => {
			const server = await closing(pdf().subarray(0, 50));
			const {outcome} = start(clients, server, ['a.pdf']);
			await finish(clients, outcome);
			should(outcome.error).match({reason: 'documentIncomplete'});
		});
	});

	it('brings a damaged document that the service has like that, and does not call it a PDF', async () => {
		const server = await answering((response) => response.end(pdf().subarray(0, 50)));
		const {outcome} = start(clients, server, ['a.pdf']);
		await finish(clients, outcome);
		should(outcome.value).match({
			unexpected: true,
			documents: [{contentType: 'application/octet-stream', expected: false, size: 50}],
		});
		should(server.seen.length).equal(4);
	});
});

describe('A failed download', () => {
	it('says nothing about the fax when the way to it, or the service, is at fault', () => {
		for (const error of [
			new NetworkError('connectionRefused', 'connecting', {}),
			new NetworkError('proxyUnauthorized', 'connecting', {}),
			new AuthError('unauthorized', 'account'),
			new RateLimitError(0),
			new ServiceError('serverError', 503),
			new ServiceError('serverError', 408),
			new ServiceError('serverError', 425),
			new ServiceError('serverError', 404, {}, 1000),
			new TimeoutError('noRoomInTime', {}),
		]) {
			should(isTransient(error)).be.true(error.message);
		}

		for (const error of [
			new NetworkError('connectionBroken', 'body', {}),
			new NetworkError('connectionBroken', 'waiting', {}),
			new AuthError('forbidden', 'topic'),
			new DocumentGoneError('documentGone', {}),
			new ServiceError('serverError', 500),
			new ServiceError('serverError', 502),
			new TimeoutError('tooSlow', {}),
			new TimeoutError('silent', {}),
			new Error('x'),
		]) {
			should(isTransient(error)).be.false(error.message);
		}
	});
});
