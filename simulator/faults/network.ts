import type {Fault} from './faults';
import type {Random} from '../identifiers';

/** How good the way to the service is. Rates are shares of all requests of the API, from 0 to 1. */
export interface NetworkConditions {
	/** Each answer waits so long, in milliseconds. @default 0 */
	readonly latencyMs: number;
	/** The pace of each answer's body; 0 is as fast as it goes. @default 0 */
	readonly bytesPerSecond: number;
	/** Answered 503 and not carried out. @default 0 */
	readonly unavailableRate: number;
	/** The connection is reset, and the request not carried out. @default 0 */
	readonly resetRate: number;
	/** Carried out, and the answer lost. @default 0 */
	readonly lostAnswerRate: number;
}

export const perfectNetwork: NetworkConditions = {
	latencyMs: 0,
	bytesPerSecond: 0,
	unavailableRate: 0,
	resetRate: 0,
	lostAnswerRate: 0,
};

/** What the rates have in store for the next request. */
export function chanceFault(
	{unavailableRate, resetRate, lostAnswerRate}: NetworkConditions,
	random: Random,
): Fault | undefined {
	if (unavailableRate + resetRate + lostAnswerRate === 0) {
		return undefined;
	}
	const drawn = random();
	if (drawn < unavailableRate) {
		return {kind: 'status', status: 503};
	}
	if (drawn < unavailableRate + resetRate) {
		return {kind: 'reset', at: 'beforeAnswer'};
	}
	return drawn < unavailableRate + resetRate + lostAnswerRate ? {kind: 'lostAnswer'} : undefined;
}
