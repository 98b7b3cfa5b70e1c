import should from 'should';
import {InterimAnswers} from '../../../lib/retarus/interim-answers';
import {serveRaw} from '../../world/http-server';
import {Clients} from '../../world/service-client';
import {serveTunnels} from './connect-proxy';

/** What undici gets to read, of bytes that come in pieces. */
const passed = (...pieces: readonly string[]): string => {
	const interim = new InterimAnswers();
	return pieces
		.map((piece) => {
			const bytes = Buffer.from(piece, 'latin1');
			interim.pass(bytes);
			return bytes.toString('latin1');
		})
		.join('');
};

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
const goOn = 'HTTP/1.1 100 Continue\r\n\r\n';
const skipped = 'HTTP/1.1 102 Continue\r\n\r\n';

describe('An interim answer', () => {
	it('of 100 becomes one that undici skips', () => {
		should(passed(goOn + ok)).equal(skipped + ok);
	});

	it('may come in pieces of one byte', () => {
		should(passed(...(goOn + goOn + ok).split(''))).equal(skipped + skipped + ok);
	});

	it('may have headers, line breaks before it, and others beside it', () => {
		const early = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n';
		const long = 'HTTP/1.0 100 Continue\r\nServer: IIS\r\nX: 1\r\n\r\n';
		should(passed(`\r\n${early}${long}${ok}`)).equal(`\r\n${early}${long.replace('100', '102')}${ok}`);
	});

	it('ends with an empty line, with or without carriage returns', () => {
		should(passed(`HTTP/1.1 100 Continue\n\n${goOn}${ok}`)).equal(`HTTP/1.1 102 Continue\n\n${skipped}${ok}`);
	});

	for (const bytes of [
		ok,
		`HTTP/1.1 200 OK\r\n\r\n${goOn}`,
		`HTTP/1.1 101 Switching Protocols\r\n\r\n${goOn}`,
		'HTTP/1.1 1000 x\r\n\r\n'.replace('1000', '404'),
		'SSH-2.0-100 HTTP/1.1 100',
		'',
		'HTTP/1.1 10',
	]) {
		it(`is not seen in ${JSON.stringify(bytes.slice(0, 40))}, which stays as it is`, () => {
			should(passed(bytes)).equal(bytes);
		});
	}

	it('is looked for again when the next request goes out', () => {
		const interim = new InterimAnswers();
		interim.pass(Buffer.from(ok));
		interim.expect();
		const bytes = Buffer.from(goOn);
		interim.pass(bytes);
		should(bytes.toString()).equal(skipped);
	});
});

describe('A server that sends 100 Continue to every POST, unasked,', () => {
	const clients = new Clients();
	const poll = {topic: 't', fetch: 10, lockTimeoutMs: 300_000, ids: []};
	const never = (): AbortSignal => new AbortController().signal;
	const body = '{"results":[{"id":"a"}]}';

	const server = () => {
		const answered = new Map<number, number>();
		return serveRaw((text, socket, connection) => {
			const requests = text.split(/POST \//).length - 1;
			if (text.endsWith('{}') && answered.get(connection) !== requests) {
				answered.set(connection, requests);
				socket.write(goOn);
				setImmediate(() => {
					socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
				});
			}
		});
	};

	for (const way of ['directly', 'through a proxy'] as const) {
		it(`is understood ${way}, and its connection used again`, async () => {
			const old = await server();
			const proxy = await serveTunnels(() => old.port);
			const client =
				way === 'directly' ? clients.make(old.origin) : clients.make('http://fax.test', {proxy: {url: proxy.origin}});
			for (let time = 0; time < 3; time += 1) {
				should((await client.exchange(poll, 30_000, never())).listings.length).equal(1);
			}

			should(old.connections).equal(1);
		});
	}
});
