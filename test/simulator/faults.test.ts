import {once} from 'node:events';
import {connect} from 'node:net';
import {gunzipSync} from 'node:zlib';
import should from 'should';
import type {Fault, Simulator} from '../../simulator';
import {exchange, kindsOf, send, simulate, start, statusOf} from './harness';

const content = Buffer.from('%PDF-1.4 ' + 'x'.repeat(1000));
const half = Math.floor(content.length / 2);

/** All that a connection says to one request, and how it ends. */
async function rawDownload(
	simulator: Simulator,
	stopAfterBytes = Infinity,
): Promise<{head: string; body: Buffer; end: 'fin' | 'reset' | 'open'}> {
	const socket = connect(simulator.port, '127.0.0.1');
	const chunks: Buffer[] = [];
	let length = 0;
	const ended = new Promise<'fin' | 'reset' | 'open'>((resolve) => {
		socket.on('data', (chunk) => {
			chunks.push(chunk);
			length += chunk.length;
			if (length >= stopAfterBytes) {
				resolve('open');
			}
		});
		socket.on('end', () => {
			resolve('fin');
		});
		socket.on('error', (error) => {
			should(error).have.property('code', 'ECONNRESET');
			resolve('reset');
		});
	});
	await once(socket, 'connect');
	socket.write(
		'GET /faxin/rest/v1/files/one.pdf HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic OTk5OTk6c2VjcmV0\r\n\r\n',
	);
	const end = await ended;
	socket.destroy();
	const received = Buffer.concat(chunks);
	const blank = received.indexOf('\r\n\r\n');
	return {head: received.subarray(0, Math.max(blank, 0)).toString('latin1'), body: received.subarray(blank + 4), end};
}

async function withDocument(fault: Fault): Promise<Simulator> {
	const simulator = await simulate();
	simulator.addFax({id: 'one', documents: [{extension: 'pdf', content}]});
	simulator.faults.add({fault});
	return simulator;
}

describe('simulator: faults', () => {
	describe('on the wire', () => {
		const breaks: readonly (readonly [
			fault: Fault,
			says: string,
			end: 'fin' | 'reset',
			head: RegExp,
			bodyLength: number,
		])[] = [
			[{kind: 'reset', at: 'beforeAnswer'}, 'nothing', 'reset', /^$/, 0],
			[{kind: 'reset', at: 'afterHeaders'}, 'the headers', 'reset', /Content-Length: 1009/, 0],
			[{kind: 'reset', at: 'midBody'}, 'half the body', 'reset', /Content-Length: 1009/, half],
			[{kind: 'lostAnswer'}, 'nothing', 'fin', /^$/, 0],
			[{kind: 'fin'}, 'half the body in one chunk', 'fin', /Transfer-Encoding: chunked/, half + '1f8\r\n\r\n'.length],
			[{kind: 'truncated'}, 'half of what it announced', 'fin', /Content-Length: 1009/, half],
			[{kind: 'truncatedUnannounced'}, 'half the body, announcing nothing', 'fin', /Connection: close$/, half],
			[{kind: 'wrongLength'}, 'twice as much as it announced', 'fin', /Content-Length: 504/, content.length],
		];
		for (const [fault, says, end, head, bodyLength] of breaks) {
			it(`${JSON.stringify(fault)} says ${says}, then ${end}`, async () => {
				const heard = await rawDownload(await withDocument(fault));
				heard.end.should.equal(end);
				heard.head.should.match(head);
				(heard.head === '' ? 0 : heard.body.length).should.equal(bodyLength);
			});
		}

		it('an unannounced truncation has neither a length nor chunks', async () => {
			const {head} = await rawDownload(await withDocument({kind: 'truncatedUnannounced'}));
			head.should.not.match(/Content-Length|Transfer-Encoding/i);
		});

		it('a hang after the headers or in the body leaves the connection open', async () => {
			const simulator = await withDocument({kind: 'hang', at: 'midBody'});
			const {body, end} = await rawDownload(simulator, half);
			end.should.equal('open');
			body.length.should.equal(half);
			const silent = await withDocument({kind: 'hang', at: 'afterHeaders'});
			(await rawDownload(silent, 60)).body.length.should.equal(0);
		});

		it('a hang before the answer ends with the simulator', async () => {
			const simulator = await withDocument({kind: 'hang', at: 'beforeAnswer'});
			const arrived = simulator.requests.arrival();
			const failed = send(simulator, '/files/one.pdf').should.be.rejectedWith({code: 'ECONNRESET'});
			await arrived;
			await simulator.close();
			await failed;
		});

		it('an endless body goes on beyond any size, as fast as it is read', async () => {
			const {head, end} = await rawDownload(await withDocument({kind: 'endless'}), 20_000_000);
			end.should.equal('open');
			head.should.match(/^HTTP\/1.1 200/);
		});
	});

	describe('of answers', () => {
		const answers: readonly (readonly [
			fault: Fault,
			status: number,
			headers: Readonly<Record<string, string>>,
			body: RegExp,
		])[] = [
			[{kind: 'status', status: 503, retryAfter: '120', body: 'later'}, 503, {'retry-after': '120'}, /^later$/],
			[{kind: 'status', status: 500}, 500, {}, /^$/],
			[{kind: 'html'}, 200, {'content-type': 'text/html; charset=UTF-8'}, /^<!DOCTYPE html>/],
			[{kind: 'badJson'}, 200, {'content-type': 'application/json; charset=UTF-8'}, /^\{"meta"[^\]]*$/],
			[{kind: 'redirect', location: 'http://elsewhere.example/'}, 302, {location: 'http://elsewhere.example/'}, /^$/],
			[{kind: 'redirect', location: '/x', status: 308}, 308, {location: '/x'}, /^$/],
			[{kind: 'empty'}, 200, {'content-length': '0'}, /^$/],
		];
		for (const [fault, status, headers, body] of answers) {
			it(`${JSON.stringify(fault)} is an answer of its own`, async () => {
				const simulator = await withDocument(fault);
				const heard = await send(simulator, '/topics/demo?fetch=1', {method: 'POST'});
				heard.status.should.equal(status);
				heard.headers.should.containEql(headers);
				heard.body.toString().should.match(body);
			});
		}

		it('gzip compresses the answer, asked for or not', async () => {
			const {headers, body} = await send(await withDocument({kind: 'gzip'}), '/files/one.pdf');
			should(headers['content-encoding']).equal('gzip');
			gunzipSync(body).should.deepEqual(content);
		});

		it('a trickle is complete in the end', async () => {
			const simulator = await withDocument({kind: 'trickle', chunkBytes: 300, everyMs: 1});
			const {body, isComplete} = await send(simulator, '/files/one.pdf');
			isComplete.should.be.true();
			body.should.deepEqual(content);
		});

		it('a trickle stops when the client hangs up', async () => {
			const simulator = await withDocument({kind: 'trickle', chunkBytes: 1, everyMs: 1});
			(await rawDownload(simulator, 200)).end.should.equal('open');
			await simulator.close();
			should(simulator.findFax('one')?.events.map(({kind}) => kind)).deepEqual(['received']);
		});
	});

	describe('and what becomes of the request', () => {
		const cases: readonly (readonly [fault: Fault, isApplied: boolean])[] = [
			[{kind: 'status', status: 502}, false],
			[{kind: 'status', status: 502, isApplied: true}, true],
			[{kind: 'reset', at: 'beforeAnswer'}, false],
			[{kind: 'reset', at: 'afterHeaders'}, true],
			[{kind: 'reset', at: 'midBody'}, true],
			[{kind: 'lostAnswer'}, true],
			[{kind: 'fin'}, true],
			[{kind: 'truncated'}, true],
			[{kind: 'truncatedUnannounced'}, true],
			[{kind: 'html'}, false],
			[{kind: 'badJson'}, true],
			[{kind: 'redirect', location: '/'}, false],
			[{kind: 'empty'}, true],
		];
		for (const [fault, isApplied] of cases) {
			it(`${JSON.stringify(fault)} ${isApplied ? 'strikes a request that was carried out' : 'keeps a request from being carried out'}`, async () => {
				const simulator = await withDocument(fault);
				await send(simulator, '/topics/demo?fetch=0&ids=one', {method: 'POST'}).catch(() => undefined);
				should(simulator.findFax('one')?.state.kind).equal(isApplied ? 'acknowledged' : 'waiting');
				const [logged] = simulator.requests.all();
				should(logged?.outcome).deepEqual({kind: 'struck', fault: fault.kind, status: isApplied ? 200 : undefined});
			});
		}

		it('a download cut short does not count as one', async () => {
			const simulator = await withDocument({kind: 'truncated'});
			(await send(simulator, '/files/one.pdf')).isComplete.should.be.false();
			const [fax] = simulator.faxes();
			should(fax && kindsOf(fax)).deepEqual(['received']);
		});
	});

	describe('strike what they are meant for', () => {
		const fault: Fault = {kind: 'status', status: 503};
		const requests = {
			poll: ['POST', '/topics/demo?fetch=1&timeout=0'],
			pollWithAcknowledge: ['POST', '/topics/demo?fetch=1&timeout=0&ids=two'],
			acknowledge: ['POST', '/topics/demo?fetch=0&ids=two'],
			document: ['GET', '/files/one-2.pdf'],
		} as const;
		const statuses = async (simulator: Simulator): Promise<number[]> => {
			const result: number[] = [];
			for (const [method, url] of Object.values(requests)) {
				result.push(await statusOf(simulator, url, {method}));
			}
			return result;
		};
		const prepared = async (): Promise<Simulator> => {
			const simulator = await simulate();
			const document = {extension: 'pdf', content};
			simulator.addFax({id: 'one', documents: [document, document]});
			simulator.addFax({id: 'two', documents: [document]});
			return simulator;
		};

		const rules = [
			[{phase: 'poll'}, [503, 200, 200, 200]],
			[{phase: 'pollWithAcknowledge'}, [200, 503, 200, 200]],
			[{phase: 'acknowledge'}, [200, 200, 503, 200]],
			[{phase: 'document'}, [200, 200, 200, 503]],
			[{phase: 'any'}, [503, 503, 503, 503]],
			[{}, [503, 503, 503, 503]],
			[{times: 2}, [503, 503, 200, 200]],
			[{faxId: 'one'}, [200, 200, 200, 503]],
			[{faxId: 'two'}, [200, 503, 503, 200]],
			[{fileName: 'one-2.pdf'}, [200, 200, 200, 503]],
			[{fileName: 'one-1.pdf'}, [200, 200, 200, 200]],
		] as const;
		for (const [rule, expected] of rules) {
			it(`${JSON.stringify(rule)} of ${Object.keys(requests).join(', ')}`, async () => {
				const simulator = await prepared();
				simulator.faults.add({fault, ...rule});
				(await statuses(simulator)).should.deepEqual(expected);
			});
		}

		it('until they are removed, one or all', async () => {
			const simulator = await prepared();
			const remove = simulator.faults.add({fault, phase: 'poll'});
			simulator.faults.add({fault, phase: 'document'});
			remove();
			(await statuses(simulator)).should.deepEqual([200, 200, 200, 503]);
			simulator.faults.clear();
			(await statuses(simulator)).should.deepEqual([200, 200, 200, 200]);
		});
	});

	describe('and the request log', () => {
		it('tells what came and what became of it', async () => {
			const simulator = await simulate();
			await exchange(simulator, 'fetch=1&x=a?b');
			await statusOf(simulator, '/files/none.pdf', {authorization: null});
			const common = {atMs: start};
			simulator.requests
				.all()
				.map((request) => ({...request}))
				.should.deepEqual([
					{
						...common,
						number: 1,
						method: 'POST',
						path: '/faxin/rest/v1/topics/demo',
						query: 'fetch=1&x=a?b',
						hasAuthorization: true,
						phase: 'poll',
						outcome: {kind: 'answered', status: 200},
					},
					{
						...common,
						number: 2,
						method: 'GET',
						path: '/faxin/rest/v1/files/none.pdf',
						query: '',
						hasAuthorization: false,
						phase: 'document',
						outcome: {kind: 'answered', status: 401},
					},
				]);
		});

		it('keeps the last requests and counts them all', async () => {
			const simulator = await simulate({requestLogLimit: 2});
			for (let request = 0; request < 7; request++) {
				await exchange(simulator, 'fetch=1');
			}
			simulator.requests
				.all()
				.map(({number}) => number)
				.should.deepEqual([6, 7]);
			simulator.requests.count.should.equal(7);
		});
	});
});
