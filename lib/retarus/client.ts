/**
 * The HTTP client of one account: exchanges and downloads, each with a deadline. It retries nothing except a request
 * without effect on a stale socket; when to try again is the topic's business.
 */
import type {Clock} from '../environment';
import {NetworkError, ProtocolError} from '../errors';
import {readAnswer, readRefusal, refuseCoding} from './answer-body';
import {downloadError, exchangeError, partOfDocument, type DocumentFacts, type Refusal} from './answer-errors';
import {Deadline} from './deadline';
import type {Transport, TransportRequest, TransportResponse} from './http';
import type {Consume} from './http-call';
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

export class RetarusClient {
	readonly #options: RetarusClientOptions;
	readonly #documentHeaders: Readonly<Record<string, string>>;
	readonly #exchangeHeaders: Readonly<Record<string, string>>;
	readonly #catchUp: (() => Promise<void>) | undefined;

	constructor(options: RetarusClientOptions) {
		this.#options = options;
		const credentials = Buffer.from(`${options.customerNumber}:${options.password}`, 'utf8').toString('base64');
		this.#documentHeaders = {authorization: `Basic ${credentials}`, accept: '*/*', 'accept-encoding': 'identity'};
		this.#exchangeHeaders = {...this.#documentHeaders, 'content-type': 'application/json'};
		this.#catchUp = options.transport.catchUp?.bind(options.transport);
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
		const {clock, basePath} = this.#options;
		const deadline = new Deadline({clock, owner: signal, timeoutMs, reason: 'noAnswer', catchUp: this.#catchUp});
		try {
			const response = await this.#request(
				{
					method: 'POST',
					path: `${basePath}${exchangePath(exchange)}`,
					headers: this.#exchangeHeaders,
					body: '{}',
					signal: deadline.signal,
				},
				exchange.fetch === 0,
			);
			if (!isSuccess(response.status)) {
				throw exchangeError(await refusalOf(response), exchange.topic, clock.now().wallMs);
			}

			refuseCoding(response);
			const answer = await readAnswer(response, () => {
				deadline.progress();
			});
			if (answer.text.trim() === '' && !(await response.endedCleanly())) {
				throw new ProtocolError('notJson');
			}

			return parseAnswer(answer.text, {...answer, isPoll: exchange.fetch > 0});
		} finally {
			deadline.clear();
		}
	}

	/**
	 * Asks for a document. Its body throws as the request does.
	 * @throws RetarusError, and what the signal was aborted with
	 */
	async download(segment: string, facts: DocumentFacts, signal: AbortSignal): Promise<DocumentStream> {
		const {clock, requestTimeoutMs: timeoutMs, basePath} = this.#options;
		const deadline = new Deadline({clock, owner: signal, timeoutMs, reason: 'silent', catchUp: this.#catchUp});
		try {
			const path = `${basePath}${documentPath(segment)}`;
			const response = await this.#request(
				{method: 'GET', path, headers: this.#documentHeaders, signal: deadline.signal},
				true,
			);
			if (!isSuccess(response.status) || response.status === partOfDocument) {
				throw downloadError(await refusalOf(response), facts, clock.now().wallMs);
			}

			refuseCoding(response);
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

	/** The server may close a kept-alive socket just as it is used: what has no effect is repeated at once, once. */
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

/** Silence counts from the last chunk. */
const readWatched = async (response: TransportResponse, deadline: Deadline, consume: Consume): Promise<void> => {
	deadline.progress();
	try {
		await response.read((chunk) => {
			deadline.progress();
			consume(chunk);
		});
	} finally {
		deadline.clear();
	}
};

const isSuccess = (status: number): boolean => status >= 200 && status <= 299;

const refusalOf = async (response: TransportResponse): Promise<Refusal> => ({
	status: response.status,
	headers: response.headers,
	body: await readRefusal(response),
	peer: response.peer ?? 'Retarus',
});
