/** When the next exchange is due, and how many faxes it asks for. Nothing but arithmetic. */
import {largestFetch} from '../retarus/facts';
import type {ReceiverOptions} from '../receiver-options';

/** How long acknowledges and free room wait for company. */
export const gatherMs = 250;

export interface Situation {
	/** Absent when nobody receives. */
	readonly receiver: ReceiverOptions | undefined;
	/** Whether polls may go: the receiver polls by itself and is not paused, or somebody asked for a round. */
	readonly polls: boolean;
	/** `undefined` while a round runs, else until the next one. */
	readonly nextRoundMs: number | undefined;
	/** Held faxes by which the next poll asks for more. */
	readonly held: number;
	readonly inFlight: number;
	/** After a failure less is asked for. */
	readonly cautiousFetch: number;
	/** Accepted acknowledges that the service has not confirmed. */
	readonly unconfirmed: number;
	/** How long an acknowledge has been waiting for company; `undefined` when none waits. */
	readonly idsWaitedMs: number | undefined;
	/** How long there has been room that is not enough for a batch. */
	readonly roomWaitedMs: number;
}

export interface Plan {
	/** 0 when it is due now; `undefined` waits for a change. */
	readonly dueMs: number | undefined;
	readonly fetch: number;
}

/**
 * A poll goes when there is room for a batch, or after a short wait for more room; an acknowledge when nothing more can join it, or after the same wait.
 * Every exchange asks for what there is room for.
 */
export const planExchange = (situation: Situation): Plan => {
	const {receiver, nextRoundMs, inFlight, idsWaitedMs, roomWaitedMs} = situation;
	const fetch = fetchCount(situation);
	const hasRoomForBatch =
		receiver !== undefined &&
		fetch > 0 &&
		receiver.maxInFlight - inFlight >= Math.min(receiver.batchSize, receiver.maxInFlight);
	const isRunning = nextRoundMs === undefined;
	const pollMs = isRunning && fetch > 0 ? (hasRoomForBatch ? 0 : gatherMs - roomWaitedMs) : undefined;
	const idsMs =
		idsWaitedMs === undefined
			? undefined
			: inFlight === 0 || (isRunning && hasRoomForBatch)
				? 0
				: gatherMs - idsWaitedMs;
	const roundMs = situation.polls ? nextRoundMs : undefined;
	const delays = [pollMs, idsMs, roundMs].filter((delay) => delay !== undefined);
	return {dueMs: delays.length === 0 ? undefined : Math.max(0, Math.min(...delays)), fetch};
};

/** What there is room for, a batch at most, nothing while too many acknowledges wait for their confirmation. */
const fetchCount = ({receiver, polls, unconfirmed, inFlight, cautiousFetch, held}: Situation): number => {
	if (receiver === undefined || !polls || unconfirmed > receiver.maxInFlight) {
		return 0;
	}

	const count = Math.min(receiver.maxInFlight - inFlight, receiver.batchSize, cautiousFetch);
	return count > 0 ? Math.min(count + held, largestFetch) : 0;
};
