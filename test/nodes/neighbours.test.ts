import helper from 'node-red-node-test-helper';
import should from 'should';
import {startFlow, type Message} from './flow';

/** A message that no node can copy. */
const uncopiable = (message: Message): Message =>
	Object.defineProperty({...message}, 'trap', {
		enumerable: true,
		get() {
			throw new Error('not to be copied');
		},
	});

/** Errors in the log, with a Catch node or without. */
const logged = (): string =>
	helper
		.log()
		.args.map(([entry]) => entry as {level: number; msg: unknown})
		.filter(({level}) => level === 20)
		.map(({msg}) => String(msg))
		.join('\n');

describe('What other nodes do wrong', () => {
	it('does not end Node-RED when a message can neither be sent nor reported, and the fax stays acknowledged', async () => {
		const flow = await startFlow({faxes: 2, faxAck: {wires: [['acknowledged', 'received']]}});
		flow.send('ack', uncopiable(await flow.message('received')));
		await flow.until(() => logged().includes('not to be copied'));
		flow.simulator
			.faxes()
			.filter(({state}) => state.kind === 'acknowledged')
			.should.have.length(1);
		flow.send('ack', await flow.message('received', 2));
		await flow.message('acknowledged');
	});

	it('does not end Node-RED either when an order cannot be copied', async () => {
		const flow = await startFlow({faxIn: {inputs: 1}});
		flow.send('in', uncopiable({_msgid: 'order', action: 'fly'}));
		await flow.until(() => logged().includes('not to be copied'));
		flow.simulator.addFax();
		await flow.message('received');
	});

	it('does not end the topic when a fax cannot be handed over: it comes again', async () => {
		const flow = await startFlow({faxIn: {processingTimeout: 1, lockTimeout: 1}});
		const node = helper.getNode('in');
		const send = node.send.bind(node);
		let times = 0;
		node.send = (message) => {
			times += 1;
			if (times === 1) {
				throw new Error('the next node is broken');
			}

			send(message);
		};
		flow.simulator.addFax();
		should((await flow.message('received')).fax).containEql({delivery: 2});
		logged().should.match(/the next node is broken/);
	});
});
