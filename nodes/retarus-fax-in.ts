/** Registers the fax in node, which receives the faxes of a topic. */
import type {Node, NodeDef, NodeInitializer} from '@node-red/registry';
import {faxInDefaults, type FaxInConfig} from '../lib/node-config';
import {addWaitingFaxes} from './admin/waiting-faxes';
import {FaxIn} from './fax-in';
import {handled} from './handled';
import {runtimeOf} from './runtime';

const init: NodeInitializer = (RED) => {
	const runtime = runtimeOf(RED);
	const running = new Map<string, FaxIn>();
	addWaitingFaxes(RED, (id) => running.get(id));

	function RetarusFaxIn(this: Node, config: FaxInConfig & NodeDef): void {
		RED.nodes.createNode(this, config);
		const faxIn = new FaxIn(RED, runtime, this, {...faxInDefaults, ...config});
		running.set(this.id, faxIn);
		this.on('input', (message, _send, done) => {
			handled(RED, this, faxIn.order(message), done);
		});
		this.on('close', (removed: boolean, done: () => void) => {
			if (running.get(this.id) === faxIn) {
				running.delete(this.id);
			}

			void faxIn.close(removed).then(done);
		});
	}

	RED.nodes.registerType('retarus-fax-in', RetarusFaxIn);
};

export = init;
