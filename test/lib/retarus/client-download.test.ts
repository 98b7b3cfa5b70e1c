import should from 'should';
import {serve, serveRaw} from '../../world/http-server';
import {readAll} from '../../world/read-all';
import {Clients} from '../../world/service-client';
import {rejection, turns, until, watch} from '../../world/turns';

const facts = {id: 'a', topic: 't'};

const never = (): AbortSignal => new AbortController().signal;

describe('A download', () => {
	const clients = new Clients();
	const client = clients.make.bind(clients);

	it('asks for the one document, below the configured origin, and tells what was announced', async () => {
		const server = await serve((_, response) =>
			response.writeHead(200, {'content-type': 'application/pdf', 'content-length': 4}).end('%PDF'),
		);
		const stream = await client(server.origin).download('K34@J.QA1/../x?y.pdf', facts, never());
		should({length: stream.length, contentType: stream.contentType, closeDelimited: stream.closeDelimited}).deepEqual({
			length: 4,
			contentType: 'application/pdf',
			closeDelimited: false,
		});
		should((await readAll(stream)).toString()).equal('%PDF');
		should(await stream.endedCleanly()).be.true();
		should(server.seen).match([
			{method: 'GET', url: '/faxin/rest/v1/files/K34%40J.QA1%2F..%2Fx%3Fy.pdf', headers: {authorization: /^Basic /}},
		]);
	});

	it('knows when only the end of the connection ends the body', async () => {
		const server = await serveRaw((text, socket) => {
			socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${text.length > 0 ? '%PDF' : ''}`);
		});
		const stream = await client(server.origin).download('a.pdf', facts, never());
		should({length: stream.length, closeDelimited: stream.closeDelimited}).deepEqual({
			length: undefined,
			closeDelimited: true,
		});
		await readAll(stream);
	});

	it('knows that chunks have an end of their own', async () => {
		const server = await serve((_, response) => {
			response.write('%P');
			response.end('DF');
		});
		const stream = await client(server.origin).download('a.pdf', facts, never());
		should({length: stream.length, closeDelimited: stream.closeDelimited}).deepEqual({
			length: undefined,
			closeDelimited: false,
		});
		await readAll(stream);
	});

	for (const [name, answer] of [
		['announced length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n%PDF'],
		['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n%PDF\r\n'],
	] as const) {
		it(`notices a body that breaks off before the end of its ${name}`, async () => {
			const server = await serveRaw((_, socket) => socket.end(answer));
			const stream = await client(server.origin).download('a.pdf', facts, never());
			should(await rejection(readAll(stream))).match({code: 'RETARUS_NETWORK', phase: 'body'});
		});
	}

	it('notices bytes behind the announced end', async () => {
		const server = await serveRaw((_, socket) =>
			socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n%PDF and more'),
		);
		const stream = await client(server.origin).download('a.pdf', facts, never());
		await readAll(stream);
		should(await stream.endedCleanly()).be.false();
	});

	for (const [status, expected] of [
		[404, {code: 'RETARUS_DOCUMENT_GONE', facts: {...facts, status: 404}}],
		[410, {code: 'RETARUS_DOCUMENT_GONE'}],
		[401, {code: 'RETARUS_AUTH', scope: 'account'}],
		[403, {code: 'RETARUS_SERVICE', reason: 'documentRefused'}],
		[302, {code: 'RETARUS_PROTOCOL'}],
		[500, {code: 'RETARUS_SERVICE', reason: 'serverError'}],
	] as const) {
		it(`calls ${status} by its name`, async () => {
			const server = await serve((_, response) => response.writeHead(status, {location: 'http://127.0.0.1:1/'}).end());
			should(await rejection(client(server.origin).download('a.pdf', facts, never()))).match(expected);
		});
	}

	it('takes no part for a whole', async () => {
		const server = await serve((_, response) =>
			response.writeHead(206, {'content-range': 'bytes 0-7/15'}).end('%PDF-1.4'),
		);
		should(await rejection(client(server.origin).download('a.pdf', facts, never()))).match({
			code: 'RETARUS_DOCUMENT_INVALID',
			reason: 'documentIncomplete',
		});
	});

	for (const status of [302, 403, 404, 410, 500, 503]) {
		it(`is promised for later by Retry-After, even with status ${status}`, async () => {
			const server = await serve((_, response) => response.writeHead(status, {'retry-after': '20'}).end());
			should(await rejection(client(server.origin).download('a.pdf', facts, never()))).match({
				retryAfterMs: 20_000,
			});
		});
	}

	it('refuses a compressed document', async () => {
		const server = await serve((_, response) => response.writeHead(200, {'content-encoding': 'gzip'}).end('x'));
		should(await rejection(client(server.origin).download('a.pdf', facts, never()))).match({reason: 'encodingUnknown'});
	});

	it('waits so long for the headers, and no longer', async () => {
		const server = await serve(() => undefined);
		const outcome = watch(client(server.origin).download('a.pdf', facts, never()));
		await until(() => server.seen.length > 0);
		clients.clock.advance(30_000);
		await until(() => outcome.state !== 'pending');
		should(outcome.error).match({code: 'RETARUS_TIMEOUT', reason: 'silent'});
	});

	it('counts silence from the last chunk', async () => {
		let more: () => void = () => undefined;
		const server = await serve((_, response) => {
			response.write('%PDF');
			more = () => {
				response.write('-1.7');
			};
		});
		const stream = await client(server.origin).download('a.pdf', facts, never());
		const chunks: string[] = [];
		const end = watch(
			stream.read((chunk) => {
				chunks.push(Buffer.from(chunk).toString());
			}),
		);
		await until(() => chunks.length === 1);
		clients.clock.advance(29_999);
		more();
		await until(() => chunks.length === 2);
		clients.clock.advance(29_999);
		await turns(20);
		should(end.state).equal('pending');
		clients.clock.advance(1);
		await until(() => end.state !== 'pending');
		should(end.error).match({code: 'RETARUS_TIMEOUT', reason: 'silent'});
		should(clients.clock.pending).equal(0);
	});

	it('ends the body at once when its owner gives up', async () => {
		const server = await serve((_, response) => {
			response.write('%PDF');
		});
		const abort = new AbortController();
		const stream = await client(server.origin).download('a.pdf', facts, abort.signal);
		const read = watch(readAll(stream));
		await turns(5);
		const reason = new Error('gone');
		abort.abort(reason);
		await until(() => read.state !== 'pending');
		should(read.error).equal(reason);
	});

	it('can be discarded unread', async () => {
		const server = await serve((_, response) => {
			response.write('x'.repeat(100_000));
		});
		const stream = await client(server.origin).download('a.pdf', facts, never());
		stream.discard();
		stream.discard();
	});
});
