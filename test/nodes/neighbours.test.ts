import helper from 'node-red-node-test-helper';
import should from 'should';
import {startFlow, type Message} from './flow';

/** Makes a message that no node can copy. */
const uncopiable = (message: Message): Message =>
	Object.defineProperty({...message}, 'trap', {
		enumerable: true,
		get() {
			throw new Error('cannot be copied');
		},
	});

/** The errors in the log, caught or not. */
const logged = (): string =>
	helper
		.log()
		.args.map(([entry]) => entry as {level: number; msg: unknown})
		.filter(({level}) => level === 20)
		.map(({msg}) => String(msg))
		.join('\n');

describe('A failure of another node', () => {
	it('leaves Node-RED running and the fax acknowledged if a message can be neither sent nor reported', async () => {
		const flow = await startFlow({faxes: 2, faxAck: {wires: [['acknowledged', 'received']]}});
		flow.send('ack', uncopiable(await flow.message('received')));
		await flow.until(() => logged().includes('cannot be copied'));
		flow.simulator
			.faxes()
			.filter(({state}) => state.kind === 'acknowledged')
			.should.have.length(1);
		flow.send('ack', await flow.message('received', 2));
		await flow.message('acknowledged');
	});

	it('leaves Node-RED running if a message at the input port cannot be copied', async () => {
		const flow = await startFlow({faxIn: {inputs: 1}});
		flow.send('in', uncopiable({_msgid: 'order', action: 'fly'}));
		await flow.until(() => logged().includes('cannot be copied'));
		flow.simulator.addFax();
		await flow.message('received');
	});

	it('leaves the topic running if the next node throws, and the fax is redelivered', async () => {
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
