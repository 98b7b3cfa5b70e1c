import should from 'should';
import type {Fault, FaultRule, Simulator} from '../../simulator';
import {basic, simulate, small, statusOf} from './harness';

const fault: Fault = {kind: 'status', status: 503};
const poll = '/topics/demo?fetch=1&timeout=0';
const bytesOfPoll = `/faxin/rest/v1${poll}`.length;
const requests = {
	poll: ['POST', poll],
	pollWithAcknowledge: ['POST', `${poll}&ids=two`],
	acknowledge: ['POST', '/topics/demo?fetch=0&ids=two'],
	document: ['GET', '/files/one-2.pdf'],
	otherTopic: ['POST', '/topics/orders?fetch=1&timeout=0'],
	otherDocument: ['GET', '/files/three.pdf'],
	otherCustomer: ['POST', poll, basic('11111', 'wrong')],
} as const;
type RequestName = keyof typeof requests;

async function prepare(): Promise<Simulator> {
	const simulator = await simulate({topics: [{name: 'demo'}, {name: 'orders'}]});
	const [document] = small.documents;
	simulator.addFax({id: 'one', documents: [document, document]});
	simulator.addFax({...small, id: 'two'});
	simulator.addFax({...small, id: 'three', topic: 'orders'});
	return simulator;
}

/** Sends every request once, in order, and names those that a fault hit. */
async function hits(simulator: Simulator): Promise<string[]> {
	const hit: string[] = [];
	for (const [name, [method, url, authorization]] of Object.entries(requests)) {
		const status = await statusOf(simulator, url, {method, ...(authorization !== undefined && {authorization})});
		if (status === 503) {
			hit.push(name);
		}
	}
	return hit;
}

describe('A fault rule', () => {
	const everything = Object.keys(requests);
	const rules: readonly (readonly [rule: Omit<FaultRule, 'fault'>, expected: readonly string[]])[] = [
		[{phase: 'poll'}, ['poll', 'otherTopic', 'otherCustomer']],
		[{phase: 'pollWithAcknowledge'}, ['pollWithAcknowledge']],
		[{phase: 'acknowledge'}, ['acknowledge']],
		[{phase: 'document'}, ['document', 'otherDocument']],
		[{phase: 'fetching'}, ['poll', 'pollWithAcknowledge', 'otherTopic', 'otherCustomer']],
		[{phase: 'acknowledging'}, ['pollWithAcknowledge', 'acknowledge']],
		[{phase: 'any'}, everything],
		[{}, everything],
		[{times: 2}, ['poll', 'pollWithAcknowledge']],
		[{faxId: 'one'}, ['document']],
		[{faxId: 'two'}, ['pollWithAcknowledge', 'acknowledge']],
		[{fileName: 'one-2.pdf'}, ['document']],
		[{fileName: 'one-1.pdf'}, []],
		[{topic: 'orders'}, ['otherTopic', 'otherDocument']],
		[{topic: 'orders', phase: 'document'}, ['otherDocument']],
		[{topic: 'demo', faxId: 'three'}, []],
		[{customerNumber: '11111'}, ['otherCustomer']],
		[{customerNumber: '99999', phase: 'poll'}, ['poll', 'otherTopic']],
		[{urlLongerThanBytes: bytesOfPoll}, ['pollWithAcknowledge', 'otherTopic']],
		[{urlLongerThanBytes: bytesOfPoll - 1}, ['poll', 'pollWithAcknowledge', 'otherTopic', 'otherCustomer']],
		[{urlLongerThanBytes: 0}, everything],
	];
	for (const [rule, expected] of rules) {
		const names = expected === everything ? 'every request' : expected.join(', ') || 'nothing';
		it(`hits ${names}: ${JSON.stringify(rule)}`, async () => {
			const simulator = await prepare();
			simulator.faults.add({fault, ...rule});
			(await hits(simulator)).should.deepEqual(expected);
		});
	}

	it('binds to a fax whose id is encoded in the URL', async () => {
		const simulator = await simulate();
		const id = 'K34A3QX3@J78AO6W.simulator101.QA1';
		simulator.addFax({...small, id});
		simulator.faults.add({fault, faxId: id});
		const url = `/topics/demo?fetch=0&ids=other,${encodeURIComponent(id)}`;
		(await statusOf(simulator, url, {method: 'POST'})).should.equal(503);
	});

	it('lasts until it is removed, alone or with all others', async () => {
		const simulator = await prepare();
		const remove = simulator.faults.add({fault, faxId: 'two'});
		simulator.faults.add({fault, fileName: 'one-2.pdf'});
		const bound: readonly RequestName[] = ['pollWithAcknowledge', 'acknowledge', 'document'];
		(await hits(simulator)).should.deepEqual(bound);
		(await hits(simulator)).should.deepEqual(bound);
		remove();
		(await hits(simulator)).should.deepEqual(['document']);
		simulator.faults.clear();
		(await hits(simulator)).should.be.empty();
	});

	it('yields to an older rule for the same request, and keeps its times', async () => {
		const simulator = await prepare();
		const remove = simulator.faults.add({fault});
		simulator.faults.add({fault: {kind: 'status', status: 500}, times: 1});
		(await statusOf(simulator, poll, {method: 'POST'})).should.equal(503);
		remove();
		(await statusOf(simulator, poll, {method: 'POST'})).should.equal(500);
		(await statusOf(simulator, poll, {method: 'POST'})).should.equal(200);
	});

	it('leaves other faxes alone while one cannot be acknowledged', async () => {
		const simulator = await prepare();
		simulator.faults.add({fault: {kind: 'html'}, phase: 'acknowledging', faxId: 'two'});
		const acknowledge = (ids: string): Promise<number> =>
			statusOf(simulator, `/topics/demo?fetch=0&ids=${ids}`, {method: 'POST'});
		(await acknowledge('one,two')).should.equal(200);
		should(simulator.findFax('one')?.state.kind).equal('waiting');
		await acknowledge('one');
		['one', 'two'].map((id) => simulator.findFax(id)?.state.kind).should.deepEqual(['acknowledged', 'waiting']);
	});
});
