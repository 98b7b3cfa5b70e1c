/** Registers the fax ack node, which ends the work of a flow on a fax. */
import type {Node, NodeDef, NodeInitializer} from '@node-red/registry';
import {faxAckDefaults, type FaxAckConfig} from '../lib/node-config';
import {FaxAck} from './fax-ack';
import {handled} from './handled';
import {runtimeOf} from './runtime';

const init: NodeInitializer = (RED) => {
	const runtime = runtimeOf(RED);

	function RetarusFaxAck(this: Node, config: FaxAckConfig & NodeDef): void {
		RED.nodes.createNode(this, config);
		const faxAck = new FaxAck(RED, runtime, this, {...faxAckDefaults, ...config});
		this.on('input', (message, send, done) => {
			handled(
				RED,
				this,
				faxAck.handle(message).then(() => {
					send(message);
				}),
				done,
			);
		});
		this.on('close', () => {
			faxAck.close();
		});
	}

	RED.nodes.registerType('retarus-fax-ack', RetarusFaxAck);
};

export = init;
