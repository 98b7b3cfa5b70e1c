import should from 'should';
import type {RetarusClient} from '../../../lib/retarus/client';
import {RetarusClient as Client} from '../../../lib/retarus/client';
import {createTransport, type Proxy, type Transport} from '../../../lib/retarus/http';
import {serve, serveRaw, serveTls, type Handler, type TestServer} from '../../world/http-server';
import {ManualClock} from '../../world/manual-clock';
import {rejection, turns} from '../../world/turns';
import {serveTunnels} from './connect-proxy';

const poll = {topic: 't', fetch: 10, lockTimeoutMs: 300_000, ids: []};
const acknowledge = {topic: 't', fetch: 0, lockTimeoutMs: 60_000, ids: ['a']};
const nothing = '{"meta":{},"results":[]}';
const never = (): AbortSignal => new AbortController().signal;
const answer: Handler = (_, response) => response.end(nothing);
const unavailable: Handler = (_, response) => response.writeHead(503).end('no server is available');
const minuteMs = 60_000;

describe('A connection', () => {
	let clock = new ManualClock();
	const transports: Transport[] = [];
	beforeEach(() => {
		clock = new ManualClock();
	});
	afterEach(async () => {
		await Promise.all(transports.splice(0).map((transport) => transport.close()));
	});

	interface Options {
		readonly lookup?: (host: string, options: object, callback: (...found: unknown[]) => void) => void;
		readonly proxy?: Proxy | 'none';
		readonly connections?: number;
	}

	const client = (origin: string, {lookup, proxy = 'none', connections = 1}: Options = {}): RetarusClient => {
		const tls = {rejectUnauthorized: false, ...(lookup && {lookup})};
		const transport = createTransport({origin, proxy, connections, clock, tls});
		transports.push(transport);
		const options = {basePath: '', customerNumber: '1', password: '2', requestTimeoutMs: 30_000};
		return new Client({transport, clock, ...options});
	};

	/** What happened to a poll, for short. */
	const outcome = async (one: RetarusClient): Promise<string> => {
		try {
			await one.exchange(poll, 30_000, never());
			return 'answered';
		} catch (error) {
			return error instanceof Error && 'reason' in error ? String(error.reason) : String(error);
		}
	};

	describe('to a name that was moved', () => {
		/** Both listen on the same port, each at an address of its own. */
		const pair = async (): Promise<{drained: TestServer; fresh: TestServer}> => {
			const drained = await serve(unavailable);
			const fresh = await serve(answer, {host: '127.0.0.2', port: drained.port});
			return {drained, fresh};
		};

		it('is left when the old server keeps it and answers 503 twice', async () => {
			const {drained, fresh} = await pair();
			let address = '127.0.0.1';
			const one = client(`http://fax.test:${drained.port}`, {
				lookup: (_host, _options, callback) => {
					callback(null, [{address, family: 4}]);
				},
			});
			should(await outcome(one)).equal('serverError');
			address = '127.0.0.2';
			should([await outcome(one), await outcome(one), await outcome(one)]).deepEqual([
				'serverError',
				'answered',
				'answered',
			]);
			should([drained.connections, fresh.connections]).deepEqual([1, 1]);
		});

		it('is left through a proxy too, which looks the name up again for a new tunnel', async () => {
			const {drained, fresh} = {drained: await serve(unavailable), fresh: await serve(answer)};
			let port = drained.port;
			const proxy = await serveTunnels(() => port);
			const one = client('http://fax.test', {proxy: {url: proxy.origin}});
			should(await outcome(one)).equal('serverError');
			port = fresh.port;
			should([await outcome(one), await outcome(one)]).deepEqual(['serverError', 'answered']);
			should([drained.connections, fresh.connections]).deepEqual([1, 1]);
		});

		it('is left through a proxy and TLS', async () => {
			const {drained, fresh} = {drained: await serveTls(unavailable), fresh: await serveTls(answer)};
			let port = drained.port;
			const proxy = await serveTunnels(() => port);
			const one = client('https://fax.test', {proxy: {url: proxy.origin}});
			should(await outcome(one)).equal('serverError');
			port = fresh.port;
			should([await outcome(one), await outcome(one)]).deepEqual(['serverError', 'answered']);
		});

		it('takes the others that are kept open along', async () => {
			const {drained, fresh} = await pair();
			let address = '127.0.0.1';
			const one = client(`http://fax.test:${drained.port}`, {
				connections: 3,
				lookup: (_host, _options, callback) => {
					callback(null, [{address, family: 4}]);
				},
			});
			await Promise.all([outcome(one), outcome(one), outcome(one)]);
			address = '127.0.0.2';
			await outcome(one);
			should(await Promise.all([outcome(one), outcome(one), outcome(one)])).deepEqual([
				'answered',
				'answered',
				'answered',
			]);
			should([drained.connections, fresh.connections]).deepEqual([3, 3]);
		});

		it('is left when the old server does not know the path any more', async () => {
			const server = await serve((_, response) => response.writeHead(404).end('default backend - 404'));
			const one = client(server.origin);
			should([await outcome(one), await outcome(one), await outcome(one)]).deepEqual([
				'topicUnknownToOther',
				'topicUnknownToOther',
				'topicUnknownToOther',
			]);
			should(server.connections).equal(2);
		});

		it('takes no others along for what may be about a request alone', async () => {
			let status = 200;
			const server = await serve((_, response) => response.writeHead(status).end(nothing));
			const one = client(server.origin, {connections: 3});
			await Promise.all([outcome(one), outcome(one), outcome(one)]);
			status = 404;
			for (let time = 0; time < 2; time += 1) {
				// Until the first one is free again, so that both take it.
				await turns(5);
				await outcome(one);
			}

			status = 200;
			await turns(5);
			await Promise.all([outcome(one), outcome(one), outcome(one)]);
			should(server.connections).equal(4);
		});

		it('is left at once when the server says that it is misdirected', async () => {
			const server = await serve((_, response) => response.writeHead(server.seen.length === 1 ? 421 : 200).end());
			const one = client(server.origin);
			should([await outcome(one), await outcome(one), server.connections]).deepEqual(['serverError', 'answered', 2]);
		});

		it('is left when a login page answers twice in place of the service', async () => {
			const server = await serve((_, response) =>
				response.writeHead(200, {'content-type': 'text/html'}).end('<html>Sign in</html>'),
			);
			const one = client(server.origin);
			should([await outcome(one), await outcome(one), await outcome(one)]).deepEqual([
				'htmlAnswer',
				'htmlAnswer',
				'htmlAnswer',
			]);
			should(server.connections).equal(2);
		});
	});

	it('is left at every second failure while they go on', async () => {
		const server = await serve(unavailable);
		const one = client(server.origin);
		for (let time = 0; time < 6; time += 1) {
			await outcome(one);
		}

		should(server.connections).equal(3);
	});

	it('is kept while 429 asks for fewer requests', async () => {
		const server = await serve((_, response) => response.writeHead(429).end());
		const one = client(server.origin);
		await outcome(one);
		await outcome(one);
		await outcome(one);
		should(server.connections).equal(1);
	});

	it('is kept when failures are not in a row', async () => {
		const server = await serve((_, response) =>
			response.writeHead(server.seen.length % 2 === 0 ? 200 : 500).end(nothing),
		);
		const one = client(server.origin);
		for (let time = 0; time < 6; time += 1) {
			await outcome(one);
		}

		should(server.connections).equal(1);
	});

	it('carries polls for some minutes without a new TLS handshake, and is not trusted for ever', async () => {
		const server = await serveTls(answer);
		const one = client(server.origin);
		for (let time = 0; time < 10; time += 1) {
			await outcome(one);
			clock.advance(minuteMs / 2);
		}

		should(server.connections).equal(1);
		clock.advance(minuteMs / 2);
		should([await outcome(one), server.connections]).deepEqual(['answered', 2]);
	});

	it('is not trusted after the machine slept, although its steady clock stood still', async () => {
		const server = await serve(answer);
		const one = client(server.origin);
		await outcome(one);
		clock.sleepMachine(60 * minuteMs);
		await outcome(one);
		should(server.connections).equal(2);
	});

	describe('that the server closes when it is idle', () => {
		/** Closes a connection when its second request comes, as a server does whose patience ends at this moment. */
		const impatient = (): Promise<TestServer> =>
			serveRaw((text, socket) => {
				const requests = text.split(/(?:POST|GET) \//).length - 1;
				if (requests > 1) {
					socket.destroy();
				} else if (text.endsWith('{}')) {
					socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${nothing.length}\r\n\r\n${nothing}`);
				}
			});

		it('says so when it breaks under a poll, and only when it was used before', async () => {
			const server = await impatient();
			const one = client(server.origin);
			await one.exchange(poll, 30_000, never());
			should(await rejection(one.exchange(poll, 30_000, never()))).match({
				reason: 'connectionBroken',
				phase: 'waiting',
				isStaleSocket: true,
			});
			const broken = await serveRaw((_, socket) => socket.destroy());
			should(await rejection(client(broken.origin).exchange(poll, 30_000, never()))).match({
				reason: 'connectionBroken',
				isStaleSocket: false,
			});
		});

		it('is not used again after as long a pause', async () => {
			const server = await impatient();
			const one = client(server.origin);
			await outcome(one);
			clock.advance(1000);
			should(await outcome(one)).equal('connectionBroken');
			for (let time = 0; time < 5; time += 1) {
				should(await outcome(one)).equal('answered');
				clock.advance(1000);
			}

			should(server.connections).equal(6);
		});

		it('teaches that when its end comes between two polls, too', async () => {
			const server = await serve((_, response) => {
				response.end(nothing);
			});
			const one = client(server.origin);
			await outcome(one);
			clock.advance(1000);
			server.endConnections();
			await turns(20);
			await outcome(one);
			clock.advance(900);
			await outcome(one);
			should(server.connections).equal(3);
		});

		it('teaches nothing when others have survived a longer pause', async () => {
			const server = await serve(answer);
			const one = client(server.origin);
			await outcome(one);
			clock.advance(minuteMs);
			await outcome(one);
			clock.advance(1000);
			server.endConnections();
			await turns(20);
			await outcome(one);
			clock.advance(minuteMs / 2);
			await outcome(one);
			should(server.connections).equal(2);
		});

		it('teaches nothing for ever', async () => {
			const server = await impatient();
			const one = client(server.origin);
			await outcome(one);
			clock.advance(1000);
			should(await outcome(one)).equal('connectionBroken');
			clock.advance(11 * minuteMs);
			should(await outcome(one)).equal('answered');
			clock.advance(1000);
			should(await outcome(one)).equal('connectionBroken');
		});
	});

	it('that cannot be made teaches nothing about the last one', async () => {
		const server = await serve(answer);
		const one = client(server.origin);
		await outcome(one);
		clock.advance(minuteMs);
		await server.close();
		should(await outcome(one)).equal('connectionRefused');
		const next = await serve(answer, {port: server.port});
		await outcome(one);
		clock.advance(minuteMs);
		await outcome(one);
		should(next.connections).equal(1);
	});

	it('repeats an acknowledgement only once, on a new socket', async () => {
		const server = await serve((_, response) => response.destroy());
		should(await rejection(client(server.origin).exchange(acknowledge, 30_000, never()))).match({phase: 'waiting'});
		should(server.connections).equal(2);
	});
});
