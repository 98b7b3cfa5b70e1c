/** The words of this package. Everything here is plain JSON, so that it survives clones, context stores, brokers and restarts. */

/** Names one fax: what an acknowledge needs, and all it needs. */
export interface FaxHandle {
	readonly id: string;
	readonly topic: string;
	/** Id of the `retarus-account` node. */
	readonly account: string;
}

export interface FaxDocumentInfo {
	/** Position in the service's own list, from 0. */
	readonly index: number;
	/** `[A-Za-z0-9][A-Za-z0-9._@-]*`, the same at every delivery, unique within the fax regardless of case. */
	readonly filename: string;
	/** What the bytes prove, else `application/octet-stream`. */
	readonly contentType: string;
	/** Bytes. */
	readonly size: number;
	/** Lower-case hex. */
	readonly sha256: string;
	/** False when the bytes do not prove what the file name says. */
	readonly expected: boolean;
}

export interface FaxDocument extends FaxDocumentInfo {
	/** Never reused after the message was sent: Node-RED's clones share its memory. */
	readonly content: Buffer;
}

/** Why the last delivery failed, as `msg.fax.problem` shows it. */
export interface FaxProblem {
	readonly code: string;
	readonly message: string;
}

/**
 * While it is being put together. For what every fax passes, properties are set one by one: an object spread under a condition takes twenty times as long on
 * Node 20, and leaves a hidden class behind that only a full garbage collection clears.
 */
export type Draft<Whole> = {-readonly [Key in keyof Whole]: Whole[Key]};

/** What is known of the transmission. A field that the service does not give is absent. */
export interface FaxMetadata {
	readonly from?: string;
	readonly to?: string;
	readonly csid?: string;
	readonly pages?: number;
	/** ISO 8601 with the offset it came with. */
	readonly receivedAt?: string;
}

/** `msg.fax`. */
export interface Fax extends FaxHandle, FaxMetadata {
	/** 1 the first time, 2 when it came back, and so on. */
	readonly delivery: number;
	/** ISO 8601. */
	readonly lockedUntil: string;
	/** ISO 8601, seven days after `receivedAt`; absent when that is unknown. */
	readonly deleteAfter?: string;
	readonly documents: readonly FaxDocumentInfo[];
	/** Only on output 2. */
	readonly problem?: FaxProblem;
	/** The service's own entry without prototype keys. */
	readonly raw: Readonly<Record<string, unknown>>;
}
