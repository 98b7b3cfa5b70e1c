import {NetworkError} from '../../lib/errors';
import type {Clock} from '../../lib/environment';
import type {Transport, TransportRequest, TransportResponse} from '../../lib/retarus/http';

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

interface StoredFax {
	readonly id: string;
	readonly documents: ReadonlyMap<string, Buffer>;
	lockedUntilMs: number;
	isAcknowledged: boolean;
}

/** What becomes of a request. `lost`: the service does it, the answer never comes. `hangs`: until the request is aborted. */
export type Fate = Reply | 'lost' | 'unreachable' | 'hangs' | undefined;

export const pdf = Buffer.from('%PDF-1.4\n%%EOF\n');

/** The documented service as a transport, on the test's clock: locks, expiry, acknowledges. */
export class FakeRetarus implements Transport {
	readonly exchanges: ExchangeRequest[] = [];
	readonly downloads: DownloadRequest[] = [];
	isClosed = false;
	/** Asked about every request first. */
	fate: (request: ExchangeRequest | DownloadRequest) => Fate = () => undefined;
	readonly #clock: Clock;
	readonly #faxes: StoredFax[] = [];

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	add(...ids: string[]): void {
		for (const id of ids) {
			this.addFax(id, {[`${id}.pdf`]: pdf});
		}
	}

	addFax(id: string, documents: Readonly<Record<string, Buffer>>): void {
		this.#faxes.push({id, documents: new Map(Object.entries(documents)), lockedUntilMs: 0, isAcknowledged: false});
	}

	/** Ids that the service does not list any more. */
	get acknowledged(): readonly string[] {
		return this.#faxes.filter(({isAcknowledged}) => isAcknowledged).map(({id}) => id);
	}

	/** The locks of all faxes end. */
	unlock(): void {
		for (const fax of this.#faxes) {
			fax.lockedUntilMs = 0;
		}
	}

	/** Lists it again although it was acknowledged. */
	forgetAcknowledge(id: string): void {
		for (const fax of this.#faxes.filter((one) => one.id === id)) {
			fax.isAcknowledged = false;
			fax.lockedUntilMs = 0;
		}
	}

	async request(request: TransportRequest): Promise<TransportResponse> {
		await Promise.resolve();
		request.signal.throwIfAborted();
		const parsed = this.#parse(request);
		(parsed.kind === 'exchange' ? this.exchanges : this.downloads).push(parsed as ExchangeRequest & DownloadRequest);
		const fate = this.fate(parsed);
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
				this.#serve(parsed);
				throw new NetworkError('connectionBroken', 'waiting', {host: 'fake', detail: 'ECONNRESET'});
			default:
				return toResponse(fate ?? this.#serve(parsed));
		}
	}

	close(): Promise<void> {
		this.isClosed = true;
		return Promise.resolve();
	}

	#parse({method, path, headers}: TransportRequest): ExchangeRequest | DownloadRequest {
		const {pathname, search} = new URL(path, 'http://fake');
		const last = decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1));
		const atMs = this.#clock.now().steadyMs;
		if (method === 'GET') {
			return {kind: 'download', name: last, atMs};
		}

		const value = (name: string): string | undefined => new RegExp(`[?&]${name}=([^&]*)`).exec(search)?.[1];
		return {
			kind: 'exchange',
			topic: last,
			fetch: Number(value('fetch')),
			timeoutMs: 1000 * Number(value('timeout')),
			atMs,
			ids:
				value('ids')
					?.split(',')
					.map((id) => decodeURIComponent(id)) ?? [],
			authorization: headers.authorization,
		};
	}

	#serve(request: ExchangeRequest | DownloadRequest): Reply {
		if (request.kind === 'download') {
			const content = this.#faxes.flatMap(({documents}) => documents.get(request.name) ?? [])[0];
			return content ? {status: 200, body: content} : {status: 404};
		}

		const {wallMs} = this.#clock.now();
		for (const fax of this.#faxes) {
			fax.isAcknowledged ||= request.ids.includes(fax.id);
		}

		const listed = this.#faxes
			.filter((fax) => !fax.isAcknowledged && fax.lockedUntilMs <= wallMs)
			.slice(0, request.fetch);
		for (const fax of listed) {
			fax.lockedUntilMs = wallMs + request.timeoutMs;
		}

		const results = listed.map(({id, documents}) => ({
			id,
			documents: [...documents.keys()].map((name) => ({url: `https://elsewhere/files/${encodeURIComponent(name)}`})),
		}));
		return {
			status: 200,
			body: JSON.stringify({meta: {next: 'https://elsewhere/next', exit: 'https://elsewhere/exit'}, results}),
		};
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
