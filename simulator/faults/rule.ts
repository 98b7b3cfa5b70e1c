import type {Fault} from './fault';

/** The purpose of a request. `acknowledge` has `fetch=0`; `pollWithAcknowledge` has `ids` and a `fetch` above 0. */
export type Phase = 'poll' | 'pollWithAcknowledge' | 'acknowledge' | 'document';

/** One phase, all requests that fetch faxes, all that acknowledge, or any request. */
export type PhaseSelector = Phase | 'fetching' | 'acknowledging' | 'any';

/**
 * A fault and the requests it hits: those that meet every condition of the rule.
 * Conditions look only at the request as sent, before authentication, as a proxy on the way would. So a rule can
 * single out one fax, document, topic or customer, and everything else goes on.
 */
export interface FaultRule {
	readonly fault: Fault;
	/** @default 'any' */
	readonly phase?: PhaseSelector | undefined;
	/** Number of requests to hit. @default every one, until the rule is removed */
	readonly times?: number | undefined;
	/** Requests that acknowledge this fax or download one of its documents. @default any fax */
	readonly faxId?: string | undefined;
	/** Downloads of this document, given by the last segment of its URL. @default any document */
	readonly fileName?: string | undefined;
	/** Exchanges on this topic and downloads of its documents. @default any topic */
	readonly topic?: string | undefined;
	/** Requests with this customer number, whatever their password. @default any customer */
	readonly customerNumber?: string | undefined;
	/** Requests whose path and query take more than this many bytes. @default any length */
	readonly urlLongerThanBytes?: number | undefined;
}

/** The parts of a request that rules match. */
export interface FaultTarget {
	readonly phase: Phase;
	/** The faxes it acknowledges, or the fax whose document it downloads. */
	readonly faxIds: readonly string[];
	/** `undefined` unless it downloads a document. */
	readonly fileName: string | undefined;
	/** `undefined` for a download of a document that does not exist. */
	readonly topic: string | undefined;
	/** `undefined` without Basic credentials. */
	readonly customerNumber: string | undefined;
	readonly urlBytes: number;
}

const selected: Readonly<Record<PhaseSelector, readonly Phase[]>> = {
	poll: ['poll'],
	pollWithAcknowledge: ['pollWithAcknowledge'],
	acknowledge: ['acknowledge'],
	document: ['document'],
	fetching: ['poll', 'pollWithAcknowledge'],
	acknowledging: ['acknowledge', 'pollWithAcknowledge'],
	any: ['poll', 'pollWithAcknowledge', 'acknowledge', 'document'],
};

/** Whether a request meets every condition of a rule. */
export function matches(rule: FaultRule, target: FaultTarget): boolean {
	return (
		selected[rule.phase ?? 'any'].includes(target.phase) &&
		(rule.faxId === undefined || target.faxIds.includes(rule.faxId)) &&
		(rule.fileName === undefined || rule.fileName === target.fileName) &&
		(rule.topic === undefined || rule.topic === target.topic) &&
		(rule.customerNumber === undefined || rule.customerNumber === target.customerNumber) &&
		target.urlBytes > (rule.urlLongerThanBytes ?? -1)
	);
}
