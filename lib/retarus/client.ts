/** The HTTP client of one account. It repeats nothing but a request without effect on a stale socket: when to try again is the topic's business. */
import {LinkedAbort} from '../pacing/linked-abort';
import type {Consume} from './http-call';
import type {Clock} from '../environment';
import {
	AuthError,
	DocumentGoneError,
	DocumentInvalidError,
	NetworkError,
	ProtocolError,
	RateLimitError,
	ServiceError,
	TimeoutError,
	TopicError,
	type RetarusError,
} from '../errors';
import type {Transport, TransportRequest, TransportResponse} from './http';
import {documentPath, exchangePath, parseAnswer, type Exchange, type ParsedAnswer} from './wire';

export interface RetarusClientOptions {
	readonly transport: Transport;
	readonly clock: Clock;
	/** Path of the base URL without a slash at its end, e.g. `/faxin/rest/v1`. */
	readonly basePath: string;
	readonly customerNumber: string;
	readonly password: string;
	/** Total for an exchange; for a download the longest silence. */
	readonly requestTimeoutMs: number;
}

/** A document on its way. */
export interface DocumentStream {
	/** Bytes, when the service announced them. */
	readonly length: number | undefined;
	readonly contentType: string | undefined;
	/** Neither a length nor chunks: the end of the connection is the end of the body. */
	readonly closeDelimited: boolean;
	/** As of {@link TransportResponse}. */
	read(consume: Consume): Promise<void>;
	discard(): void;
	/** After the body: false when it was cut by a wrong announcement of its length. */
	endedCleanly(): Promise<boolean>;
}

/** Far more than an answer of 1000 faxes, and no danger to the host. */
const largestAnswerBytes = 32 * 1024 * 1024;
/** Nobody asks for a part, but a cache on the way may hold no more. */
const partOfDocument = 206;
const longestRetryAfterMs = 3_600_000;

export class RetarusClient {
	readonly #options: RetarusClientOptions;
	readonly #documentHeaders: Readonly<Record<string, string>>;
	readonly #exchangeHeaders: Readonly<Record<string, string>>;

	constructor(options: RetarusClientOptions) {
		this.#options = options;
		const credentials = Buffer.from(`${options.customerNumber}:${options.password}`, 'utf8').toString('base64');
		this.#documentHeaders = {authorization: `Basic ${credentials}`, accept: '*/*', 'accept-encoding': 'identity'};
		this.#exchangeHeaders = {...this.#documentHeaders, 'content-type': 'application/json'};
	}

	get requestTimeoutMs(): number {
		return this.#options.requestTimeoutMs;
	}

	/**
	 * Acknowledges and fetches in one request.
	 * @param timeoutMs until the answer is complete
	 * @throws RetarusError, and what the signal was aborted with
	 */
	async exchange(exchange: Exchange, timeoutMs: number, signal: AbortSignal): Promise<ParsedAnswer> {
		const deadline = new Deadline(this.#options.clock, signal, timeoutMs, 'noAnswer');
		try {
			const response = await this.#request(
				{
					method: 'POST',
					path: `${this.#options.basePath}${exchangePath(exchange)}`,
					headers: this.#exchangeHeaders,
					body: '{}',
					signal: deadline.signal,
				},
				exchange.fetch === 0,
			);
			if (!isSuccess(response.status)) {
				await drain(response);
				throw exchangeError(response, exchange.topic, this.#options.clock.now().wallMs);
			}

			checkEncoding(response);
			const body = await readText(response);
			// An answer without content can only mean that nothing was listed.
			return response.status === 204 ? {listings: [], malformed: 0} : parseAnswer(body);
		} finally {
			deadline.clear();
		}
	}

	/**
	 * Asks for a document. Its body throws as the request does.
	 * @param facts name the fax in errors
	 * @throws RetarusError, and what the signal was aborted with
	 */
	async download(
		segment: string,
		facts: {readonly id: string; readonly topic: string},
		signal: AbortSignal,
	): Promise<DocumentStream> {
		const {clock, requestTimeoutMs, basePath} = this.#options;
		const deadline = new Deadline(clock, signal, requestTimeoutMs, 'silent');
		try {
			const path = `${basePath}${documentPath(segment)}`;
			const response = await this.#request(
				{method: 'GET', path, headers: this.#documentHeaders, signal: deadline.signal},
				true,
			);
			if (!isSuccess(response.status) || response.status === partOfDocument) {
				await drain(response);
				throw downloadError(response, facts, clock.now().wallMs);
			}

			checkEncoding(response);
			const announced = response.headers['content-length'];
			const length = announced !== undefined && /^\d+$/.test(announced) ? Number(announced) : undefined;
			return {
				length,
				contentType: response.headers['content-type'],
				closeDelimited: length === undefined && response.headers['transfer-encoding'] === undefined,
				read: (consume) => readWatched(response, deadline, consume),
				discard() {
					deadline.clear();
					response.discard();
				},
				endedCleanly: () => response.endedCleanly(),
			};
		} catch (error) {
			deadline.clear();
			throw error;
		}
	}

	async close(): Promise<void> {
		await this.#options.transport.close();
	}

	/** A kept-alive socket may be closed by the server just when it is used: what has no effect is repeated at once, once. */
	async #request(request: TransportRequest, hasNoEffect: boolean): Promise<TransportResponse> {
		const {transport} = this.#options;
		try {
			return await transport.request(request);
		} catch (error) {
			if (hasNoEffect && error instanceof NetworkError && error.phase === 'waiting') {
				return transport.request(request);
			}

			throw error;
		}
	}
}

/** Aborts a request when its time is over or its owner gives up, whichever comes first. */
class Deadline {
	readonly #clock: Clock;
	readonly #abort: LinkedAbort;
	readonly #timeoutMs: number;
	readonly #reason: 'noAnswer' | 'silent';
	#sinceSteadyMs: number;
	#cancel: () => void;

	constructor(clock: Clock, owner: AbortSignal, timeoutMs: number, reason: 'noAnswer' | 'silent') {
		this.#clock = clock;
		this.#abort = new LinkedAbort(owner);
		this.#timeoutMs = timeoutMs;
		this.#reason = reason;
		this.#sinceSteadyMs = clock.now().steadyMs;
		this.#cancel = this.#wait(timeoutMs);
	}

	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	/** From now on the time runs anew. The timer is left alone, for this happens with every chunk. */
	postpone(): void {
		this.#sinceSteadyMs = this.#clock.now().steadyMs;
	}

	clear(): void {
		this.#cancel();
		this.#abort.release();
	}

	#wait(delayMs: number): () => void {
		return this.#clock.setTimer(() => {
			const remainingMs = this.#timeoutMs - (this.#clock.now().steadyMs - this.#sinceSteadyMs);
			if (remainingMs > 0) {
				this.#cancel = this.#wait(remainingMs);
			} else {
				this.#abort.abort(new TimeoutError(this.#reason, {seconds: Math.ceil(this.#timeoutMs / 1000)}));
			}
		}, delayMs);
	}
}

/** Silence counts from the last chunk. */
const readWatched = async (response: TransportResponse, deadline: Deadline, consume: Consume): Promise<void> => {
	deadline.postpone();
	try {
		await response.read((chunk) => {
			deadline.postpone();
			consume(chunk);
		});
	} finally {
		deadline.clear();
	}
};

const isSuccess = (status: number): boolean => status >= 200 && status <= 299;

/** Others are not named: a header of somebody else's may repeat what it was sent, credentials included. */
const codings: readonly string[] = ['gzip', 'x-gzip', 'compress', 'x-compress', 'deflate', 'br', 'zstd'];

const checkEncoding = (response: TransportResponse): void => {
	const encoding = response.headers['content-encoding'];
	if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity') {
		response.discard();
		throw new ProtocolError('encodingUnknown', {
			encoding: codings.find((coding) => coding === encoding.trim().toLowerCase()) ?? 'unknown',
		});
	}
};

const readText = async (response: TransportResponse): Promise<string> => {
	const chunks: Uint8Array[] = [];
	let size = 0;
	await response.read((chunk) => {
		size += chunk.length;
		if (size > largestAnswerBytes) {
			throw new ProtocolError('answerTooLarge', {limit: largestAnswerBytes / 1024 / 1024});
		}

		chunks.push(chunk);
	});
	return Buffer.concat(chunks).toString('utf8');
};

/** Reads a short error body so that the connection can be used again; a long one costs the connection. */
const drain = async (response: TransportResponse): Promise<void> => {
	let size = 0;
	try {
		await response.read((chunk) => {
			size += chunk.length;
			if (size > 65_536) {
				throw new Error('enough');
			}
		});
	} catch {
		// The status has said it all.
	}
};

/** Seconds or a date, at most one hour; 0 when absent or unreadable. */
export const retryAfterMs = (header: string | undefined, nowWallMs: number): number => {
	if (header === undefined) {
		return 0;
	}

	const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowWallMs;
	return Number.isNaN(ms) ? 0 : Math.min(Math.max(0, ms), longestRetryAfterMs);
};

/** What 401, 407, 429, redirects and 5xx mean is the same for both kinds of request. */
const commonError = ({status, headers}: TransportResponse, nowWallMs: number): RetarusError | undefined => {
	const waitMs = retryAfterMs(headers['retry-after'], nowWallMs);
	switch (true) {
		case status < 400:
			return new ProtocolError('redirected', {status});
		case status === 401:
			return new AuthError('unauthorized', 'account');
		case status === 407:
			return new NetworkError('proxyUnauthorized', 'connecting', {});
		case status === 429:
			return new RateLimitError(waitMs);
		case status >= 500 || status === 408 || status === 425:
			return new ServiceError('serverError', status, {}, waitMs);
		default:
			return undefined;
	}
};

const exchangeError = (response: TransportResponse, topic: string, nowWallMs: number): RetarusError => {
	const {status} = response;
	switch (status) {
		case 403:
			return new AuthError('forbidden', 'topic', {topic});
		case 404:
			return new TopicError('topicUnknown', {topic});
		default:
			return commonError(response, nowWallMs) ?? new ServiceError('requestRefused', status);
	}
};

const downloadError = (
	response: TransportResponse,
	facts: {readonly id: string; readonly topic: string},
	nowWallMs: number,
): RetarusError => {
	const {status, headers} = response;
	if (status === partOfDocument) {
		return new DocumentInvalidError('documentIncomplete', facts);
	}

	// Whatever the status: a service that names a time will give the document then.
	const waitMs = retryAfterMs(headers['retry-after'], nowWallMs);
	if (waitMs > 0 && status !== 429) {
		return new ServiceError('serverError', status, facts, waitMs);
	}

	return status === 404 || status === 410
		? new DocumentGoneError('documentGone', {...facts, status})
		: (commonError(response, nowWallMs) ?? new ServiceError('documentRefused', status, facts));
};
