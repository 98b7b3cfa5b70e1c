import fc from 'fast-check';
import helper from 'node-red-node-test-helper';
import should from 'should';
import {startFlow, type Flow} from '../../nodes/flow';
import {anyValue} from './hostile';
import {anyFax} from './subjects/messages';

const seed = Math.floor(Math.random() * 2 ** 31);
const count = 200;

/** What a function node may send on. */
const anyMessage = fc.record(
	{
		fax: anyFax,
		action: anyValue,
		error: anyValue,
		statusCode: anyValue,
		rc: anyValue,
		parts: anyValue,
		payload: anyValue,
		topic: anyValue,
	},
	{requiredKeys: []},
);

/**
 * Codes of what a node has reported: to Catch, or to the log where Node-RED cannot hand the message on, and says so
 * without a code.
 */
const codesOf = (flow: Flow, id: string): readonly string[] => {
	const logged = helper
		.log()
		.args.map(
			([entry]) => entry as {readonly level: number; readonly id?: string; readonly msg?: {readonly code?: unknown}},
		);
	const own = logged.filter((entry) => entry.level === 20 && entry.id === id && entry.msg?.code !== undefined);
	return [...flow.errors(id).map(({code}) => code), ...own.map(({msg}) => String(msg?.code))];
};

describe(`A drawn message (seed ${seed})`, function () {
	this.timeout(30_000);

	it('is an order to the fax in node, or refused with a typed error, and the node goes on', async () => {
		const flow = await startFlow({faxIn: {pollInterval: 0, inputs: 1}});
		const messages = fc.sample(anyMessage, {seed, numRuns: count}).filter(({action}) => action !== undefined);
		for (const message of messages) {
			flow.send('in', {...message});
		}

		await flow.until(() => codesOf(flow, 'in').length >= messages.length);
		should(codesOf(flow, 'in').filter((code) => code !== 'RETARUS_CONFIG')).be.empty();
		flow.simulator.addFax();
		flow.send('in', {action: 'poll'});
		await flow.message('received');
		flow.simulator.faxes()[0]?.state.kind.should.equal('locked');
	});

	it('is an acknowledge of the fax that it names, or refused with a typed error, and the node goes on', async () => {
		const flow = await startFlow({faxes: 1});
		const message = await flow.message('received');
		for (const drawn of fc.sample(anyMessage, {seed, numRuns: count})) {
			flow.send('ack', {...drawn});
		}

		await flow.until(() => codesOf(flow, 'ack').length + flow.messages('acknowledged').length >= count);
		should(codesOf(flow, 'ack').filter((code) => !/^RETARUS_(NOT_A_FAX|GUARD|CONFIG)$/.test(code))).be.empty();
		flow.simulator.faxes()[0]?.state.kind.should.equal('locked');
		flow.send('ack', message);
		await flow.until(() => flow.simulator.faxes()[0]?.state.kind === 'acknowledged');
	});
});
