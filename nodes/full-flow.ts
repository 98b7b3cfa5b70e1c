/** A flow that holds all it may gets nothing new. When that lasts it is worth a line in the log, for the flow may hang. */
import type {ReceiverOptions} from '../lib/receiver-options';
import type {TopicStatus} from '../lib/account/topic-status';
import {age} from './age';

interface FullFacts {
	readonly held: number;
	readonly most: number;
	/** Of the fax that the flow has had for longest. */
	readonly age: string;
}

export class FullFlow {
	#isTold = false;

	/**
	 * @returns what there is to say while the flow holds all it may, and whether the log is to be told: once, when half the processing time
	 * of the oldest fax is over
	 */
	look(
		{inFlight, oldestDeliveryMs}: TopicStatus,
		{maxInFlight, processingTimeoutMs}: ReceiverOptions,
		nowMs: number,
	): {readonly facts: FullFacts; readonly isNews: boolean} | undefined {
		if (inFlight < maxInFlight) {
			this.#isTold = false;
			return undefined;
		}

		if (oldestDeliveryMs === undefined) {
			return undefined;
		}

		const heldMs = nowMs - oldestDeliveryMs;
		const isNews = !this.#isTold && heldMs >= processingTimeoutMs / 2;
		this.#isTold ||= isNews;
		return {facts: {held: inFlight, most: maxInFlight, age: age(heldMs)}, isNews};
	}
}
