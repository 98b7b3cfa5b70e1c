import should from 'should';
import type {RetarusClient} from '../../../lib/retarus/client';
import {certificate, freePort, serve, serveRaw, serveTls, type TestServer} from '../../world/http-server';
import {readAll} from '../../world/read-all';
import {Clients} from '../../world/service-client';
import {rejection, turns, until, watch} from '../../world/turns';

const facts = {id: 'a', topic: 't'};
const poll = {topic: 't', fetch: 10, lockTimeoutMs: 300_000, ids: []};
const acknowledge = {topic: 't', fetch: 0, lockTimeoutMs: 60_000, ids: ['a@b', 'c']};
const nothing = '{"meta":{},"results":[]}';

describe('The service client', () => {
	const clients = new Clients();
	const client = clients.make.bind(clients);

	const never = (): AbortSignal => new AbortController().signal;

	const exchange = (server: TestServer, request: Parameters<RetarusClient['exchange']>[0] = poll) =>
		client(server.origin).exchange(request, 30_000, never());

	describe('exchanging', () => {
		it("sends what the vendor's client sends, and nothing else", async () => {
			const server = await serve((_, response) => response.end(nothing));
			await exchange(server, {...poll, ids: ['a@b', 'c']});
			should(server.seen.length).equal(1);
			const [{method, url, headers, body}] = server.seen as [(typeof server.seen)[number]];
			should({method, url, body}).deepEqual({
				method: 'POST',
				url: '/faxin/rest/v1/topics/t?fetch=10&timeout=300&ids=a%40b,c',
				body: '{}',
			});
			should(headers).match({
				'content-type': 'application/json',
				'content-length': '2',
				'accept-encoding': 'identity',
				authorization: `Basic ${Buffer.from('99999:secret').toString('base64')}`,
			});
		});

		it('encodes credentials as UTF-8', async () => {
			const server = await serve((_, response) => response.end(nothing));
			await client(server.origin, {password: 'gehäim:€'}).exchange(poll, 30_000, never());
			should(Buffer.from(server.seen[0]?.headers.authorization?.slice(6) ?? '', 'base64').toString('utf8')).equal(
				'99999:gehäim:€',
			);
		});

		it('reads an answer in any 2xx, and nothing for 204 to an acknowledge', async () => {
			const server = await serve((request, response) => {
				response.statusCode = request.url.includes('fetch=0') ? 204 : 201;
				response.end(response.statusCode === 204 ? undefined : '{"results":[{"id":"a"}]}');
			});
			should((await exchange(server)).listings.length).equal(1);
			should(await exchange(server, acknowledge)).deepEqual({listings: [], malformed: 0});
		});

		it('uses a connection again', async () => {
			const server = await serve((_, response) => response.end(nothing));
			const service = client(server.origin);
			for (let time = 0; time < 3; time += 1) {
				await service.exchange(poll, 30_000, never());
			}

			should(server.connections).equal(1);
		});

		it('uses a connection again after an error with a short body', async () => {
			const server = await serve((_, response) => {
				response.statusCode = 500;
				response.end('x'.repeat(1000));
			});
			const service = client(server.origin);
			await rejection(service.exchange(poll, 30_000, never()));
			await rejection(service.exchange(poll, 30_000, never()));
			should(server.connections).equal(1);
		});

		const statuses: readonly (readonly [number, Record<string, string>, object])[] = [
			[301, {location: 'http://127.0.0.1:1/'}, {code: 'RETARUS_PROTOCOL', reason: 'redirected'}],
			[307, {location: 'http://127.0.0.1:1/'}, {code: 'RETARUS_PROTOCOL', reason: 'redirected'}],
			[400, {}, {code: 'RETARUS_SERVICE', status: 400, reason: 'requestRefused'}],
			[401, {}, {code: 'RETARUS_AUTH', scope: 'account'}],
			[403, {}, {code: 'RETARUS_AUTH', scope: 'topic', facts: {topic: 't'}}],
			[404, {}, {code: 'RETARUS_TOPIC', facts: {topic: 't'}}],
			[407, {}, {code: 'RETARUS_NETWORK', reason: 'proxyUnauthorized'}],
			[408, {}, {code: 'RETARUS_SERVICE', reason: 'serverError'}],
			[414, {}, {code: 'RETARUS_SERVICE', status: 414}],
			[429, {'retry-after': '7'}, {code: 'RETARUS_RATE_LIMIT', retryAfterMs: 7000}],
			[429, {}, {code: 'RETARUS_RATE_LIMIT', retryAfterMs: 0}],
			[500, {}, {code: 'RETARUS_SERVICE', status: 500, retryAfterMs: 0}],
			[503, {'retry-after': '1000000'}, {code: 'RETARUS_SERVICE', status: 503, retryAfterMs: 3_600_000}],
		];
		for (const [status, headers, expected] of statuses) {
			it(`calls ${status} ${JSON.stringify(headers)} by its name, and asks nobody else`, async () => {
				const server = await serve((_, response) => response.writeHead(status, headers).end('{"secret":"x"}'));
				should(await rejection(exchange(server))).match(expected);
				should(server.seen.length).equal(1);
			});
		}

		const bodies: readonly (readonly [string, string, string])[] = [
			['a web page', '<html>Sign in</html>', 'htmlAnswer'],
			['a text', 'OK', 'notJson'],
			['half an answer', nothing.slice(0, -1), 'notJson'],
			['an error', '{"error":{"code":17}}', 'noResults'],
		];
		for (const [name, body, reason] of bodies) {
			it(`calls ${name} with status 200 ${reason}`, async () => {
				const server = await serve((_, response) => response.end(body));
				should(await rejection(exchange(server))).match({code: 'RETARUS_PROTOCOL', reason});
				should(await rejection(exchange(server, acknowledge))).match({code: 'RETARUS_PROTOCOL', reason});
			});
		}

		for (const body of ['', ' \r\n', '{}', '[]', 'null', '{"meta":{"n":1}}', '{"results":null}', '{"results":{}}']) {
			it(`takes ${JSON.stringify(body)} with status 200 for a yes: confirmed, and nothing waits`, async () => {
				const server = await serve((_, response) => response.end(body));
				should(await exchange(server, acknowledge)).deepEqual({listings: [], malformed: 0});
				should(await exchange(server)).deepEqual({listings: [], malformed: 0});
			});
		}

		it('does not take an answer for empty when its length is a lie', async () => {
			for (const request of [poll, acknowledge]) {
				const server = await serveRaw((_, socket) =>
					socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n${nothing}`),
				);
				should(await rejection(exchange(server, request))).match({reason: 'notJson'});
			}
		});

		it('repeats no header in an error that may hold what was sent', async () => {
			const server = await serve(({headers}, response) =>
				response.writeHead(200, {'content-encoding': `${headers.authorization}, gzip`}).end('x'),
			);
			should(await rejection(exchange(server))).match({reason: 'encodingUnknown', facts: {encoding: 'gzip'}});
		});

		it('reads an answer whose Content-Encoding codes nothing', async () => {
			const server = await serve((_, response) =>
				response.writeHead(200, {'content-encoding': 'UTF-8'}).end('{"results":[{"id":"a"}]}'),
			);
			should((await exchange(server)).listings.length).equal(1);
		});

		it('refuses an answer in an encoding it did not ask for', async () => {
			const server = await serve((_, response) => response.writeHead(200, {'content-encoding': 'gzip'}).end('x'));
			should(await rejection(exchange(server))).match({
				code: 'RETARUS_PROTOCOL',
				reason: 'encodingUnknown',
				facts: {encoding: 'gzip'},
			});
		});

		it('stops reading an answer that never ends', async () => {
			const server = await serve((_, response) => {
				const piece = Buffer.alloc(1024 * 1024, 32);
				const more = (): void => {
					while (!response.destroyed && response.write(piece)) {
						// As fast as it goes.
					}
				};
				response.on('drain', more);
				more();
			});
			should(await rejection(exchange(server))).match({
				code: 'RETARUS_PROTOCOL',
				reason: 'answerTooLarge',
				facts: {limit: 32},
			});
		});

		it('has one deadline for the whole answer, dripping or not', async () => {
			const server = await serve((_, response) => {
				response.write('{');
			});
			const outcome = watch(exchange(server));
			await until(() => server.seen.length > 0);
			await turns(20);
			clients.clock.advance(29_999);
			await turns(20);
			should(outcome.state).equal('pending');
			clients.clock.advance(1);
			await until(() => outcome.state !== 'pending');
			should(outcome.error).match({code: 'RETARUS_TIMEOUT', reason: 'noAnswer', facts: {seconds: 30}});
		});

		it("ends at once when its owner gives up, with the owner's reason", async () => {
			const server = await serve(() => undefined);
			const abort = new AbortController();
			const outcome = watch(client(server.origin).exchange(poll, 30_000, abort.signal));
			await until(() => server.seen.length > 0);
			const reason = new Error('closing');
			abort.abort(reason);
			await until(() => outcome.state !== 'pending');
			should(outcome.error).equal(reason);
		});
	});

	describe('on a connection that the server has just closed', () => {
		/** Answers the first request of a connection and closes it when the second one comes. */
		const stale = (answer: string, isLasting = false) =>
			serveRaw((text, socket, connection) => {
				const requests = text.split(/(?:POST|GET) \//).length - 1;
				if (requests > 1 || (isLasting && connection > 1)) {
					socket.destroy();
				} else if (/\r\n\r\n(?:\{\})?$/.test(text) && (text.startsWith('GET') || text.endsWith('{}'))) {
					socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${answer.length}\r\n\r\n${answer}`);
				}
			});

		it('repeats an acknowledge once', async () => {
			const server = await stale(nothing);
			const service = client(server.origin);
			await service.exchange(poll, 30_000, never());
			should(await service.exchange(acknowledge, 30_000, never())).deepEqual({listings: [], malformed: 0});
			should(server.connections).equal(2);
		});

		it('repeats a download once', async () => {
			const server = await stale(nothing);
			const service = client(server.origin);
			await service.exchange(poll, 30_000, never());
			should((await readAll(await service.download('a.pdf', facts, never()))).toString()).equal(nothing);
		});

		it('never repeats a poll, which may have locked faxes', async () => {
			const server = await stale(nothing);
			const service = client(server.origin);
			await service.exchange(poll, 30_000, never());
			for (const ids of [[], ['a']]) {
				should(await rejection(service.exchange({...poll, ids}, 30_000, never()))).match({
					code: 'RETARUS_NETWORK',
					phase: 'waiting',
				});
				await service.exchange(acknowledge, 30_000, never());
			}
		});

		it('does not repeat twice', async () => {
			const server = await stale(nothing, true);
			const service = client(server.origin);
			await service.exchange(poll, 30_000, never());
			should(await rejection(service.exchange(acknowledge, 30_000, never()))).match({code: 'RETARUS_NETWORK'});
			should(server.connections).equal(2);
		});
	});

	describe('that cannot connect', () => {
		it('says that the host refuses', async () => {
			const port = await freePort();
			should(await rejection(client(`http://127.0.0.1:${port}`).exchange(poll, 30_000, never()))).match({
				code: 'RETARUS_NETWORK',
				reason: 'connectionRefused',
				phase: 'connecting',
				facts: {host: `127.0.0.1:${port}`},
			});
		});

		it('says that localhost refuses on all its addresses', async () => {
			should(await rejection(client(`http://localhost:${await freePort()}`).exchange(poll, 30_000, never()))).match({
				reason: 'connectionRefused',
			});
		});

		it('says that there is no such host', async () => {
			should(await rejection(client('http://fax.invalid').exchange(poll, 30_000, never()))).match({
				code: 'RETARUS_NETWORK',
				reason: 'hostNotFound',
				phase: 'connecting',
			});
		});

		it('says that the certificate is not trusted, sends nothing, and does when it is', async () => {
			const server = await serveTls((_, response) => response.end(nothing));
			should(await rejection(exchange(server))).match({
				code: 'RETARUS_NETWORK',
				reason: 'certificateRefused',
				phase: 'connecting',
			});
			should(server.seen).be.empty();
			await client(server.origin, {tls: {ca: certificate}}).exchange(poll, 30_000, never());
			await client(server.origin, {tls: {rejectUnauthorized: false}}).exchange(poll, 30_000, never());
			should(server.seen.length).equal(2);
		});

		it('says that http and https are mixed up when the server does not speak TLS', async () => {
			const server = await serve((_, response) => response.end(nothing));
			should(await rejection(client(server.origin.replace('http', 'https')).exchange(poll, 30_000, never()))).match({
				code: 'RETARUS_NETWORK',
				reason: 'tlsMixedUp',
				phase: 'connecting',
			});
		});

		it('says that http and https are mixed up when the server expects TLS', async () => {
			const alert = Buffer.from([0x15, 3, 3, 0, 2, 2, 70]);
			const server = await serveRaw((_, socket) => socket.end(alert));
			should(await rejection(exchange(server))).match({code: 'RETARUS_NETWORK', reason: 'tlsMixedUp'});
		});

		it('says that the answer is not HTTP', async () => {
			const server = await serveRaw((_, socket) => socket.end('SSH-2.0-x\r\n'));
			should(await rejection(exchange(server))).match({code: 'RETARUS_NETWORK', reason: 'notHttp'});
		});

		it('names the setting when the headers of the answer are larger than Node takes', async () => {
			const server = await serveRaw((_, socket) =>
				socket.end(`HTTP/1.1 200 OK\r\nSet-Cookie: ${'x'.repeat(20_000)}\r\nContent-Length: 0\r\n\r\n`),
			);
			const error = await rejection(exchange(server));
			should(error).match({code: 'RETARUS_PROTOCOL', reason: 'headersTooLarge', message: /--max-http-header-size/});
		});

		it('says that the service has not seen the request, whatever kept the connection from being made', async () => {
			const lookup = (
				_host: string,
				_options: object,
				callback: (error: Error, address: string, family: number) => void,
			): void => {
				callback(Object.assign(new Error('no name'), {code: 'EAI_FAIL'}), '', 4);
			};
			should(await rejection(client('http://fax.invalid', {tls: {lookup}}).exchange(poll, 30_000, never()))).match({
				code: 'RETARUS_NETWORK',
				phase: 'connecting',
			});
			const server = await serveRaw((_, socket) => socket.resetAndDestroy());
			should(await rejection(client(server.origin.replace('http', 'https')).exchange(poll, 30_000, never()))).match({
				code: 'RETARUS_NETWORK',
				phase: 'connecting',
			});
			should(await rejection(client(server.origin).exchange(poll, 30_000, never()))).match({
				code: 'RETARUS_NETWORK',
				phase: 'waiting',
			});
		});

		it('ends the connection that is just being made when it is closed', async () => {
			let open = 0;
			const server = await serveRaw((_, socket) => {
				open += 1;
				socket.on('close', () => {
					open -= 1;
				});
			});
			const service = client(server.origin.replace('http', 'https'));
			const abort = new AbortController();
			const outcome = watch(service.exchange(poll, 30_000, abort.signal));
			await until(() => open > 0);
			abort.abort(new Error('closing'));
			await service.close();
			await until(() => open === 0);
			should(outcome.error).match({message: 'closing'});
		});

		it('cannot be used once it is closed', async () => {
			const server = await serve((_, response) => response.end(nothing));
			const service = client(server.origin);
			await service.exchange(poll, 30_000, never());
			await service.close();
			should(await rejection(service.exchange(poll, 30_000, never()))).match({code: 'RETARUS_NETWORK'});
		});
	});
});
