/**
 * One class per thing that a caller does differently. The sentence for the user stands in the catalogue
 * (`retarus-account.error.<reason>`): here in English, translated by the nodes. Facts are ids, topics, hosts and
 * figures; never a credential, a number or fax content.
 */
import catalogue from '../locales/en-US/retarus-account.json';

const sentences = catalogue['retarus-account'].error;

export type ErrorReason = keyof typeof sentences;
export type Facts = Readonly<Record<string, string | number>>;

/** Stable names for programs; each belongs to the public contract. */
export type ErrorCode =
	| 'RETARUS_CONFIG'
	| 'RETARUS_AUTH'
	| 'RETARUS_TOPIC'
	| 'RETARUS_RATE_LIMIT'
	| 'RETARUS_SERVICE'
	| 'RETARUS_NETWORK'
	| 'RETARUS_TIMEOUT'
	| 'RETARUS_PROTOCOL'
	| 'RETARUS_DOCUMENT_GONE'
	| 'RETARUS_DOCUMENT_INVALID'
	| 'RETARUS_DOCUMENT_TOO_LARGE'
	| 'RETARUS_NOT_A_FAX'
	| 'RETARUS_GUARD'
	| 'RETARUS_STATE';

/** What a condition stops: everything that goes the account's way, or one topic. */
export type Scope = 'account' | 'topic';

/**
 * Who gave an answer. `service` only if it looks like the service's: JSON, or a bare status without a body. A web
 * page or a line of text comes from a proxy, firewall or load balancer, and proves nothing about a topic, a fax or
 * an id.
 */
export type Speaker = 'service' | 'unknown';

export interface RetarusErrorOptions extends ErrorOptions {
	/** @default 'topic' */
	readonly scope?: Scope;
	/** @default 'unknown' */
	readonly speaker?: Speaker;
	/** @default 0 */
	readonly retryAfterMs?: number;
}

/** Fills the `__name__` placeholders of a catalogue sentence, as Node-RED does. */
export const fill = (sentence: string, facts: Facts): string =>
	sentence.replace(/__(\w+?)__/g, (placeholder, name: string) => (name in facts ? String(facts[name]) : placeholder));

export abstract class RetarusError extends Error {
	abstract readonly code: ErrorCode;
	readonly reason: ErrorReason;
	readonly facts: Facts;
	readonly scope: Scope;
	/** An accepted id may only be given up on the word of the service itself. */
	readonly speaker: Speaker;
	/** How long the answer asks to wait, by its `Retry-After`, an hour at most; 0 when it does not. */
	readonly retryAfterMs: number;

	constructor(reason: ErrorReason, facts: Facts = {}, options: RetarusErrorOptions = {}) {
		const {scope = 'topic', speaker = 'unknown', retryAfterMs = 0, ...rest} = options;
		super(fill(sentences[reason], facts), rest);
		this.name = new.target.name;
		this.reason = reason;
		this.facts = facts;
		this.scope = scope;
		this.speaker = speaker;
		this.retryAfterMs = retryAfterMs;
	}

	/** What Node-RED makes `msg.error.message` of. */
	override toString(): string {
		return `${this.message} (${this.code})`;
	}
}

/** Needs a person to correct a node, or the environment. */
export class ConfigError extends RetarusError {
	readonly code = 'RETARUS_CONFIG';
}

/** 401: no topic of this account works. 403: this one does not. */
export class AuthError extends RetarusError {
	readonly code = 'RETARUS_AUTH';

	constructor(reason: ErrorReason, scope: Scope, facts?: Facts, options?: RetarusErrorOptions) {
		super(reason, facts, {...options, scope});
	}
}

/** 404 of a topic. */
export class TopicError extends RetarusError {
	readonly code = 'RETARUS_TOPIC';
}

/** 429. */
export class RateLimitError extends RetarusError {
	readonly code = 'RETARUS_RATE_LIMIT';

	constructor(retryAfterMs: number) {
		const seconds = Math.ceil(retryAfterMs / 1000);
		super(seconds > 0 ? 'rateLimited' : 'rateLimitedUntimed', {seconds}, {scope: 'account', retryAfterMs});
	}
}

/** Another status than 2xx. */
export class ServiceError extends RetarusError {
	readonly code = 'RETARUS_SERVICE';
	readonly status: number;

	constructor(
		reason: ErrorReason,
		status: number,
		facts: Facts = {},
		retryAfterMs = 0,
		options: Omit<RetarusErrorOptions, 'retryAfterMs'> = {},
	) {
		super(reason, {status, ...facts}, {...options, retryAfterMs});
		this.status = status;
	}
}

export interface NetworkErrorOptions extends RetarusErrorOptions {
	/** @default false */
	readonly isStaleSocket?: boolean;
}

/** No answer, for a reason that lies between here and there. */
export class NetworkError extends RetarusError {
	readonly code = 'RETARUS_NETWORK';
	/** `connecting`: the service has not seen the request. `body`: the answer broke off after its headers. */
	readonly phase: 'connecting' | 'waiting' | 'body';
	/**
	 * A kept-alive connection that had carried an answer before broke before this one. The server may have closed
	 * it while it was idle, so the first of these says nothing about the network.
	 */
	readonly isStaleSocket: boolean;

	constructor(reason: ErrorReason, phase: NetworkError['phase'], facts: Facts, options: NetworkErrorOptions = {}) {
		const {isStaleSocket = false, ...rest} = options;
		super(reason, facts, rest);
		this.phase = phase;
		this.isStaleSocket = isStaleSocket;
	}
}

/** A deadline passed: of a request, of a flow, of the parts of a fax. */
export class TimeoutError extends RetarusError {
	readonly code = 'RETARUS_TIMEOUT';
}

/** An answer that is not one of this service. */
export class ProtocolError extends RetarusError {
	readonly code = 'RETARUS_PROTOCOL';
}

/** The document is not there. */
export class DocumentGoneError extends RetarusError {
	readonly code = 'RETARUS_DOCUMENT_GONE';
}

/** There is a document, but it is incomplete or not a fax. */
export class DocumentInvalidError extends RetarusError {
	readonly code = 'RETARUS_DOCUMENT_INVALID';
}

/** Fetching it again cannot help. */
export class DocumentTooLargeError extends RetarusError {
	readonly code = 'RETARUS_DOCUMENT_TOO_LARGE';
}

/** A message that names no fax. */
export class NotAFaxError extends RetarusError {
	readonly code = 'RETARUS_NOT_A_FAX';
}

/** A message that must not be acknowledged. */
export class GuardError extends RetarusError {
	readonly code = 'RETARUS_GUARD';
}

/** The state folder cannot be used. */
export class StateError extends RetarusError {
	readonly code = 'RETARUS_STATE';
}

/** Mistakes in the way to the service that no repetition mends. */
const lastingReasons: ReadonlySet<ErrorReason> = new Set<ErrorReason>([
	'certificateRefused',
	'certificateExpired',
	'certificateNotYetValid',
	'certificateWrongName',
	'clientCertificateWanted',
	'tlsMixedUp',
	'proxyTlsMixedUp',
	'proxyUnauthorized',
	'proxyForbidden',
	'headersTooLarge',
]);

/** Whether the condition stays until a person changes something; all others recover by themselves. */
export const needsPerson = (error: RetarusError): boolean =>
	error instanceof ConfigError ||
	error instanceof AuthError ||
	error instanceof TopicError ||
	error instanceof StateError ||
	lastingReasons.has(error.reason);

/** Connections are tried to several addresses at once. One without a route says less than one that was refused. */
const unroutable: ReadonlySet<string> = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL']);

/** The code of an error, or of what caused it; else its name. Never its text, which may hold anything. */
export const errorCode = (error: unknown): string => {
	if (!(error instanceof Error)) {
		return 'unknown';
	}

	if (error instanceof AggregateError) {
		const codes = error.errors.map((inner) => errorCode(inner));
		return codes.find((code) => !unroutable.has(code)) ?? codes[0] ?? error.name;
	}

	const own = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
	return own ?? (error.cause === undefined ? error.name : errorCode(error.cause));
};

/** Turns anything thrown into one of ours. A cause that nobody foresaw keeps its code. */
export const toRetarusError = (error: unknown): RetarusError =>
	error instanceof RetarusError
		? error
		: new NetworkError('unforeseen', 'waiting', {detail: errorCode(error)}, {cause: error});

/** The system's code for what failed. */
export const codeOf = (error: unknown): string | undefined =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

export const hasCode = (error: unknown, ...codes: readonly string[]): boolean => codes.includes(codeOf(error) ?? '');

/** The disk refuses. `detail` is the system's code, never a path of a user's file. */
export const folderError = (folder: string, cause: unknown): StateError => {
	if (cause instanceof StateError) {
		return cause;
	}

	return new StateError('folderUnusable', {folder, detail: codeOf(cause) ?? 'unknown'}, {cause});
};
