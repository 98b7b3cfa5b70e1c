import type {Fault, FaultRule} from '../faults/faults';
import {RequestError} from '../http/reply';

/** What somebody at the desk wants to go wrong, in one word. */
export interface NamedFault {
	/** What happens, for people. */
	readonly title: string;
	readonly fault: Fault;
	readonly phase?: FaultRule['phase'];
	readonly times?: number;
	/** It is about one fax. */
	readonly needsFax?: true;
}

export const namedFaults = {
	loseNextAnswer: {title: 'Lose the next answer', fault: {kind: 'lostAnswer'}, times: 1},
	loseNextAcknowledge: {
		title: 'Lose the answer to the next acknowledge',
		fault: {kind: 'lostAnswer'},
		phase: 'acknowledge',
		times: 1,
	},
	refuseCredentials: {title: '401 until I say so', fault: {kind: 'status', status: 401}},
	serviceDown: {title: '503 until I say so', fault: {kind: 'status', status: 503}},
	rateLimited: {title: '429, come back in 30 s', fault: {kind: 'status', status: 429, retryAfter: '30'}, times: 1},
	silence: {title: 'Do not answer the next request', fault: {kind: 'hang', at: 'beforeAnswer'}, times: 1},
	loginPage: {title: 'A login page in place of the next answer', fault: {kind: 'html'}, times: 1},
	brokenAnswer: {title: 'Cut the JSON of the next poll', fault: {kind: 'badJson'}, phase: 'poll', times: 1},
	truncateDocument: {
		title: 'This document is truncated',
		fault: {kind: 'truncatedUnannounced'},
		phase: 'document',
		needsFax: true,
	},
	withholdDocument: {
		title: 'This document is missing',
		fault: {kind: 'status', status: 404},
		phase: 'document',
		needsFax: true,
	},
} as const satisfies Readonly<Record<string, NamedFault>>;

export type FaultName = keyof typeof namedFaults;

export const faultNames = Object.keys(namedFaults).filter((name): name is FaultName => name in namedFaults);

/** @throws RequestError 400 when the fault is about one fax, and none is named */
export function namedRule(name: FaultName, faxId: string | undefined): FaultRule {
	const {fault, phase, times, needsFax}: NamedFault = namedFaults[name];
	if (needsFax && faxId === undefined) {
		throw new RequestError(400, `A fault rule: ${name} is about one fax, whose faxId has to be given.`);
	}
	return {fault, phase, times, faxId};
}
