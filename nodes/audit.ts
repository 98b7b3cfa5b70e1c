/** Node-RED's audit log, where administrators look for who did what: one entry for each step of a fax, with ids and hashes, without numbers and content. */
import type {Node, NodeAPI} from '@node-red/registry';
import type {Draft} from '../lib/fax';
import {ChurnMap} from '../lib/churn-map';
import type {Step} from '../lib/faxes/events';
import {runtimeOf} from './runtime';

/** What a flow was given. */
type Delivery = Pick<Step, 'delivery' | 'sha256'>;

/** What a step may tell beside its name and its fax. */
type Facts = Pick<Step, 'delivery' | 'late' | 'sha256'>;

interface Entry extends Draft<Facts> {
	readonly level: number;
	readonly event: string;
	readonly topic: string;
	/** Its id. */
	readonly node: string;
	readonly id: string;
}

/** Faxes of which the last delivery is known. A flow that acknowledges none must not fill the memory. */
const mostFaxes = 10_000;

/** The last delivery of each fax that is not done with, so that every later step tells which documents it is about. */
export class AuditTrail {
	readonly #deliveries = new ChurnMap<Delivery>();

	/** The step with what is known of the delivery that it belongs to. */
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

				// Another delivery than the last one: its documents are not known any more.
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

/** Where a step does not tell its delivery or documents, what is known of them counts. */
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
