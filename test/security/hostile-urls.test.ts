import type {ServerResponse} from 'node:http';
import should from 'should';
import {Account} from '../../lib/account/account';
import {ByteBudget} from '../../lib/documents/byte-budget';
import {realEnvironment} from '../../lib/environment';
import {TopicMemory} from '../../lib/faxes/memory';
import {StateFolder} from '../../lib/ledger/state-folder';
import type {Topic} from '../../lib/account/topic';
import {hostileUrls} from '../proof/fuzz/urls';
import {serve, serveRaw, serveTls, type Seen, type TestServer} from '../world/http-server';
import {MemoryFiles} from '../world/memory-files';
import {usual} from '../world/receiving';
import {rejection, until} from '../world/turns';
import {watchNetwork, type NetworkWatch} from './network-watch';

const count = 500;
const seed = Math.floor(Math.random() * 2 ** 31);
const redirects = [301, 302, 303, 307, 308] as const;

/** Known tricks; `evil` is the host and port of a canary. */
const written = (evil: string): readonly string[] => [
	`//${evil}/a.pdf`,
	`\\\\${evil}\\a.pdf`,
	`/\\${evil}/b.pdf`,
	`\\/${evil}/c.pdf`,
	`///${evil}/d.pdf`,
	`http:${evil}/e.pdf`,
	`http:/${evil}/f.pdf`,
	`http:\\\\${evil}\\g.pdf`,
	`HTTP://${evil}/h.pdf`,
	`http://user:pw@${evil}/i.pdf`,
	`http://configured@${evil}/j.pdf`,
	`http://${evil}#@configured/k.pdf`,
	`http://${evil}?@configured/l.pdf`,
	`http://${evil}\\@configured/m.pdf`,
	`http://${evil}`,
	`//${evil}`,
	`user:pw@${evil}`,
	'http://169.254.169.254/latest/meta-data/iam',
	'http://[fd00:ec2::254]/latest',
	'http://[::1]/a.pdf',
	'http://[::ffff:127.0.0.1]/a.pdf',
	'http://2130706433/a.pdf',
	'http://0x7f.1/a.pdf',
	'http://127.1/a.pdf',
	'http://0/a.pdf',
	'file:///etc/passwd',
	'file://localhost/etc/passwd',
	'file:a.pdf',
	'C:\\Windows\\win.ini',
	'\\\\?\\C:\\a.pdf',
	'/etc/passwd',
	'javascript:alert(1)',
	'javascript://a/%0aalert(1)',
	'data:application/pdf;base64,JVBERi0=',
	'data:,a',
	'blob:http://a/b',
	'ftp://a/b.pdf',
	'ws://a/b.pdf',
	'gopher://a/_b',
	'jar:http://a!/b',
	'view-source:http://a/b',
	'about:blank',
	'mailto:a@b',
	'unix:/var/run/docker.sock:/x',
	`ht\ntp://${evil}/n.pdf`,
	`\thttp://${evil}/o.pdf`,
	` http://${evil}/p.pdf`,
	`http\t://${evil}/q.pdf`,
	`http://\t${evil}/r.pdf`,
	`http://${evil}\r\nHost: evil\r\n\r\n/s.pdf`,
	'a.pdf\r\nX-Evil: 1',
	'a.pdf HTTP/1.1\r\nHost: evil\r\n\r\nGET /x',
	'..',
	'../',
	'../../topics/demo',
	'../../topics/demo?fetch=100&ids=a',
	'..%2f..%2ftopics%2fdemo',
	'%2e%2e/%2e%2e/topics/demo',
	'%2e%2e%2f',
	'..%5c..%5ctopics',
	'..%252ftopics',
	'%252e%252e',
	'/files/../../topics/demo',
	'x/..;/topics/demo',
	'/./a.pdf',
	'/files/.',
	'/files/..',
	'/files/%2e',
	'/files/%2E%2e',
	'/files/%00',
	'/files/a%00.pdf',
	'/files/a%0d%0aX:%201',
	'/files/%c0%ae%c0%ae',
	'/files/\uFF0E\uFF0E',
	'/files/\u2024\u2024',
	'/files/\u2215etc\u2215passwd',
	'/files/\uFF0Fetc',
	'/files/\u29F8x',
	'http://xn--retrus-cua.com/a.pdf',
	'http://ret\u0430rus.com/a.pdf',
	'http://\u24D4vil.invalid/a.pdf',
	'http://evil\u3002invalid/a.pdf',
	'http://evil.invalid./a.pdf',
	'http://evil.invalid:65536/a.pdf',
	'http://evil.invalid:0/a.pdf',
	'http://evil.invalid:/a.pdf',
	'?a',
	'#a',
	'',
	'/',
	'//',
	'///',
	' ',
	'%',
	'%%',
	'%zz',
	'\uD800',
	'\u202Efdp.a',
	'@',
	':',
	'*',
	'a.pdf?x=//evil',
	'a.pdf#//evil',
	'a.pdf;//evil',
	`${'x'.repeat(10_000)}.pdf`,
	`http://${'x'.repeat(10_000)}/a.pdf`,
	`${'../'.repeat(3000)}topics/demo`,
	`http://${evil}/${'%2e%2e%2f'.repeat(1000)}x`,
	`http://${evil}/t.pdf?${'x'.repeat(10_000)}`,
];

const pdf = '%PDF-1.4\n%%EOF\n';

let open: Account | undefined;

/** An account on the configured server, over real sockets. */
const receive = (server: TestServer): {readonly topic: Topic; readonly account: Account} => {
	// No pause between attempts.
	const environment = {...realEnvironment, random: () => 0, files: new MemoryFiles()};
	const memory = new TopicMemory(environment.clock);
	const account = new Account(
		{
			baseUrl: `${server.origin}/faxin/rest/v1`,
			customerNumber: '99999',
			password: 'secret',
			requestTimeoutMs: 30_000,
			isTrial: false,
			proxy: 'none',
		},
		{
			environment,
			memory: () => memory,
			budget: new ByteBudget(2 ** 28),
			folder: new StateFolder('/state', environment, () => Promise.resolve(() => Promise.resolve())),
		},
	);
	open = account;
	return {account, topic: account.topic('demo')};
};

describe(`The address of a document (seed ${seed})`, function () {
	this.timeout(30_000);

	let canary: TestServer;
	let tlsCanary: TestServer;
	let rawCanary: TestServer;
	let watched: NetworkWatch;

	beforeEach(async () => {
		const greet = (_request: Seen, response: ServerResponse): void => {
			response.end(pdf);
		};
		[canary, tlsCanary, rawCanary] = await Promise.all([
			serve(greet),
			serveTls(greet),
			serveRaw((_text, socket) => socket.end(pdf)),
		]);
		watched = watchNetwork();
	});

	afterEach(async () => {
		watched.end();
		await open?.close();
		open = undefined;
	});

	const nobodyElse = (server: TestServer): void => {
		should([...new Set(watched.destinations)]).deepEqual([`127.0.0.1:${server.port}`]);
		should(watched.names).be.empty();
		should([canary, tlsCanary, rawCanary].map(({connections}) => connections)).deepEqual([0, 0, 0]);
		should([...canary.seen, ...tlsCanary.seen]).be.empty();
	};

	it('is watched closely enough to notice a request to another host', async () => {
		await (await fetch(`${canary.origin}/a.pdf`, {headers: {authorization: 'Basic x'}})).text();
		should(watched.destinations).deepEqual([`127.0.0.1:${canary.port}`]);
		should(canary.seen[0]?.headers.authorization).equal('Basic x');
		should(canary.connections).equal(1);
		await rejection(fetch('http://evil.invalid/'));
		should(watched.names).deepEqual(['evil.invalid']);
	});

	it(`leads only to /files/ of the configured origin, in ${count} hostile cases with redirects`, async () => {
		const evils = [canary, tlsCanary, rawCanary].map(({port}) => `127.0.0.1:${port}`);
		const urls = [...new Set([...evils.flatMap(written), ...hostileUrls(seed, count, evils[0] ?? '')])].slice(
			0,
			count + written('').length,
		);
		const results = urls.map((url, index) => ({id: `fax${index}`, documents: [{url}]}));
		const meta = {next: `${canary.origin}/next`, exit: `//${evils[2] ?? ''}/exit`};
		let polls = 0;
		const server = await serve(({method, url}, response) => {
			if (method === 'POST') {
				polls += 1;
				response.end(JSON.stringify({meta, results: polls === 1 ? results : []}));
			} else if (url.length % 4 === 0) {
				response
					.writeHead(redirects[url.length % redirects.length] ?? 302, {location: `${canary.origin}/redirected.pdf`})
					.end();
			} else {
				response.end(pdf);
			}
		});
		const {topic, account} = receive(server);
		const names: string[] = [];
		let failed = 0;
		await new Promise<void>((resolve) => {
			let left = urls.length;
			const settle = (): void => {
				left -= 1;
				if (left === 0) {
					resolve();
				}
			};
			topic.on('delivery', ({documents}) => {
				names.push(...documents.map(({filename}) => filename));
				settle();
			});
			topic.on('failure', () => {
				failed += 1;
				settle();
			});
			topic.receive({...usual, pollIntervalMs: 0, maxInFlight: 1000, batchSize: 1000});
			void topic.poll();
		});
		await account.close();

		nobodyElse(server);
		urls.length.should.be.aboveOrEqual(count);
		names.length.should.be.above(count / 4);
		failed.should.be.above(count / 10);
		const [exchange, ...downloads] = server.seen;
		should(exchange?.url).match(/^\/faxin\/rest\/v1\/topics\/demo\?fetch=\d+&timeout=300$/);
		for (const {url, method, headers} of downloads) {
			should(method).equal('GET');
			url.should.match(/^\/faxin\/rest\/v1\/files\/[\w.!~*'()%-]+$/);
			const {pathname} = new URL(url, server.origin);
			pathname.should.equal(url);
			decodeURIComponent(url.slice('/faxin/rest/v1/files/'.length)).should.not.match(/^\.*$|[/\\\0\r\n]/);
			should(headers.host).equal(`127.0.0.1:${server.port}`);
		}

		for (const name of names) {
			name.should.match(/^[A-Za-z0-9][A-Za-z0-9._@-]*$/);
		}
	});

	for (const status of redirects) {
		it(`is not changed by a redirect (${status}) of a poll or an acknowledgement`, async () => {
			const server = await serve((_request, response) => {
				response.writeHead(status, {location: `${canary.origin}/faxin/rest/v1/topics/demo?fetch=1`}).end();
			});
			const {topic, account} = receive(server);
			topic.receive({...usual, pollIntervalMs: 0});
			should(await rejection(topic.poll())).have.property('code', 'RETARUS_PROTOCOL');
			void topic.acknowledge({id: 'a'});
			await topic.poll().catch(() => undefined);
			await until(() => server.seen.some(({url}) => url.includes('ids=a')));
			await account.close();
			nobodyElse(server);
		});
	}
});
