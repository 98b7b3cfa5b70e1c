/** When the next exchange is due, and how many faxes it asks for. Nothing but arithmetic. */
import {elapsedMs, type Instant} from '../environment';
import type {ReceiverOptions} from '../faxes/receiver-options';
import {largestFetch} from '../retarus/facts';

/** How long acknowledgements and free room wait for company. */
export const gatherMs = 250;

export interface Situation {
	/** `undefined` when nobody receives. */
	readonly receiver: ReceiverOptions | undefined;
	/** Whether polls may go: the receiver polls by itself and is not paused, or somebody asked for a round. */
	readonly polls: boolean;
	/** `undefined` while a round runs, else until the next one. */
	readonly nextRoundMs: number | undefined;
	/** The next poll asks for so many more, because faxes that we hold may hide others. */
	readonly held: number;
	readonly inFlight: number;
	/** After a failure less is asked for. */
	readonly cautiousFetch: number;
	/** Accepted acknowledgements that the service has not confirmed. */
	readonly unconfirmed: number;
	/** How long an acknowledgement has been waiting for company; `undefined` when none waits. */
	readonly idsWaitedMs: number | undefined;
	/** How long there has been room that is not enough for a batch. */
	readonly roomWaitedMs: number;
}

export interface Plan {
	/** 0 when it is due now, `Infinity` when only a change makes it due. */
	readonly dueMs: number;
	readonly fetch: number;
}

/**
 * A poll goes when there is room for a batch, or after a short wait for more room. An acknowledgement goes when nothing
 * more can join it, or after the same wait. Every exchange asks for what there is room for.
 */
export const planExchange = (situation: Situation): Plan => {
	const {receiver, nextRoundMs, inFlight, idsWaitedMs, roomWaitedMs} = situation;
	const fetch = fetchCount(situation);
	const hasRoomForBatch =
		receiver !== undefined &&
		fetch > 0 &&
		receiver.maxInFlight - inFlight >= Math.min(receiver.batchSize, receiver.maxInFlight);
	const isRunning = nextRoundMs === undefined;
	let dueMs = situation.polls && nextRoundMs !== undefined ? nextRoundMs : Infinity;
	if (isRunning && fetch > 0) {
		dueMs = Math.min(dueMs, hasRoomForBatch ? 0 : gatherMs - roomWaitedMs);
	}

	if (idsWaitedMs !== undefined) {
		const nothingCanJoin = inFlight === 0 || (isRunning && hasRoomForBatch);
		dueMs = Math.min(dueMs, nothingCanJoin ? 0 : gatherMs - idsWaitedMs);
	}

	return {dueMs: Math.max(0, dueMs), fetch};
};

/** What there is room for: a batch at most, nothing while too many acknowledgements wait for their confirmation. */
const fetchCount = ({receiver, polls, unconfirmed, inFlight, cautiousFetch, held}: Situation): number => {
	if (receiver === undefined || !polls || unconfirmed > receiver.maxInFlight) {
		return 0;
	}

	const count = Math.min(receiver.maxInFlight - inFlight, receiver.batchSize, cautiousFetch);
	return count > 0 ? Math.min(count + held, largestFetch) : 0;
};

/** For how long something has been so. */
export class Wait {
	#since: Instant | undefined;

	/** @returns `undefined` while it is not so */
	elapsedMs(isSo: boolean, now: Instant): number | undefined {
		this.#since = isSo ? (this.#since ?? now) : undefined;
		return this.#since && elapsedMs(now, this.#since);
	}

	reset(): void {
		this.#since = undefined;
	}
}
