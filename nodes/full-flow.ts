/** Notices a flow that stays full: it receives nothing new, and may hang. */
import type {TopicStatus} from '../lib/account/topic-status';
import type {ReceiverOptions} from '../lib/faxes/receiver-options';
import {age} from './age';

interface FullFacts {
	readonly held: number;
	readonly most: number;
	/** Of the oldest fax in the flow. */
	readonly age: string;
}

/**
 * A full flow is normal while a backlog is worked off, so it is worth a line in the log only once half the processing
 * time of its oldest fax is over, and only once until there is room again. Later would be too late: at the end of the
 * processing time the fax counts as failed.
 */
export class FullFlow {
	#isReported = false;

	/** @returns `undefined` while there is room; otherwise the facts, and whether to log them now */
	check(
		{inFlight, oldestDeliveryMs}: TopicStatus,
		{maxInFlight, processingTimeoutMs}: ReceiverOptions,
		nowMs: number,
	): {readonly facts: FullFacts; readonly isNew: boolean} | undefined {
		if (inFlight < maxInFlight) {
			this.#isReported = false;
			return undefined;
		}

		if (oldestDeliveryMs === undefined) {
			return undefined;
		}

		const heldMs = nowMs - oldestDeliveryMs;
		const isNew = !this.#isReported && heldMs >= processingTimeoutMs / 2;
		this.#isReported ||= isNew;
		return {facts: {held: inFlight, most: maxInFlight, age: age(heldMs)}, isNew};
	}
}
