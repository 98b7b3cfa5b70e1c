/** The control API's answers, as JSON. The page shares this file, so it must not depend on Node. */
import type {FaultRule} from '../faults/rule';

export type FaxStateView =
	| {readonly kind: 'waiting'}
	| {readonly kind: 'locked'; readonly untilMs: number; readonly request: number}
	| {readonly kind: 'acknowledged'; readonly atMs: number; readonly request: number}
	| {readonly kind: 'deleted'; readonly atMs: number; readonly wasAcknowledged: boolean};

export interface FaxEventView {
	readonly kind: 'received' | 'listed' | 'lapsed' | 'downloaded' | 'acknowledged' | 'acknowledgedAgain' | 'deleted';
	readonly atMs: number;
	/** Number of the request that caused it. */
	readonly request?: number;
	readonly lockedUntilMs?: number;
	/** Name of the downloaded document. */
	readonly name?: string;
}

export interface DocumentView {
	/** Last segment of its URL, in the fax API and below `/simulator/files/`. */
	readonly name: string;
	readonly contentType: string;
}

export interface FaxRecord {
	readonly id: string;
	readonly topic: string;
	readonly from: string;
	readonly to: string;
	readonly csid: string;
	readonly pages: number;
	/** ISO 8601, as is `deleteAfter`. */
	readonly receivedAt: string;
	readonly deleteAfter: string;
	readonly documents: readonly DocumentView[];
	readonly state: FaxStateView;
	readonly events: readonly FaxEventView[];
}

export interface FaxList {
	/** Pass it as `since` to receive only later changes. */
	readonly revision: string;
	/** Whether `faxes` holds all faxes rather than the changed ones. */
	readonly isComplete: boolean;
	readonly faxes: readonly FaxRecord[];
}

/** A fault rule in force. */
export interface FaultView extends FaultRule {
	readonly number: number;
	/** Requests it will still hit; absent for a rule without `times`. */
	readonly left?: number;
}

export interface NamedFaultView {
	readonly name: string;
	readonly title: string;
	readonly needsFax: boolean;
}

export type SwitchValue = string | number | boolean;
export type SwitchChoices = readonly SwitchValue[] | {readonly minimum: number; readonly maximum: number};

export interface SwitchesView {
	readonly switches: Readonly<Record<string, SwitchValue>>;
	readonly choices: Readonly<Record<string, SwitchChoices>>;
}

export type NetworkView = Readonly<
	Record<'latencyMs' | 'bytesPerSecond' | 'unavailableRate' | 'resetRate' | 'lostAnswerRate', number>
>;

export interface StateView extends SwitchesView {
	/** Time of the simulator's clock, ISO 8601. */
	readonly now: string;
	/** How far the clock has been moved. */
	readonly offsetMs: number;
	readonly baseUrl: string;
	readonly topics: readonly string[];
	readonly samples: readonly string[];
	readonly faults: readonly FaultView[];
	readonly namedFaults: readonly NamedFaultView[];
	readonly network: NetworkView;
	/** All requests ever received, dropped ones included. */
	readonly requests: number;
}

export interface RequestRecord {
	readonly number: number;
	readonly atMs: number;
	readonly method: string;
	readonly path: string;
	readonly query: string;
	readonly hasAuthorization: boolean;
	readonly phase?: string;
	readonly outcome: {
		readonly kind: 'pending' | 'answered' | 'struck';
		readonly status?: number;
		readonly fault?: string;
	};
}
