/** Writes each step of a fax to Node-RED's audit log, with ids and hashes but without numbers or content. */
import type {Node, NodeAPI} from '@node-red/registry';
import type {Draft} from '../lib/fax';
import {ChurnMap} from '../lib/churn-map';
import type {Step} from '../lib/faxes/events';
import {runtimeOf} from './runtime';

/** Identifies the documents that a flow received. */
type Delivery = Pick<Step, 'delivery' | 'sha256'>;

/** The optional facts of a step. */
type Facts = Pick<Step, 'delivery' | 'late' | 'sha256'>;

interface Entry extends Draft<Facts> {
	readonly level: number;
	readonly event: string;
	readonly topic: string;
	/** Id of the node. */
	readonly node: string;
	/** Id of the fax. */
	readonly id: string;
}

/** Bounds the deliveries remembered: a flow that never acknowledges must not fill the memory. */
const mostFaxes = 10_000;

/**
 * Completes each step with the documents it is about. The core names them only when it delivers a fax, but an auditor
 * must see which documents an acknowledgement covered. So the trail remembers the last delivery of each fax until the
 * fax is confirmed or refused, and forgets the hashes when a step belongs to another delivery.
 */
export class AuditTrail {
	readonly #deliveries = new ChurnMap<Delivery>();

	/** Adds the delivery number and the hashes of the delivery that the step belongs to. */
	complete(step: Step): Step {
		const {id, delivery} = step;
		const known = this.#deliveries.get(id);
		switch (step.step) {
			case 'listed':
			case 'lapsed':
				return step;
			case 'delivered':
			case 'givenUp':
				this.#remember(id, step);
				return step;
			case 'confirmed':
			case 'refused':
				this.#deliveries.delete(id);
				return withKnown(step, known);
			default:
				if (delivery === undefined || delivery === known?.delivery) {
					return withKnown(step, known);
				}

				// The step belongs to another delivery, whose documents are unknown.
				this.#remember(id, step);
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

const withKnown = (step: Step, known: Delivery | undefined): Step => {
	const whole: Draft<Step> = {step: step.step, id: step.id};
	setFacts(whole, step, known);
	return whole;
};

/** Facts of the step take precedence over the known delivery. */
const setFacts = (target: Draft<Facts>, step: Facts, known?: Delivery): void => {
	const delivery = step.delivery ?? known?.delivery;
	const sha256 = step.sha256 ?? known?.sha256;
	if (delivery !== undefined) {
		target.delivery = delivery;
	}

	if (sha256) {
		target.sha256 = sha256;
	}

	if (step.late) {
		target.late = true;
	}
};

const trails = new WeakMap<ReturnType<typeof runtimeOf>, AuditTrail>();

export const audit = (RED: NodeAPI, node: Node, topic: string, taken: Step): void => {
	const runtime = runtimeOf(RED);
	const trail = trails.get(runtime) ?? new AuditTrail();
	trails.set(runtime, trail);
	const complete = trail.complete(taken);
	const entry: Entry = {
		level: RED.log.AUDIT,
		event: `retarus-fax.${complete.step}`,
		topic,
		node: node.id,
		id: complete.id,
	};
	setFacts(entry, complete);
	RED.log.audit(entry);
};
