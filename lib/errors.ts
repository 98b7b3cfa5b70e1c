/**
 * One class per thing that a caller does differently. The sentence for the user stands in the catalogue (`retarus-account.error.<reason>`):
 * here in English, translated by the nodes. Facts are ids, topics, hosts and figures; never a credential, a number or fax content.
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

/** Fills the `__name__` placeholders of a catalogue sentence, as Node-RED does. */
export const fill = (sentence: string, facts: Facts): string =>
	sentence.replace(/__(\w+?)__/g, (placeholder, name: string) => (name in facts ? String(facts[name]) : placeholder));

export abstract class RetarusError extends Error {
	abstract readonly code: ErrorCode;
	readonly reason: ErrorReason;
	readonly facts: Facts;

	constructor(reason: ErrorReason, facts: Facts = {}, options?: ErrorOptions) {
		super(fill(sentences[reason], facts), options);
		this.name = new.target.name;
		this.reason = reason;
		this.facts = facts;
	}

	/** What Node-RED makes `msg.error.message` of. */
	override toString(): string {
		return `${this.message} (${this.code})`;
	}
}

/** Needs a person to correct a node. */
export class ConfigError extends RetarusError {
	readonly code = 'RETARUS_CONFIG';
}

/** 401: no topic of this account works. 403: this one does not. */
export class AuthError extends RetarusError {
	readonly code = 'RETARUS_AUTH';
	readonly scope: 'account' | 'topic';

	constructor(reason: ErrorReason, scope: 'account' | 'topic', facts?: Facts) {
		super(reason, facts);
		this.scope = scope;
	}
}

/** 404 of a topic. */
export class TopicError extends RetarusError {
	readonly code = 'RETARUS_TOPIC';
}

/** 429. */
export class RateLimitError extends RetarusError {
	readonly code = 'RETARUS_RATE_LIMIT';
	readonly retryAfterMs: number;

	constructor(retryAfterMs: number) {
		super('rateLimited', {seconds: Math.ceil(retryAfterMs / 1000)});
		this.retryAfterMs = retryAfterMs;
	}
}

/** Another status than 2xx. */
export class ServiceError extends RetarusError {
	readonly code = 'RETARUS_SERVICE';
	readonly status: number;
	/** From `Retry-After`, clamped; 0 when the service named none. */
	readonly retryAfterMs: number;

	constructor(reason: ErrorReason, status: number, facts: Facts = {}, retryAfterMs = 0) {
		super(reason, {status, ...facts});
		this.status = status;
		this.retryAfterMs = retryAfterMs;
	}
}

/** No answer, for a reason that lies between here and there. */
export class NetworkError extends RetarusError {
	readonly code = 'RETARUS_NETWORK';
	/** `connecting`: the service has not seen the request. `body`: the answer broke off after its headers. */
	readonly phase: 'connecting' | 'waiting' | 'body';

	constructor(reason: ErrorReason, phase: 'connecting' | 'waiting' | 'body', facts: Facts, options?: ErrorOptions) {
		super(reason, facts, options);
		this.phase = phase;
	}
}

/** A deadline passed: of a request, of a flow, of the parts of a fax. */
export class TimeoutError extends RetarusError {
	readonly code = 'RETARUS_TIMEOUT';
}

/** An answer that is none of this service. */
export class ProtocolError extends RetarusError {
	readonly code = 'RETARUS_PROTOCOL';
}

/** The document is not there. */
export class DocumentGoneError extends RetarusError {
	readonly code = 'RETARUS_DOCUMENT_GONE';
}

/** There is a document, but it is not whole or no fax. */
export class DocumentInvalidError extends RetarusError {
	readonly code = 'RETARUS_DOCUMENT_INVALID';
}

/** Fetching again cannot help. */
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

/** Whether the condition stays until a person changes something; all others recover by themselves. */
export const needsPerson = (error: RetarusError): boolean =>
	error instanceof ConfigError ||
	error instanceof AuthError ||
	error instanceof TopicError ||
	error instanceof StateError ||
	error.reason === 'certificateRefused';

/** Whatever was thrown, as one of ours: what none of the classes above foresees lies between here and the service. */
export const toRetarusError = (error: unknown): RetarusError =>
	error instanceof RetarusError
		? error
		: new NetworkError(
				'connectionBroken',
				'waiting',
				{host: 'Retarus', detail: error instanceof Error ? error.name : 'unknown'},
				{cause: error},
			);

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
