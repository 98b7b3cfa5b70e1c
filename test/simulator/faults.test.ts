import {gunzipSync} from 'node:zlib';
import should from 'should';
import type {Fault, Simulator} from '../../simulator';
import {kindsOf, send, simulate} from './harness';
import {rawDownload} from './raw-download';

const content = Buffer.from('%PDF-1.4 ' + 'x'.repeat(1000));
const half = Math.floor(content.length / 2);

async function withFault(fault: Fault): Promise<Simulator> {
	const simulator = await simulate();
	simulator.addFax({id: 'one', documents: [{extension: 'pdf', content}]});
	simulator.faults.add({fault});
	return simulator;
}

describe('A fault on the wire', () => {
	const breaks: readonly (readonly [
		fault: Fault,
		sends: string,
		end: 'fin' | 'reset',
		head: RegExp,
		bodyLength: number,
	])[] = [
		[{kind: 'reset'}, 'nothing', 'reset', /^$/, 0],
		[{kind: 'reset', at: 'beforeAnswer'}, 'nothing', 'reset', /^$/, 0],
		[{kind: 'reset', at: 'afterHeaders'}, 'the headers', 'reset', /Content-Length: 1009/, 0],
		[{kind: 'reset', at: 'midBody'}, 'half of the body', 'reset', /Content-Length: 1009/, half],
		[{kind: 'lostAnswer'}, 'nothing', 'fin', /^$/, 0],
		[{kind: 'fin'}, 'half of the body as one chunk', 'fin', /Transfer-Encoding: chunked/, half + '1f8\r\n\r\n'.length],
		[{kind: 'truncated'}, 'half of the announced body', 'fin', /Content-Length: 1009/, half],
		[{kind: 'truncatedUnannounced'}, 'half of a body of unannounced length', 'fin', /Connection: close$/, half],
		[{kind: 'wrongLength'}, 'twice the announced length', 'fin', /Content-Length: 504/, content.length],
	];
	for (const [fault, sends, end, head, bodyLength] of breaks) {
		const ends = end === 'fin' ? 'closes' : 'resets';
		it(`sends ${sends}, then ${ends} the connection: ${JSON.stringify(fault)}`, async () => {
			const answer = await rawDownload(await withFault(fault));
			answer.end.should.equal(end);
			answer.head.should.match(head);
			(answer.head === '' ? 0 : answer.body.length).should.equal(bodyLength);
		});
	}

	it('announces neither length nor chunks when it truncates unannounced', async () => {
		const {head} = await rawDownload(await withFault({kind: 'truncatedUnannounced'}));
		head.should.not.match(/Content-Length|Transfer-Encoding/i);
	});

	it('leaves the connection open when it hangs after the headers or mid-body', async () => {
		const midBody = await rawDownload(await withFault({kind: 'hang', at: 'midBody'}), half);
		midBody.end.should.equal('open');
		midBody.body.length.should.equal(half);
		(await rawDownload(await withFault({kind: 'hang', at: 'afterHeaders'}), 60)).body.length.should.equal(0);
	});

	for (const fault of [{kind: 'hang'}, {kind: 'hang', at: 'beforeAnswer'}] as const) {
		it(`hangs until the simulator closes: ${JSON.stringify(fault)}`, async () => {
			const simulator = await withFault(fault);
			const arrived = simulator.requests.arrival();
			const failed = send(simulator, '/files/one.pdf').should.be.rejectedWith({code: 'ECONNRESET'});
			await arrived;
			await simulator.close();
			await failed;
		});
	}

	it('sends an endless body as fast as the client reads it', async () => {
		const {head, end} = await rawDownload(await withFault({kind: 'endless'}), 20_000_000);
		end.should.equal('open');
		head.should.match(/^HTTP\/1\.1 200/);
	});
});

describe('A fault in an answer', () => {
	const html = {'content-type': 'text/html; charset=UTF-8'};
	const json = {'content-type': 'application/json; charset=UTF-8'};
	const elsewhere = 'http://elsewhere.example/';
	const answers: readonly (readonly [
		fault: Fault,
		status: number,
		headers: Readonly<Record<string, string>>,
		body: RegExp,
	])[] = [
		[{kind: 'status', status: 503, retryAfter: '120', body: 'later'}, 503, {'retry-after': '120'}, /^later$/],
		[{kind: 'status', status: 500}, 500, {}, /^$/],
		[{kind: 'html'}, 200, html, /^<!DOCTYPE html>/],
		[{kind: 'html', isApplied: true}, 200, html, /^<!DOCTYPE html>/],
		[{kind: 'badJson'}, 200, json, /^\{"meta"[^\]]*$/],
		[{kind: 'noResults'}, 200, json, /^\{"meta":\{\}\}$/],
		[{kind: 'noResults', status: 202}, 202, json, /^\{"meta":\{\}\}$/],
		[{kind: 'noResults', status: 204}, 204, {'content-length': '0'}, /^$/],
		[{kind: 'redirect', location: elsewhere}, 302, {location: elsewhere}, /^$/],
		[{kind: 'redirect', location: '/x', status: 308}, 308, {location: '/x'}, /^$/],
		[{kind: 'empty'}, 200, {'content-length': '0'}, /^$/],
	];
	for (const [fault, status, headers, body] of answers) {
		it(`replaces the service's answer: ${JSON.stringify(fault)}`, async () => {
			const answer = await send(await withFault(fault), '/topics/demo?fetch=1', {method: 'POST'});
			answer.status.should.equal(status);
			answer.headers.should.containEql(headers);
			answer.body.toString().should.match(body);
		});
	}

	it('sends no Retry-After unless it is told to', async () => {
		const {headers} = await send(await withFault({kind: 'status', status: 429}), '/files/one.pdf');
		headers.should.not.have.property('retry-after');
	});

	it('compresses the body even if the client accepts no gzip', async () => {
		const {headers, body} = await send(await withFault({kind: 'gzip'}), '/files/one.pdf');
		should(headers['content-encoding']).equal('gzip');
		gunzipSync(body).should.deepEqual(content);
	});

	it('delivers a trickled body in full', async () => {
		const simulator = await withFault({kind: 'trickle', chunkBytes: 300, everyMs: 1});
		const {body, isComplete} = await send(simulator, '/files/one.pdf');
		isComplete.should.be.true();
		body.should.deepEqual(content);
	});

	it('trickles one byte at a time by default', async () => {
		const simulator = await withFault({kind: 'trickle', everyMs: 5});
		const bytes = Buffer.from('%PDF-1.4 of twenty bytes');
		simulator.addFax({id: 'short', documents: [{extension: 'pdf', content: bytes}]});
		const begin = performance.now();
		(await send(simulator, '/files/short.pdf')).body.should.deepEqual(bytes);
		(performance.now() - begin).should.be.above(4 * bytes.length);
	});

	it('stops trickling when the client hangs up', async () => {
		const simulator = await withFault({kind: 'trickle', chunkBytes: 1, everyMs: 1});
		(await rawDownload(simulator, 200)).end.should.equal('open');
		await simulator.close();
		should(simulator.findFax('one')?.events.map(({kind}) => kind)).deepEqual(['received']);
	});
});

describe('A request hit by a fault', () => {
	const cases: readonly (readonly [fault: Fault, isApplied: boolean])[] = [
		[{kind: 'status', status: 502}, false],
		[{kind: 'status', status: 502, isApplied: true}, true],
		[{kind: 'reset'}, false],
		[{kind: 'reset', at: 'beforeAnswer'}, false],
		[{kind: 'reset', at: 'afterHeaders'}, true],
		[{kind: 'reset', at: 'midBody'}, true],
		[{kind: 'lostAnswer'}, true],
		[{kind: 'fin'}, true],
		[{kind: 'truncated'}, true],
		[{kind: 'truncatedUnannounced'}, true],
		[{kind: 'html'}, false],
		[{kind: 'html', isApplied: true}, true],
		[{kind: 'badJson'}, true],
		[{kind: 'noResults'}, true],
		[{kind: 'noResults', isApplied: false}, false],
		[{kind: 'redirect', location: '/'}, false],
		[{kind: 'redirect', location: '/', isApplied: true}, true],
		[{kind: 'empty'}, true],
	];
	for (const [fault, isApplied] of cases) {
		it(`${isApplied ? 'takes effect' : 'has no effect'}: ${JSON.stringify(fault)}`, async () => {
			const simulator = await withFault(fault);
			await send(simulator, '/topics/demo?fetch=0&ids=one', {method: 'POST'}).catch(() => undefined);
			should(simulator.findFax('one')?.state.kind).equal(isApplied ? 'acknowledged' : 'waiting');
			const [logged] = simulator.requests.all();
			should(logged?.outcome).deepEqual({kind: 'struck', fault: fault.kind, status: isApplied ? 200 : undefined});
		});
	}

	it('does not count as a download when it is cut short', async () => {
		const simulator = await withFault({kind: 'truncated'});
		(await send(simulator, '/files/one.pdf')).isComplete.should.be.false();
		const [fax] = simulator.faxes();
		should(fax && kindsOf(fax)).deepEqual(['received']);
	});
});
