/**
 * The shape of a fax in a message. All of it but `content` is plain JSON, so that it survives clones, context stores,
 * brokers and restarts.
 */

/** Identifies a fax. An acknowledgement needs no more. */
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
	/** Never reused once the message is sent, because Node-RED's clones share its memory. */
	readonly content: Buffer;
}

/** Why the last delivery failed, as `msg.fax.problem` shows it. */
export interface FaxProblem {
	readonly code: string;
	readonly message: string;
}

/**
 * An object under construction. The objects on the path of every fax are built property by property: on Node 20 a
 * conditional spread takes twenty times as long, and leaves a hidden class behind until a full garbage collection.
 */
export type Draft<Whole> = {-readonly [Key in keyof Whole]: Whole[Key]};

/** Details of the transmission. A field that the service does not provide is absent. */
export interface FaxMetadata {
	readonly from?: string;
	readonly to?: string;
	readonly csid?: string;
	readonly pages?: number;
	/** ISO 8601, with the service's own offset. */
	readonly receivedAt?: string;
}

/** `msg.fax`. */
export interface Fax extends FaxHandle, FaxMetadata {
	/** 1 the first time, 2 when the fax comes back, and so on. */
	readonly delivery: number;
	/** ISO 8601. */
	readonly lockedUntil: string;
	/** ISO 8601, seven days after `receivedAt`; absent if that is unknown. */
	readonly deleteAfter?: string;
	readonly documents: readonly FaxDocumentInfo[];
	/** Only on output 2. */
	readonly problem?: FaxProblem;
	/** The service's own entry, without prototype keys. */
	readonly raw: Readonly<Record<string, unknown>>;
}
