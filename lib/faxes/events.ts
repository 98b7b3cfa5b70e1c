/** The core's only way out: what happens on a topic, as a typed map of events. */
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
	/** All of them. None only when they are unavailable and the fax is given up. */
	readonly documents: readonly FaxDocument[];
	/** The last failure of a fax that is given up after `maxDeliveries`; `undefined` for an ordinary delivery. */
	readonly givenUp: Failure | undefined;
}

/** Worth a line in the log, once. */
export type Notice =
	/** A document is not of the type that its name says. */
	| {readonly kind: 'contentMismatch'; readonly id: string}
	/** Not acknowledged, and the service deletes it in so many hours. */
	| {readonly kind: 'deletionNear'; readonly id: string; readonly hours: number}
	| {readonly kind: 'neverAcknowledged'; readonly id: string; readonly delivery: number}
	| {readonly kind: 'journalSetAside'; readonly path: string}
	| FolderNotice
	/** The service keeps listing a fax that it confirmed. */
	| {readonly kind: 'acknowledgeIgnored'; readonly error: RetarusError}
	/** The acknowledgement of one fax keeps failing while others work. It is repeated, slowly, for as long as it takes. */
	| {readonly kind: 'acknowledgeSetAside'; readonly id: string; readonly error: RetarusError};

/** A step in the life of a fax, for audit logs. */
export interface Step {
	/** `lapsed`: the lock ran out before the fax could be delivered, so the fax is left to the service. */
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
	/** Accepted after the lock ran out or the delivery counted as failed. */
	readonly late?: true;
	/** Of the documents, lower-case hex. */
	readonly sha256?: readonly string[];
}

export interface TopicEvents {
	/** The flow has the fax from now on. */
	delivery: [DeliveredFax];
	/** A delivery failed: its documents are unavailable, or nobody acknowledged in time. */
	failure: [FaxSummary, RetarusError];
	/** A lasting condition began, or turned into another one. */
	trouble: [RetarusError];
	/** The last condition of its kind is over, after so many milliseconds. */
	recovery: [RetarusError, durationMs: number];
	/** The status may have changed. */
	change: [];
	notice: [Notice];
	step: [Step];
}
