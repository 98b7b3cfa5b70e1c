import type {Fault} from '../faults/fault';
import type {FaultRule, PhaseSelector} from '../faults/rule';
import {RequestError} from '../http/reply';

/** A common fault rule under a short name. */
export interface NamedFault {
	/** Label of its button on the page. */
	readonly title: string;
	readonly fault: Fault;
	/** @default 'any' */
	readonly phase?: PhaseSelector;
	/** @default every request, until the rule is removed */
	readonly times?: number;
	/** Set if the fault applies to one fax, given by `faxId`. */
	readonly needsFax?: true;
}

export const namedFaults = {
	loseNextAnswer: {title: 'Lose the next answer', fault: {kind: 'lostAnswer'}, times: 1},
	loseNextAcknowledge: {
		title: 'Lose the answer to the next acknowledgement',
		fault: {kind: 'lostAnswer'},
		phase: 'acknowledge',
		times: 1,
	},
	refuseCredentials: {title: 'Answer 401 until stopped', fault: {kind: 'status', status: 401}},
	serviceDown: {title: 'Answer 503 until stopped', fault: {kind: 'status', status: 503}},
	rateLimited: {
		title: 'Answer 429 once: retry after 30 s',
		fault: {kind: 'status', status: 429, retryAfter: '30'},
		times: 1,
	},
	silence: {title: 'Leave the next request unanswered', fault: {kind: 'hang', at: 'beforeAnswer'}, times: 1},
	loginPage: {title: 'Answer the next request with a login page', fault: {kind: 'html'}, times: 1},
	brokenAnswer: {title: 'Cut off the JSON of the next poll', fault: {kind: 'badJson'}, phase: 'poll', times: 1},
	truncateDocument: {
		title: 'Truncate its documents',
		fault: {kind: 'truncatedUnannounced'},
		phase: 'document',
		needsFax: true,
	},
	withholdDocument: {
		title: 'Answer 404 for its documents',
		fault: {kind: 'status', status: 404},
		phase: 'document',
		needsFax: true,
	},
	blockAcknowledgement: {
		title: 'Answer its acknowledgement with a block page',
		fault: {kind: 'html'},
		phase: 'acknowledging',
		needsFax: true,
	},
	hangAcknowledgement: {
		title: 'Leave its acknowledgement unanswered',
		fault: {kind: 'hang', at: 'beforeAnswer'},
		phase: 'acknowledging',
		needsFax: true,
	},
} as const satisfies Readonly<Record<string, NamedFault>>;

export type FaultName = keyof typeof namedFaults;

export const faultNames = Object.keys(namedFaults).filter((name): name is FaultName => name in namedFaults);

/** @throws RequestError 400 if the fault applies to one fax and none is given */
export function namedRule(name: FaultName, faxId: string | undefined): FaultRule {
	const {fault, phase, times, needsFax}: NamedFault = namedFaults[name];
	if (needsFax && faxId === undefined) {
		throw new RequestError(400, `A fault rule: ${name} applies to one fax and needs its faxId.`);
	}
	return {fault, phase, times, faxId};
}
