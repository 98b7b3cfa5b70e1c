import {NetworkError} from '../../lib/errors';
import type {Clock} from '../../lib/environment';
import type {Transport, TransportRequest, TransportResponse} from '../../lib/retarus/http';
import {parseRequest, Retarus} from './retarus';

export interface Reply {
	readonly status: number;
	readonly body?: string | Buffer;
	readonly headers?: Readonly<Record<string, string>>;
}

export interface ExchangeRequest {
	readonly kind: 'exchange';
	readonly topic: string;
	readonly fetch: number;
	readonly timeoutMs: number;
	readonly ids: readonly string[];
	readonly authorization: string | undefined;
	readonly atMs: number;
}

export interface DownloadRequest {
	readonly kind: 'download';
	readonly name: string;
	readonly atMs: number;
}

/**
 * How a request ends; `undefined`: the service serves it.
 * `lost`: the service serves it, and the answer never arrives. `hangs`: until the request is aborted.
 */
export type Fate = Reply | 'lost' | 'unreachable' | 'hangs' | undefined;

export const pdf = Buffer.from('%PDF-1.4\n%%EOF\n');

/** The documented service as a transport, on the test's clock. */
export class FakeRetarus implements Transport {
	readonly exchanges: ExchangeRequest[] = [];
	readonly downloads: DownloadRequest[] = [];
	isClosed = false;
	/** Asked about every request first. */
	fate: (request: ExchangeRequest | DownloadRequest) => Fate = () => undefined;
	readonly #clock: Clock;
	readonly #service: Retarus;

	constructor(clock: Clock) {
		this.#clock = clock;
		this.#service = new Retarus(() => clock.now().wallMs);
	}

	add(...ids: string[]): void {
		for (const id of ids) {
			this.addFax(id, {[`${id}.pdf`]: pdf});
		}
	}

	addFax(id: string, documents: Readonly<Record<string, Buffer>>): void {
		this.#service.receive({id, documents: new Map(Object.entries(documents)), lockedUntilMs: 0, isAcknowledged: false});
	}

	/** Ids of the faxes that were acknowledged. */
	get acknowledged(): readonly string[] {
		return [...this.#service.faxes.values()].filter(({isAcknowledged}) => isAcknowledged).map(({id}) => id);
	}

	/** Ends the locks of all faxes. */
	unlock(): void {
		for (const fax of this.#service.faxes.values()) {
			fax.lockedUntilMs = 0;
		}
	}

	/** Lists the fax again although it was acknowledged. */
	forgetAcknowledge(id: string): void {
		const fax = this.#service.faxes.get(id);
		if (fax) {
			fax.isAcknowledged = false;
			fax.lockedUntilMs = 0;
		}
	}

	async request(request: TransportRequest): Promise<TransportResponse> {
		await Promise.resolve();
		request.signal.throwIfAborted();
		const asked = parseRequest(request.method, request.path);
		const fate = this.fate(this.#note(asked, request));
		switch (fate) {
			case 'unreachable':
				throw new NetworkError('connectionRefused', 'connecting', {host: 'fake'});
			case 'hangs':
				return new Promise((_, reject) => {
					request.signal.addEventListener(
						'abort',
						() => {
							reject(request.signal.reason as Error);
						},
						{once: true},
					);
				});
			case 'lost':
				this.#serve(asked);
				throw new NetworkError('connectionBroken', 'waiting', {host: 'fake', detail: 'ECONNRESET'});
			default:
				return toResponse(fate ?? this.#serve(asked));
		}
	}

	close(): Promise<void> {
		this.isClosed = true;
		return Promise.resolve();
	}

	#note(asked: ReturnType<typeof parseRequest>, {headers}: TransportRequest): ExchangeRequest | DownloadRequest {
		const atMs = this.#clock.now().steadyMs;
		if (typeof asked === 'string') {
			const download = {kind: 'download', name: asked, atMs} as const;
			this.downloads.push(download);
			return download;
		}

		const {topic, fetch, lockTimeoutMs: timeoutMs, ids} = asked;
		const exchange = {
			kind: 'exchange',
			topic,
			fetch,
			timeoutMs,
			ids,
			atMs,
			authorization: headers.authorization,
		} as const;
		this.exchanges.push(exchange);
		return exchange;
	}

	#serve(asked: ReturnType<typeof parseRequest>): Reply {
		return typeof asked === 'string' ? this.#service.document(asked) : this.#service.exchange(asked);
	}
}

const toResponse = ({status, body = '', headers = {}}: Reply): TransportResponse => {
	const content = Buffer.from(body);
	return {
		status,
		headers: {'content-length': String(content.length), ...headers},
		async read(consume) {
			await Promise.resolve();
			consume(content);
		},
		discard: () => undefined,
		endedCleanly: () => Promise.resolve(true),
	};
};
