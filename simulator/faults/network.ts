import type {Fault} from './fault';
import type {Random} from '../identifiers';

/** Conditions between client and service. Rates are fractions of all fax API requests, from 0 to 1. */
export interface NetworkConditions {
	/** Delay before each answer. @default 0 */
	readonly latencyMs: number;
	/** Bandwidth of each answer's body; 0 means unlimited. @default 0 */
	readonly bytesPerSecond: number;
	/** Requests answered 503 and not carried out. @default 0 */
	readonly unavailableRate: number;
	/** Requests that end in a connection reset and are not carried out. @default 0 */
	readonly resetRate: number;
	/** Requests carried out without an answer. @default 0 */
	readonly lostAnswerRate: number;
}

export const perfectNetwork: NetworkConditions = {
	latencyMs: 0,
	bytesPerSecond: 0,
	unavailableRate: 0,
	resetRate: 0,
	lostAnswerRate: 0,
};

/** Draws the fault for the next request, if any. One draw covers all three rates, so at most one fault hits. */
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
