/** Node-RED's audit log, where administrators look for who did what: one entry for each step of a fax, with ids and hashes, without numbers and content. */
import type {Node, NodeAPI} from '@node-red/registry';
import type {Step} from '../lib/topic-events';

export const audit = (RED: NodeAPI, node: Node, topic: string, {step, ...facts}: Step): void => {
	const entry = {level: RED.log.AUDIT, event: `retarus-fax.${step}`, topic, node: node.id, ...facts};
	RED.log.audit(entry);
};
