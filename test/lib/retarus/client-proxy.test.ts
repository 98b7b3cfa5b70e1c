import should from 'should';
import {createTransport} from '../../../lib/retarus/http';
import {certificate, freePort, serve, serveRaw, serveTls} from '../../world/http-server';
import {Clients} from '../../world/service-client';
import {rejection} from '../../world/turns';
import {serveTunnels} from './connect-proxy';

const poll = {topic: 't', fetch: 10, lockTimeoutMs: 300_000, ids: []};
const never = (): AbortSignal => new AbortController().signal;

describe('The service client behind a proxy', () => {
	const clients = new Clients();
	const client = clients.make.bind(clients);

	const proxyOf = (status: string) =>
		serveRaw((text, socket) => {
			if (text.includes('\r\n\r\n')) {
				socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
			}
		});

	const ways = [
		['407 Proxy Authentication Required', 'proxyUnauthorized', 'account'],
		['403 Forbidden', 'proxyForbidden', 'account'],
		['502 Bad Gateway', 'proxyFailed', 'topic'],
		['503 Service Unavailable', 'proxyFailed', 'topic'],
	] as const;
	for (const [status, reason, scope] of ways) {
		it(`names the proxy and its status when it answers ${status}, with or without TLS`, async () => {
			const proxy = await proxyOf(status);
			for (const origin of ['https://fax.invalid', 'http://fax.invalid']) {
				const error = await rejection(client(origin, {proxy: {url: proxy.origin}}).exchange(poll, 30_000, never()));
				should(error).match({code: 'RETARUS_NETWORK', reason, scope, phase: 'connecting'});
				should(error).match({facts: {proxy: `127.0.0.1:${proxy.port}`}, message: new RegExp(status.slice(0, 3))});
			}
		});
	}

	const behind = (url: string, origin = 'https://fax.invalid'): Promise<unknown> =>
		rejection(client(origin, {proxy: {url}}).exchange(poll, 30_000, never()));

	it('names the proxy when nobody listens there', async () => {
		const proxy = `127.0.0.1:${await freePort()}`;
		should(await behind(`http://${proxy}`)).match({
			code: 'RETARUS_NETWORK',
			reason: 'proxyUnreachable',
			phase: 'connecting',
			facts: {proxy, detail: 'ECONNREFUSED'},
		});
	});

	it('names the proxy when there is no such name', async () => {
		should(await behind('http://proxy.invalid:3128')).match({
			reason: 'proxyNotFound',
			facts: {proxy: 'proxy.invalid:3128'},
		});
	});

	it('names the proxy when it hangs up without an answer, and asks it no more than once', async () => {
		const proxy = await serveRaw((_, socket) => socket.end());
		should(await behind(proxy.origin)).match({reason: 'proxyUnreachable', phase: 'connecting'});
		should(proxy.connections).equal(1);
	});

	it('says that http and https are mixed up in the address of the proxy', async () => {
		const plain = await serveRaw((_, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
		should(await behind(plain.origin.replace('http', 'https'))).match({reason: 'proxyTlsMixedUp', scope: 'account'});
		const alert = Buffer.from([0x15, 3, 3, 0, 2, 2, 70]);
		const secure = await serveRaw((_, socket) => socket.end(alert));
		should(await behind(secure.origin)).match({reason: 'proxyTlsMixedUp', scope: 'account'});
	});

	it("says that the proxy's certificate is not trusted, unless the account knows its authority", async () => {
		const proxy = await serveTls((_, response) => response.end());
		should(await behind(proxy.origin)).match({
			reason: 'certificateRefused',
			facts: {host: `127.0.0.1:${proxy.port}`},
		});
		const trusting = client('https://fax.invalid', {proxy: {url: proxy.origin}, tls: {ca: certificate}});
		should(await rejection(trusting.exchange(poll, 30_000, never()))).match({reason: 'proxyUnreachable'});
	});

	it('does not take a status of the service for one of the proxy', async () => {
		const server = await serve((_, response) => response.writeHead(503).end());
		const proxy = await serveTunnels(() => server.port);
		should(await behind(proxy.origin, 'http://fax.test')).match({code: 'RETARUS_SERVICE', status: 503});
	});

	it('names the proxy when 407 comes in place of the answer', async () => {
		const server = await serve((_, response) => response.writeHead(407).end());
		should(await rejection(client(server.origin).exchange(poll, 30_000, never()))).match({
			reason: 'proxyUnauthorized',
			scope: 'account',
			facts: {proxy: `127.0.0.1:${server.port}`},
		});
	});

	it('says that the address of the proxy cannot be used', async () => {
		for (const url of ['socks5://127.0.0.1:1', 'http://u:50%off@127.0.0.1:1', 'http://127.0.0.1:1/path']) {
			should(await behind(url)).match({code: 'RETARUS_CONFIG', reason: 'proxyInvalid', scope: 'account'});
		}
	});

	it('has its own headers for each request: undici adds to them', async () => {
		const proxy = await proxyOf('502 Bad Gateway');
		const transport = createTransport({origin: 'https://fax.invalid', proxy: {url: proxy.origin}, connections: 1});
		const headers = Object.freeze({accept: '*/*'});
		should(await rejection(transport.request({method: 'GET', path: '/', headers, signal: never()}))).match({
			code: 'RETARUS_NETWORK',
		});
		await transport.close();
	});

	it('tells its credentials to the proxy, and those of Retarus to nobody but Retarus', async () => {
		let asked = '';
		const proxy = await serveRaw((text, socket) => {
			asked = text;
			socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
		});
		await rejection(
			client('https://fax.invalid', {proxy: {url: proxy.origin, username: 'u', password: 'p'}}).exchange(
				poll,
				30_000,
				never(),
			),
		);
		should(asked).match(/^CONNECT fax\.invalid:443 /);
		should(asked.toLowerCase()).match(
			new RegExp(`proxy-authorization: basic ${Buffer.from('u:p').toString('base64')}`.toLowerCase()),
		);
		should(asked).not.match(new RegExp(Buffer.from('99999:secret').toString('base64')));
	});
});
