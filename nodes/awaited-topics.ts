/** The topics whose confirmation an ack node awaits, and their trouble. */
import type {Topic} from '../lib/account/topic';
import {needsPerson} from '../lib/errors';
import type {Weakness} from './account-settings';
import {troubleStatus, type FullStatus} from './status';

interface Awaited {
	readonly weakness: Weakness;
	waiting: number;
}

/**
 * Lets an ack node show the trouble of a topic as a fax in node would. Without a fax in node on this machine, nothing
 * else would show why an acknowledgement is not confirmed. Listens only while a message waits, so an idle node costs
 * its topics nothing.
 */
export class AwaitedTopics {
	readonly #changed: () => void;
	readonly #awaited = new Map<Topic, Awaited>();

	/** @param changed is called when the trouble may have changed */
	constructor(changed: () => void) {
		this.#changed = changed;
	}

	/** The worst trouble of the awaited topics; one that needs a person takes precedence. */
	get trouble(): Omit<FullStatus, 'counts'> | undefined {
		let worst: Omit<FullStatus, 'counts'> | undefined;
		for (const [topic, {weakness}] of this.#awaited) {
			const {state} = topic.status;
			if (state.kind === 'trouble' && (!worst || needsPerson(state.error))) {
				worst = troubleStatus(state, weakness, Date.now());
			}
		}

		return worst;
	}

	/** Adds a waiting message. Returns a function that ends its wait. */
	watch(topic: Topic, weakness: Weakness): () => void {
		const awaited = this.#awaited.get(topic) ?? {weakness, waiting: 0};
		if (awaited.waiting === 0) {
			this.#awaited.set(topic, awaited);
			topic.on('change', this.#changed);
		}

		awaited.waiting += 1;
		return () => {
			awaited.waiting -= 1;
			if (awaited.waiting === 0) {
				this.#awaited.delete(topic);
				topic.off('change', this.#changed);
			}
		};
	}
}
