/** HTTP as the service client needs it, and its one real implementation: undici, loaded when the first request is made. */
import type {Dispatcher} from 'undici';
import {setMaxListeners} from 'node:events';
import {setImmediate as turnOfEventLoop} from 'node:timers/promises';
import {HttpCall, type CallAnswer, type Consume} from './http-call';
import {NetworkError} from '../errors';

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
	 * Once: hands on each chunk of the body in the turn in which it comes. Read it to its end, or {@link discard} it: an unread body pins its connection.
	 * @throws NetworkError of phase `body`, what the signal was aborted with, and what `consume` throws, which ends the request
	 */
	read(consume: Consume): Promise<void>;
	discard(): void;
	/**
	 * After the body: whether nothing came behind its announced end. Something behind means that the announcement was wrong and the body is cut.
	 * Doubt falls on all bodies that were on their way at that moment.
	 */
	endedCleanly(): Promise<boolean>;
}

export interface Transport {
	/** @throws NetworkError, and what the signal was aborted with */
	request(request: TransportRequest): Promise<TransportResponse>;
	/** Ends all connections at once. */
	close(): Promise<void>;
}

/** Options of `tls.connect` that a `tls-config` node sets. */
export type TlsOptions = Readonly<Record<string, unknown>>;

export interface Proxy {
	readonly url: string;
	readonly username?: string;
	readonly password?: string;
}

export interface TransportOptions {
	readonly origin: string;
	readonly tls?: TlsOptions;
	/** `environment`: HTTPS_PROXY, HTTP_PROXY and NO_PROXY count. */
	readonly proxy: Proxy | 'environment' | 'none';
	/** Of all requests of an account together. */
	readonly connections: number;
}

/** A connection outlives the longest poll interval that people use, so that an idle poll is no new TLS handshake. The server may close it earlier. */
const keepAliveMs = 15 * 60_000;
const connectTimeoutMs = 10_000;

export const createTransport = (options: TransportOptions): Transport => {
	const host = new URL(options.origin).host;
	let dispatcher: Promise<Dispatcher> | undefined;
	const closing = new AbortController();
	setMaxListeners(0, closing.signal);
	/** Why connections were never made: whatever the code, the service has not seen the request. */
	const connectErrors = new WeakSet<Error>();
	let strayAnswers = 0;
	// Loading it takes longer than opening a ledger: both at once. Whether it can be loaded shows with the first request.
	void import('undici').catch(() => undefined);
	return {
		async request({method, path, headers, body, signal}) {
			dispatcher ??= createDispatcher(options, closing.signal, {
				connectFailed(error) {
					connectErrors.add(error);
				},
				strayAnswer() {
					strayAnswers += 1;
				},
			});
			const ready = await dispatcher;
			signal.throwIfAborted();
			const straysBefore = strayAnswers;
			const call = new HttpCall(signal, (error, phase) =>
				networkError(error, host, connectErrors.has(error) ? 'connecting' : phase),
			);
			// Every request has a deadline of its own (service.ts), and headers of its own: undici's ProxyAgent adds to what it is given.
			ready.dispatch(
				{
					origin: options.origin,
					method,
					path,
					headers: {...headers},
					body: body ?? null,
					headersTimeout: 0,
					bodyTimeout: 0,
				},
				call,
			);
			const answer = await call.answer;
			return {
				status: answer.status,
				headers: joined(answer.headers),
				read: (consume) => call.read(consume),
				discard() {
					call.discard();
				},
				async endedCleanly() {
					// What is behind the end is noticed within the same turn of the event loop, and told at the end of the next one.
					await turnOfEventLoop();
					await turnOfEventLoop();
					return strayAnswers === straysBefore;
				},
			};
		},
		async close() {
			await (await dispatcher)?.destroy();
			// undici leaves those alone that are just being made. A socket that is told in the same turn in which it connects comes to life again.
			await turnOfEventLoop();
			closing.abort();
		},
	};
};

/** How undici 7 says that bytes came which answer no request. It has no code of its own; a test holds this. */
const isStrayAnswer = (error: Error): boolean =>
	error.message === 'bad response' || ('code' in error && String(error.code).startsWith('HPE_'));

interface Observer {
	readonly connectFailed: (error: Error) => void;
	readonly strayAnswer: () => void;
}

const createDispatcher = async (
	{tls, proxy, connections}: TransportOptions,
	closing: AbortSignal,
	observer: Observer,
): Promise<Dispatcher> => {
	const {Agent, EnvHttpProxyAgent, Pool, ProxyAgent} = await import('undici');
	const connect = {...tls, timeout: connectTimeoutMs, signal: closing};
	const common = {
		connections,
		pipelining: 1,
		keepAliveTimeout: keepAliveMs,
		keepAliveMaxTimeout: keepAliveMs,
		factory: (origin: string | URL, poolOptions: object): Dispatcher =>
			new Pool(origin, poolOptions)
				.on('disconnect', (_origin, _targets, error) => {
					if (isStrayAnswer(error)) {
						observer.strayAnswer();
					}
				})
				.on('connectionError', (_origin, _targets, error) => {
					observer.connectFailed(error);
				}),
	};
	if (proxy === 'none') {
		return new Agent({...common, connect});
	}

	if (proxy === 'environment') {
		return new EnvHttpProxyAgent({...common, connect, requestTls: connect, ...environmentProxies()});
	}

	const token =
		proxy.username === undefined
			? undefined
			: `Basic ${Buffer.from(`${proxy.username}:${proxy.password ?? ''}`).toString('base64')}`;
	return new ProxyAgent({...common, uri: proxy.url, requestTls: connect, ...(token !== undefined && {token})});
};

/** As curl takes them: `proxy:3128` means http. Lower case counts first, as undici has it. */
const environmentProxies = (): {readonly httpProxy?: string; readonly httpsProxy?: string} => {
	const {env} = process;
	const withScheme = (proxy: string | undefined): string | undefined =>
		proxy ? (proxy.includes('://') ? proxy : `http://${proxy}`) : undefined;
	const httpProxy = withScheme(env.http_proxy ?? env.HTTP_PROXY);
	const httpsProxy = withScheme(env.https_proxy ?? env.HTTPS_PROXY);
	return {...(httpProxy !== undefined && {httpProxy}), ...(httpsProxy !== undefined && {httpsProxy})};
};

type JoinedHeaders = TransportResponse['headers'];

const areJoined = (headers: CallAnswer['headers']): headers is JoinedHeaders =>
	!Object.values(headers).some((value) => Array.isArray(value));

const joined = (headers: CallAnswer['headers']): JoinedHeaders =>
	areJoined(headers)
		? headers
		: Object.fromEntries(
				Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
			);

const certificateCode = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS|ERR_SSL/;

/** By code, never by text (undici's errors carry one, and wrap the system's as cause). */
const networkError = (error: unknown, host: string, phase: NetworkError['phase']): NetworkError => {
	const code = errorCode(error);
	const facts = {host, detail: code};
	const options = {cause: error};
	switch (code) {
		case 'ENOTFOUND':
		case 'EAI_AGAIN':
			return new NetworkError('hostNotFound', 'connecting', facts, options);
		case 'ECONNREFUSED':
			return new NetworkError('connectionRefused', 'connecting', facts, options);
		case 'UND_ERR_CONNECT_TIMEOUT':
		case 'EHOSTUNREACH':
		case 'ENETUNREACH':
			return new NetworkError('connectionBroken', 'connecting', facts, options);
		case 'UND_ERR_ABORTED':
			return new NetworkError('proxyFailed', 'connecting', facts, options);
		default:
			return certificateCode.test(code)
				? new NetworkError('certificateRefused', 'connecting', facts, options)
				: new NetworkError('connectionBroken', phase, facts, options);
	}
};

const errorCode = (error: unknown): string => {
	if (!(error instanceof Error)) {
		return 'unknown';
	}

	const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
	const own = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
	return own ?? (inner === undefined ? error.name : errorCode(inner));
};
