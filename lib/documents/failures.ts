/** Which failures of a download say something about the fax, which may pass, and when to try again. */
import {
	DocumentGoneError,
	DocumentInvalidError,
	needsPerson,
	NetworkError,
	ProtocolError,
	RateLimitError,
	RetarusError,
	ServiceError,
	TimeoutError,
} from '../errors';
import {fullJitterMs, probeMs, transientBackoff, type BackoffOptions} from '../pacing/backoff';

/** How often a document is asked for when the document itself fails. */
const mostFailures = 4;
/** After so many the fax steps aside, so that others have its room; it is tried again while its lock lasts. */
const mostRefusals = 2;
const brokenBackoff: BackoffOptions = {baseMs: 500, capMs: 8000};
/** The service may list a fax before its documents are ready. With this, four attempts take 14 to 28 s. */
const unreadyBackoff: BackoffOptions = {baseMs: 4000, capMs: 16_000};

/** Request timeout, too early, unavailable. */
const passingStatuses: readonly number[] = [408, 425, 503];

/** Says nothing about the fax: it is tried again while its lock lasts, then left to the service, uncounted. */
export const isTransient = (error: unknown): boolean =>
	error instanceof RetarusError &&
	(error.scope === 'account' ||
		error.retryAfterMs > 0 ||
		error instanceof RateLimitError ||
		(error instanceof NetworkError && error.phase === 'connecting') ||
		(error instanceof ServiceError && passingStatuses.includes(error.status)) ||
		error.reason === 'noRoomInTime');

/** The service has answered, though not with a document. */
export const isAnswer = (error: unknown): boolean =>
	error instanceof DocumentGoneError ||
	error instanceof DocumentInvalidError ||
	error instanceof ProtocolError ||
	error instanceof ServiceError;

/** The answer arrived whole, but there is no usable document yet. */
const isUnready = (error: RetarusError): boolean =>
	error instanceof DocumentGoneError ||
	(error instanceof DocumentInvalidError && !(error.cause instanceof NetworkError));

/** The failed attempts at one document. */
export class Failures {
	readonly #random: () => number;
	#failures = 0;
	#refusals = 0;

	constructor(random: () => number) {
		this.#random = random;
	}

	/** @returns how long to wait before the next attempt; Infinity when none can help */
	nextAttemptMs(error: unknown): number {
		if (!(error instanceof RetarusError)) {
			return Infinity;
		}

		return isTransient(error) ? this.#afterRefusal(error) : this.#afterFailure(error);
	}

	#afterRefusal(error: RetarusError): number {
		const refusals = this.#refusals;
		this.#refusals += 1;
		if (this.#refusals >= mostRefusals) {
			return Infinity;
		}

		const delayMs = needsPerson(error)
			? probeMs(refusals, this.#random)
			: fullJitterMs(refusals, transientBackoff, this.#random);
		return Math.max(error.retryAfterMs, delayMs);
	}

	#afterFailure(error: RetarusError): number {
		const failures = this.#failures;
		// A slow document takes a minute each time.
		this.#failures += error.reason === 'tooSlow' ? mostFailures / 2 : 1;
		const canHelp = isAnswer(error) || error instanceof NetworkError || error instanceof TimeoutError;
		if (!canHelp || this.#failures >= mostFailures) {
			return Infinity;
		}

		return isUnready(error)
			? fullJitterMs(failures, unreadyBackoff, () => 0.5 + this.#random() / 2)
			: fullJitterMs(failures, brokenBackoff, this.#random);
	}
}
