import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {
	createServer as createHttpServer,
	request,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from 'node:http';
import {createServer as createHttpsServer} from 'node:https';
import {connect, type AddressInfo, type Socket} from 'node:net';
import {join} from 'node:path';
import tls from '@node-red/nodes/core/network/05-tls.js';
import proxy from '@node-red/nodes/core/network/06-httpproxy.js';
import should from 'should';
import {startFlow, type FlowNode} from './flow';

const certificatePath = join(__dirname, 'fixtures', 'certificate.pem');
const certificate = {cert: readFileSync(certificatePath), key: readFileSync(join(__dirname, 'fixtures', 'key.pem'))};

const servers = new Set<Server>();
const listen = async (server: Server): Promise<number> => {
	servers.add(server);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
};

afterEach(() => {
	for (const server of servers) {
		server.closeAllConnections();
		server.close();
	}

	servers.clear();
});

/** Forwards requests to the simulator. */
const forward =
	(baseUrl: string) =>
	(incoming: IncomingMessage, answer: ServerResponse): void => {
		const {origin} = new URL(baseUrl);
		const path = new URL(incoming.url ?? '/', origin).pathname + new URL(incoming.url ?? '/', origin).search;
		const outgoing = request(`${origin}${path}`, {method: incoming.method, headers: incoming.headers}, (response) => {
			answer.writeHead(response.statusCode ?? 500, response.headers);
			response.pipe(answer);
		});
		incoming.pipe(outgoing);
	};

const tlsNode = (properties: Readonly<Record<string, unknown>>): FlowNode => ({
	id: 'tls',
	type: 'tls-config',
	cert: '',
	key: '',
	ca: '',
	certname: '',
	keyname: '',
	caname: '',
	servername: '',
	verifyservercert: true,
	alpnprotocol: '',
	...properties,
});

describe('An account over https', function () {
	this.timeout(10_000);

	/** Starts unwired and is wired later, because the flow starts the simulator, and its address is known only then. */
	const overHttps = async (properties?: Readonly<Record<string, unknown>>) => {
		const flow = await startFlow({
			faxes: 1,
			faxIn: {wires: []},
			types: [tls],
			nodes: () => (properties ? [tlsNode(properties)] : []),
		});
		const port = await listen(createHttpsServer(certificate, forward(flow.simulator.baseUrl)));
		await flow.deploy('nodes', {
			account: {baseUrl: `https://127.0.0.1:${port}/faxin/rest/v1`, tls: properties ? 'tls' : ''},
			in: {wires: [['received']]},
		});
		return flow;
	};

	it('refuses an untrusted certificate, turns red, and names the setting for its authority', async () => {
		const flow = await overHttps();
		await flow.until(() => flow.errors('in').length > 0);
		should(flow.errors('in')[0]).containEql({code: 'RETARUS_NETWORK'});
		should(flow.errors('in')[0]?.message).match(/not trusted.*TLS configuration/);
		await flow.until(() => flow.status('in')?.fill === 'red');
		flow.simulator.requests.count.should.equal(0);
	});

	it('trusts the authority of its TLS configuration', async () => {
		const flow = await overHttps({ca: certificatePath});
		await flow.message('received');
		await flow.until(() => flow.status('in')?.fill === 'green');
		should(flow.status('in')?.text).not.match(/TLS/);
	});

	it('works without certificate checks, and shows that in the status', async () => {
		const flow = await overHttps({verifyservercert: false});
		await flow.message('received');
		await flow.until(() => flow.status('in')?.text === '1/10 · TLS?');
	});
});

describe('An account behind a proxy', function () {
	this.timeout(10_000);

	const proxied: string[] = [];
	const startProxy = async (): Promise<number> => {
		proxied.length = 0;
		const server = createHttpServer((incoming, answer) => {
			proxied.push(incoming.headers['proxy-authorization'] ?? '');
			forward(incoming.url ?? '')(incoming, answer);
		});
		server.on('connect', (incoming, socket: Socket) => {
			proxied.push(incoming.headers['proxy-authorization'] ?? '');
			const [host, port] = (incoming.url ?? '').split(':');
			const upstream = connect(Number(port), host ?? '', () => {
				socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
				upstream.pipe(socket).pipe(upstream);
			});
			upstream.on('error', () => socket.destroy());
			socket.on('error', () => upstream.destroy());
		});
		return listen(server);
	};

	it('uses its proxy node, with the credentials of that node', async () => {
		const port = await startProxy();
		const flow = await startFlow({
			faxes: 1,
			types: [proxy],
			account: {proxy: 'proxy'},
			nodes: () => [{id: 'proxy', type: 'http proxy', url: `http://127.0.0.1:${port}`, noproxy: []}],
			credentials: {proxy: {username: 'user', password: 'word'}},
		});
		await flow.message('received');
		proxied.length.should.be.above(0);
		proxied.every((header) => header === `Basic ${Buffer.from('user:word').toString('base64')}`).should.be.true();
	});

	it('bypasses its proxy node for the exceptions of that node', async () => {
		const port = await startProxy();
		const flow = await startFlow({
			faxes: 1,
			types: [proxy],
			account: {proxy: 'proxy'},
			nodes: () => [{id: 'proxy', type: 'http proxy', url: `http://127.0.0.1:${port}`, noproxy: ['127.0.0.1']}],
		});
		await flow.message('received');
		proxied.should.be.empty();
	});

	it('uses the proxy of the environment, except for hosts in no_proxy', async () => {
		const port = await startProxy();
		const before = {...process.env};
		try {
			process.env.http_proxy = `http://127.0.0.1:${port}`;
			const flow = await startFlow({faxes: 1});
			await flow.message('received');
			proxied.length.should.be.above(0);
			const seen = proxied.length;
			process.env.no_proxy = '127.0.0.1';
			await flow.deploy('nodes', {account: {name: 'changed'}});
			await flow.until(() => flow.status('in')?.text === '1/10');
			proxied.length.should.equal(seen);
		} finally {
			process.env = before;
		}
	});

	it('that a variable misspells is red, and the variable is named without its value', async () => {
		const before = {...process.env};
		try {
			process.env.http_proxy = 'http://user:50%off@127.0.0.1:1';
			const flow = await startFlow();
			await flow.until(() => flow.status('in')?.fill === 'red');
			should(flow.status('in')?.text).match(/\.status\.proxyVariableInvalid$/);
			should(flow.errors('in')[0]).containEql({code: 'RETARUS_CONFIG'});
			should(flow.errors('in')[0]?.message).containEql('http_proxy').and.not.containEql('50%off');
		} finally {
			process.env = before;
		}
	});

	it('that refuses the tunnel is red, and named with its status', async () => {
		const server = createHttpServer();
		server.on('connect', (_incoming, socket: Socket) => {
			socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
		});
		const port = await listen(server);
		const flow = await startFlow({
			types: [proxy],
			account: {proxy: 'proxy', baseUrl: 'https://faxes.invalid/faxin/rest/v1'},
			nodes: () => [{id: 'proxy', type: 'http proxy', url: `http://127.0.0.1:${port}`, noproxy: []}],
		});
		await flow.until(() => flow.errors('in').length > 0);
		should(flow.errors('in')[0]).containEql({code: 'RETARUS_NETWORK'});
		should(flow.errors('in')[0]?.message).containEql(`127.0.0.1:${port}`).and.containEql('407');
		await flow.until(() => flow.status('in')?.fill === 'red');
		should(flow.status('in')?.text).match(/\.status\.proxyUnauthorized$/);
	});

	it('that knows no tunnels is named, and does not hold up a redeploy', async () => {
		const port = await listen(
			createHttpServer((_incoming, answer) => {
				answer.writeHead(407).end();
			}),
		);
		const flow = await startFlow({
			types: [proxy],
			account: {proxy: 'proxy', requestTimeout: 1},
			nodes: () => [{id: 'proxy', type: 'http proxy', url: `http://127.0.0.1:${port}`, noproxy: []}],
		});
		await flow.until(() => flow.errors('in').length > 0);
		should(flow.errors('in')[0]).containEql({code: 'RETARUS_NETWORK'});
		should(flow.errors('in')[0]?.message).containEql(`127.0.0.1:${port}`);
		await flow.deploy('nodes', {account: {requestTimeout: 300}});
		const startedMs = Date.now();
		await flow.deploy('nodes', {account: {requestTimeout: 30}});
		(Date.now() - startedMs).should.be.below(2000);
	});
});
