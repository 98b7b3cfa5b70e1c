/** HTTP as the client needs it, and its one real implementation: undici, loaded when the first request is made. */
import type {Dispatcher} from 'undici';
import {setMaxListeners} from 'node:events';
import {setImmediate as turnOfEventLoop} from 'node:timers/promises';
import {realEnvironment, type Clock} from '../environment';
import {createDispatcher, type DispatchOptions, type TlsOptions} from './dispatcher';
import {HttpCall, type CallAnswer, type Consume} from './http-call';
import {KeepAlive} from './keep-alive';
import {networkError} from './network-errors';
import {chooseProxy, type ProxyChoice, type UsableProxy} from './proxy';

export type {TlsOptions} from './dispatcher';
export type {Proxy} from './proxy';

export interface TransportRequest {
	readonly method: 'GET' | 'POST';
	/** From the root of the origin. Sent as it is. */
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
	/** Ends the request and the body; what it is aborted with is thrown. */
	readonly signal: AbortSignal;
}

export interface TransportResponse {
	readonly status: number;
	/** Names in lower case; repeated ones joined. */
	readonly headers: Readonly<Record<string, string | undefined>>;
	/**
	 * For people: who is at the other end of the connection, the proxy or the service. Absent where it does not
	 * matter.
	 */
	readonly peer?: string;
	/**
	 * Once: hands on each chunk of the body in the turn in which it comes. Read it to its end, or {@link discard}
	 * it: an unread body pins its connection.
	 * @throws NetworkError of phase `body`, what the signal was aborted with, and what `consume` throws, which ends
	 * the request
	 */
	read(consume: Consume): Promise<void>;
	discard(): void;
	/**
	 * After the body: whether nothing came behind its announced end. Something behind means that the announcement
	 * was wrong and the body is cut. Doubt falls on all bodies that were on their way at that moment.
	 */
	endedCleanly(): Promise<boolean>;
}

export interface Transport {
	/** @throws RetarusError, and what the signal was aborted with */
	request(request: TransportRequest): Promise<TransportResponse>;
	/** Resolves when what has come in so far was handed on. Absent where nothing can lie unread. */
	catchUp?(): Promise<void>;
	/** Ends all connections at once. */
	close(): Promise<void>;
}

export interface TransportOptions {
	readonly origin: string;
	/** @default Node's own authorities, and no certificate of this client */
	readonly tls?: TlsOptions;
	readonly proxy: ProxyChoice;
	/** Of all requests of an account together. */
	readonly connections: number;
	/**
	 * For the age of connections.
	 * @default that of the system
	 */
	readonly clock?: Pick<Clock, 'now'>;
}

export const createTransport = (options: TransportOptions): Transport => new UndiciTransport(options);

interface Route {
	readonly dispatcher: Dispatcher;
	readonly proxy: UsableProxy | undefined;
}

class UndiciTransport implements Transport {
	readonly #options: TransportOptions;
	readonly #url: URL;
	readonly #keepAlive: KeepAlive;
	readonly #closing = new AbortController();
	/** Found with the first request, which is told when there is none. */
	#route: Promise<Route> | undefined;
	/** So far. */
	#strayAnswers = 0;

	constructor(options: TransportOptions) {
		this.#options = options;
		this.#url = new URL(options.origin);
		this.#keepAlive = new KeepAlive(options.clock ?? realEnvironment.clock);
		setMaxListeners(0, this.#closing.signal);
		// Loading takes longer than opening a ledger, so both run at once. The first request reports a failure to
		// load.
		void import('undici').catch(() => undefined);
	}

	async request({method, path, headers, body, signal}: TransportRequest): Promise<TransportResponse> {
		this.#route ??= this.#open();
		const {dispatcher, proxy} = await this.#route;
		signal.throwIfAborted();
		const straysBefore = this.#strayAnswers;
		const call = new HttpCall(signal, (error, phase, isStaleSocket) => {
			const hasClientCertificate = this.#hasClientCertificate;
			return networkError(error, {url: this.#url, proxy: proxy?.name, hasClientCertificate, phase, isStaleSocket});
		});
		// Each request has its own deadline (deadline.ts) and its own headers: undici's ProxyAgent adds to those it
		// gets.
		const request: DispatchOptions = {
			origin: this.#options.origin,
			method,
			path,
			headers: {...headers},
			body: body ?? null,
			headersTimeout: 0,
			bodyTimeout: 0,
			onConnection(connection) {
				call.onConnection(connection);
			},
		};
		dispatcher.dispatch(request, call);
		const answer = await call.answer;
		return {
			status: answer.status,
			headers: joined(answer.headers),
			peer: proxy?.name ?? this.#url.host,
			read: (consume) => call.read(consume),
			discard() {
				call.discard();
			},
			endedCleanly: async () => {
				// undici notices bytes behind the end within this turn of the event loop, and reports them in the
				// next one.
				await this.catchUp();
				return this.#strayAnswers === straysBefore;
			},
		};
	}

	async catchUp(): Promise<void> {
		await turnOfEventLoop();
		await turnOfEventLoop();
	}

	async close(): Promise<void> {
		const route = await this.#route?.catch(() => undefined);
		await route?.dispatcher.destroy();
		// undici leaves out connections that are being made. A socket aborted in the turn in which it connects
		// revives.
		await turnOfEventLoop();
		this.#closing.abort();
	}

	get #hasClientCertificate(): boolean {
		const {cert, pfx} = this.#options.tls ?? {};
		return cert !== undefined || pfx !== undefined;
	}

	async #open(): Promise<Route> {
		const {origin, tls, connections} = this.#options;
		const proxy = chooseProxy(this.#options.proxy, this.#url);
		const dispatcher = await createDispatcher({
			origin,
			tls,
			proxy,
			connections,
			keepAlive: this.#keepAlive,
			closing: this.#closing.signal,
			onStrayAnswer: () => {
				this.#strayAnswers += 1;
			},
		});
		return {dispatcher, proxy};
	}
}

type JoinedHeaders = TransportResponse['headers'];

const areJoined = (headers: CallAnswer['headers']): headers is JoinedHeaders =>
	!Object.values(headers).some((value) => Array.isArray(value));

const joined = (headers: CallAnswer['headers']): JoinedHeaders =>
	areJoined(headers)
		? headers
		: Object.fromEntries(
				Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
			);
