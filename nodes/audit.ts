/** Node-RED's audit log, where administrators look for who did what: one entry for each step of a fax, with ids and hashes, without numbers and content. */
import type {Node, NodeAPI} from '@node-red/registry';
import type {Step} from '../lib/topic-events';
import {runtimeOf} from './runtime';

/** What a flow was given. */
type Delivery = Pick<Step, 'delivery' | 'sha256'>;

/** Faxes of which the last delivery is known. A flow that acknowledges none must not fill the memory. */
const mostFaxes = 10_000;

/** The last delivery of each fax that is not done with, so that every later step tells which documents it is about. */
export class AuditTrail {
	readonly #deliveries = new Map<string, Delivery>();

	/** The step with what is known of the delivery that it belongs to. */
	complete(step: Step): Step {
		const {id, delivery, sha256} = step;
		const known = this.#deliveries.get(id);
		switch (step.step) {
			case 'listed':
			case 'lapsed':
				return step;
			case 'delivered':
			case 'givenUp':
				this.#remember(id, {...(delivery !== undefined && {delivery}), ...(sha256 && {sha256})});
				return step;
			case 'confirmed':
			case 'refused':
				this.#deliveries.delete(id);
				return {...known, ...step};
			default:
				if (delivery === undefined || delivery === known?.delivery) {
					return {...known, ...step};
				}

				// Another delivery than the last one: its documents are not known any more.
				this.#remember(id, {delivery});
				return step;
		}
	}

	#remember(id: string, delivery: Delivery): void {
		this.#deliveries.delete(id);
		this.#deliveries.set(id, delivery);
		const [oldest] = this.#deliveries.keys();
		if (this.#deliveries.size > mostFaxes && oldest !== undefined) {
			this.#deliveries.delete(oldest);
		}
	}
}

const trails = new WeakMap<ReturnType<typeof runtimeOf>, AuditTrail>();

export const audit = (RED: NodeAPI, node: Node, topic: string, taken: Step): void => {
	const runtime = runtimeOf(RED);
	const trail = trails.get(runtime) ?? new AuditTrail();
	trails.set(runtime, trail);
	const {step, ...facts} = trail.complete(taken);
	const entry = {level: RED.log.AUDIT, event: `retarus-fax.${step}`, topic, node: node.id, ...facts};
	RED.log.audit(entry);
};
