import should from 'should';
import type {FaultView} from '../../simulator/control/views';
import {control, exchange, send, simulate, small, statusOf} from './harness';
import type {Simulator} from '../../simulator';

const rulesOf = async (simulator: Simulator): Promise<readonly FaultView[]> => {
	const {body} = await control(simulator, 'GET', '/simulator/faults');
	return (JSON.parse(body.toString()) as {faults: readonly FaultView[]}).faults;
};

describe('The control API for faults', () => {
	it('adds faults of every kind and removes them all', async () => {
		const simulator = await simulate();
		const faults = [
			{kind: 'status', status: 429, retryAfter: '3', body: 'x', isApplied: true},
			{kind: 'reset', at: 'midBody'},
			{kind: 'fin'},
			{kind: 'hang', at: 'afterHeaders'},
			{kind: 'trickle', chunkBytes: 10, everyMs: 5},
			{kind: 'lostAnswer'},
			{kind: 'truncated'},
			{kind: 'truncatedUnannounced'},
			{kind: 'wrongLength'},
			{kind: 'html', isApplied: true},
			{kind: 'badJson'},
			{kind: 'noResults', status: 204, isApplied: false},
			{kind: 'endless'},
			{kind: 'redirect', location: '/', status: 307, isApplied: true},
			{kind: 'empty'},
			{kind: 'gzip'},
		];
		for (const fault of faults) {
			(await control(simulator, 'POST', '/simulator/faults', {fault})).status.should.equal(201);
		}
		should(await rulesOf(simulator)).deepEqual(faults.map((fault, index) => ({number: index + 1, fault})));
		(await control(simulator, 'DELETE', '/simulator/faults')).status.should.equal(200);
		simulator.faults.rules.should.be.empty();
	});

	it('binds a fault to a phase, fax, document, topic, customer and URL length', async () => {
		const simulator = await simulate();
		const rule = {
			fault: {kind: 'fin'},
			phase: 'acknowledging',
			times: 3,
			faxId: 'one',
			fileName: 'one.pdf',
			topic: 'demo',
			customerNumber: '99999',
			urlLongerThanBytes: 2000,
		};
		(await control(simulator, 'POST', '/simulator/faults', rule)).status.should.equal(201);
		should(await rulesOf(simulator)).deepEqual([{number: 1, ...rule, left: 3}]);
		simulator.faults.rules.should.deepEqual([rule]);
	});

	it('fills in the defaults of a fault', async () => {
		const simulator = await simulate();
		for (const kind of ['hang', 'reset', 'trickle']) {
			await control(simulator, 'POST', '/simulator/faults', {fault: {kind}});
		}
		should((await rulesOf(simulator)).map(({fault}) => fault)).deepEqual([
			{kind: 'hang', at: 'beforeAnswer'},
			{kind: 'reset', at: 'beforeAnswer'},
			{kind: 'trickle', chunkBytes: 1, everyMs: 100},
		]);
	});

	it('removes one rule by its number and reports how often the others will still hit', async () => {
		const simulator = await simulate();
		await control(simulator, 'POST', '/simulator/faults', {fault: {kind: 'empty'}, times: 2});
		await control(simulator, 'POST', '/simulator/faults', {fault: {kind: 'fin'}});
		await send(simulator, '/topics/demo?fetch=1', {method: 'POST'});
		(await control(simulator, 'DELETE', '/simulator/faults/2')).status.should.equal(200);
		(await control(simulator, 'DELETE', '/simulator/faults/2')).status.should.equal(404);
		should(await rulesOf(simulator)).deepEqual([{number: 1, fault: {kind: 'empty'}, times: 2, left: 1}]);
	});

	it('adds common faults by name', async () => {
		const simulator = await simulate();
		simulator.addFax({...small, id: 'one'});
		simulator.addFax({...small, id: 'two'});
		await control(simulator, 'POST', '/simulator/faults', {name: 'refuseCredentials'});
		(await statusOf(simulator, '/topics/demo?fetch=1', {method: 'POST'})).should.equal(401);
		await control(simulator, 'DELETE', '/simulator/faults');
		await control(simulator, 'POST', '/simulator/faults', {name: 'truncateDocument', faxId: 'one'});
		const lengthOf = async (id: string): Promise<number> => (await send(simulator, `/files/${id}.pdf`)).body.length;
		(await lengthOf('one')).should.be.below(await lengthOf('two'));
		await control(simulator, 'POST', '/simulator/faults', {name: 'loseNextAnswer'});
		await exchange(simulator, 'fetch=1').should.be.rejected();
		(await exchange(simulator, 'fetch=5')).ids.should.deepEqual(['two']);
	});

	it('blocks the acknowledgement of one fax by name, alone or on a poll', async () => {
		const simulator = await simulate();
		simulator.addFax({...small, id: 'one'});
		simulator.addFax({...small, id: 'two'});
		await control(simulator, 'POST', '/simulator/faults', {name: 'blockAcknowledgement', faxId: 'one'});
		for (const query of ['fetch=0&ids=one', 'fetch=1&ids=two,one']) {
			const {headers} = await send(simulator, `/topics/demo?${query}`, {method: 'POST'});
			String(headers['content-type']).should.startWith('text/html');
		}
		await exchange(simulator, 'fetch=0&ids=two');
		simulator
			.faxes()
			.map(({state}) => state.kind)
			.should.deepEqual(['waiting', 'acknowledged']);
	});

	it('is never hit by a fault itself', async () => {
		const simulator = await simulate();
		simulator.faults.add({fault: {kind: 'lostAnswer'}});
		(await control(simulator, 'GET', '/simulator/faxes')).status.should.equal(200);
	});
});
