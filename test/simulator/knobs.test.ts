import {gunzipSync} from 'node:zlib';
import should from 'should';
import {defaultSwitches, type Switches} from '../../simulator/api/switches';
import {switchChoices} from '../../simulator/control/switch-input';
import type {StateView} from '../../simulator/control/views';
import {control, exchange, send, simulate, small, statusOf} from './harness';

const post = {method: 'POST'} as const;

describe('The simulated network', () => {
	it('delays answers of the fax API but not of the control API', async () => {
		const simulator = await simulate({network: {latencyMs: 150}});
		const timed = async (work: Promise<unknown>): Promise<number> => {
			const begin = performance.now();
			await work;
			return performance.now() - begin;
		};
		(await timed(exchange(simulator, 'fetch=1'))).should.be.aboveOrEqual(145);
		(await timed(control(simulator, 'GET', '/simulator/state'))).should.be.below(145);
	});

	it('counts no download for a client that hung up before the answer', async () => {
		const simulator = await simulate({network: {latencyMs: 60_000}});
		const fax = simulator.addFax({...small, id: 'one'});
		const arrived = simulator.requests.arrival();
		const download = send(simulator, '/files/one.pdf');
		await arrived;
		await Promise.all([simulator.close(), download.should.be.rejected()]);
		fax.events.should.have.length(1);
	});

	it('delivers complete bodies at the given bandwidth', async () => {
		const simulator = await simulate({network: {bytesPerSecond: 100_000}});
		const content = Buffer.alloc(20_000, 'x');
		simulator.addFax({id: 'one', documents: [{extension: 'pdf', content}]});
		const begin = performance.now();
		const {body, isComplete} = await send(simulator, '/files/one.pdf');
		(performance.now() - begin).should.be.within(150, 2000);
		isComplete.should.be.true();
		body.equals(content).should.be.true();
	});

	it('spoils the given share of requests', async () => {
		const simulator = await simulate({network: {unavailableRate: 0.3, resetRate: 0.2, lostAnswerRate: 0.2}});
		const ends = new Map<string, number>();
		for (let round = 0; round < 300; round++) {
			const end = await statusOf(simulator, '/topics/demo?fetch=1', post).then(String, () => 'broken');
			ends.set(end, (ends.get(end) ?? 0) + 1);
		}
		(ends.get('503') ?? 0).should.be.within(60, 120);
		(ends.get('broken') ?? 0).should.be.within(85, 155);
		(ends.get('200') ?? 0).should.be.within(60, 120);
		const struck = simulator.requests.all().flatMap(({outcome}) => (outcome.kind === 'struck' ? [outcome.fault] : []));
		new Set(struck).should.deepEqual(new Set(['status', 'reset', 'lostAnswer']));
	});

	it('changes while the simulator runs', async () => {
		const simulator = await simulate();
		const {body} = await control(simulator, 'POST', '/simulator/network', {unavailableRate: 1});
		should(JSON.parse(body.toString())).deepEqual({
			network: {latencyMs: 0, bytesPerSecond: 0, unavailableRate: 1, resetRate: 0, lostAnswerRate: 0},
		});
		(await statusOf(simulator, '/topics/demo?fetch=1', post)).should.equal(503);
	});
});

describe('The switches', () => {
	it('change one at a time while the simulator runs', async () => {
		const simulator = await simulate({switches: {deletedDocumentStatus: 410}});
		const {body} = await control(simulator, 'POST', '/simulator/switches', {successStatus: 201});
		const answer = JSON.parse(body.toString()) as Pick<StateView, 'switches' | 'choices'>;
		answer.switches.should.deepEqual({...defaultSwitches, deletedDocumentStatus: 410, successStatus: 201});
		answer.choices.should.deepEqual(switchChoices);
		(await exchange(simulator, 'fetch=1')).status.should.equal(201);
		(await control(simulator, 'GET', '/simulator/switches')).body.toString().should.equal(body.toString());
	});

	it('accept every value they offer', async () => {
		const simulator = await simulate();
		for (const [name, choices] of Object.entries(switchChoices)) {
			for (const value of 'minimum' in choices ? [choices.minimum, choices.maximum] : choices) {
				const {status} = await control(simulator, 'POST', '/simulator/switches', {[name]: value});
				status.should.equal(200);
				simulator.switches.current.should.have.property(name, value);
			}
		}
	});

	it("limit the rate of requests by the simulator's clock and announce when to retry", async () => {
		const answers: readonly (readonly [Switches['retryAfter'], string | undefined])[] = [
			['seconds', '50'],
			['date', 'Thu, 01 Jan 2026 00:01:00 GMT'],
			['none', undefined],
		];
		for (const [retryAfter, header] of answers) {
			const simulator = await simulate({switches: {requestsPerMinute: 2, retryAfter}});
			await exchange(simulator, 'fetch=1');
			simulator.clock.advance(10_000);
			await exchange(simulator, 'fetch=1');
			const {status, headers} = await send(simulator, '/topics/demo?fetch=1', post);
			status.should.equal(429);
			[headers['retry-after']].should.deepEqual([header]);
			simulator.clock.advance(50_000);
			(await exchange(simulator, 'fetch=1')).status.should.equal(200);
		}
	});

	it('choose the format of error bodies', async () => {
		const forms: readonly (readonly [Switches['errorBody'], RegExp, RegExp])[] = [
			['json', /^application\/json/, /^\{"status":404,/],
			['text', /^text\/plain/, /^There is no such topic\.$/],
			['html', /^text\/html/, /^<html>.*404/],
			['empty', /^application\/json/, /^$/],
		];
		for (const [errorBody, type, text] of forms) {
			const simulator = await simulate({switches: {errorBody}});
			const {headers, body} = await send(simulator, '/topics/unknown?fetch=1', post);
			String(headers['content-type']).should.match(type);
			body.toString().should.match(text);
		}
	});

	it('choose the names of the two URLs in meta', async () => {
		for (const [metaNames, names] of [
			['next', ['next', 'exit']],
			['nextUrl', ['nextUrl', 'exitUrl']],
			['none', []],
		] as const) {
			const simulator = await simulate({switches: {metaNames}});
			const {meta} = await exchange(simulator, 'fetch=1');
			Object.entries(meta)
				.filter(([, value]) => String(value).startsWith('http'))
				.map(([name]) => name)
				.should.deepEqual(names);
		}
	});

	it('compress answers only for clients that accept gzip', async () => {
		const simulator = await simulate({switches: {compression: 'whenAccepted'}});
		const zipped = await send(simulator, '/topics/demo?fetch=1', {...post, headers: {'Accept-Encoding': 'br, gzip'}});
		zipped.headers.should.have.property('content-encoding', 'gzip');
		gunzipSync(zipped.body).toString().should.startWith('{"meta"');
		(await send(simulator, '/topics/demo?fetch=1', post)).headers.should.not.have.property('content-encoding');
	});
});

describe('A reset', () => {
	it('restores the startup state', async () => {
		const simulator = await simulate({switches: {successStatus: 201}, network: {latencyMs: 1}});
		const before = (await control(simulator, 'GET', '/simulator/state')).body.toString();
		simulator.addFax({...small, id: 'one'});
		simulator.clock.advance(1000);
		simulator.faults.add({fault: {kind: 'fin'}});
		simulator.network.change({latencyMs: 5});
		simulator.switches.change({successStatus: 200, metaNames: 'none'});
		simulator.reset();
		(await control(simulator, 'GET', '/simulator/state')).body.toString().should.equal(before);
		simulator.faxes().should.be.empty();
		simulator.addFax({...small, id: 'one'}).state.kind.should.equal('waiting');
		(await exchange(simulator, 'fetch=5')).ids.should.deepEqual(['one']);
	});
});
