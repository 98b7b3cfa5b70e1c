/** The core's only way out: what a topic tells, as a typed map of events. */
import type {RetarusError} from '../errors';
import type {FaxDocument, FaxMetadata} from '../fax';
import type {Failure} from '../ledger/ledger';
import type {FolderNotice} from '../ledger/state-folder';

/** A fax without its documents. */
export interface FaxSummary {
	readonly id: string;
	readonly delivery: number;
	readonly metadata: FaxMetadata;
	readonly raw: Readonly<Record<string, unknown>>;
	/** Milliseconds since 1970, by this machine's clock. */
	readonly lockedUntilMs: number;
}

export interface DeliveredFax extends FaxSummary {
	/** All of them; none only when they could not be had and the fax is given up. */
	readonly documents: readonly FaxDocument[];
	/** Given up after `maxDeliveries` failures, the last of which this is; `undefined` for an ordinary delivery. */
	readonly givenUp: Failure | undefined;
}

/** Worth a line in the log, once. */
export type Notice =
	| {readonly kind: 'contentMismatch'; readonly id: string}
	/** Not acknowledged, and so many hours until the service deletes it. */
	| {readonly kind: 'deletionNear'; readonly id: string; readonly hours: number}
	| {readonly kind: 'neverAcknowledged'; readonly id: string; readonly delivery: number}
	| {readonly kind: 'journalSetAside'; readonly path: string}
	| FolderNotice
	| {readonly kind: 'acknowledgeIgnored' | 'entryMalformed'; readonly error: RetarusError};

/** A step in the life of a fax, for audit logs. */
export interface Step {
	/** `lapsed`: the lock was over before the fax could be delivered, which is left to the service. */
	readonly step:
		| 'listed'
		| 'lapsed'
		| 'delivered'
		| 'accepted'
		| 'confirmed'
		| 'failed'
		| 'givenBack'
		| 'handedOver'
		| 'givenUp'
		| 'refused';
	readonly id: string;
	readonly delivery?: number;
	/** Accepted after the lock was over or the delivery counted as failed. */
	readonly late?: true;
	/** Of the documents, lower-case hex. */
	readonly sha256?: readonly string[];
}

export interface TopicEvents {
	/** The fax is with the flow from now on. */
	delivery: [DeliveredFax];
	/** A delivery failed: its documents cannot be had, or nobody acknowledged in time. */
	failure: [FaxSummary, RetarusError];
	/** A lasting condition began, or changed its code. */
	trouble: [RetarusError];
	/** The status may have changed. */
	change: [];
	notice: [Notice];
	step: [Step];
}
