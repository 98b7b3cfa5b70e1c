/** What the control API tells, as JSON. Shared with the page, hence without anything of Node. */

export type FaxStateView =
	| {readonly kind: 'waiting'}
	| {readonly kind: 'locked'; readonly untilMs: number; readonly request: number}
	| {readonly kind: 'acknowledged'; readonly atMs: number; readonly request: number}
	| {readonly kind: 'deleted'; readonly atMs: number; readonly wasAcknowledged: boolean};

export interface FaxEventView {
	readonly kind: 'received' | 'listed' | 'lapsed' | 'downloaded' | 'acknowledged' | 'acknowledgedAgain' | 'deleted';
	readonly atMs: number;
	/** Number of the request that did it. */
	readonly request?: number;
	readonly lockedUntilMs?: number;
	/** Of the document. */
	readonly name?: string;
}

export interface DocumentView {
	/** The last part of its address, also under `/simulator/files/`. */
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
	/** To be given as `since` the next time, for what has changed by then. */
	readonly revision: string;
	/** These are all faxes there are, not only those that have changed. */
	readonly isComplete: boolean;
	readonly faxes: readonly FaxRecord[];
}

/** A fault rule in force. */
export interface FaultView {
	readonly number: number;
	readonly fault: {readonly kind: string; readonly [property: string]: unknown};
	readonly phase?: string;
	readonly times?: number;
	/** Strikes to come; absent when there is no end to them. */
	readonly left?: number;
	readonly faxId?: string;
	readonly fileName?: string;
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
	/** By the simulator's clock, ISO 8601. */
	readonly now: string;
	/** How far the clock was moved. */
	readonly offsetMs: number;
	readonly baseUrl: string;
	readonly topics: readonly string[];
	readonly samples: readonly string[];
	readonly faults: readonly FaultView[];
	readonly namedFaults: readonly NamedFaultView[];
	readonly network: NetworkView;
	/** Requests of the API since the start. */
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
