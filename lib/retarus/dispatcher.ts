/**
 * undici, put together for one origin: directly or through a proxy, with connections that are not trusted for ever.
 */
import type {buildConnector, Client, Dispatcher, Pool} from 'undici';
import {ConnectFailure} from './network-errors';
import type {KeepAlive} from './keep-alive';
import {KeptConnection, longestConnectionMs} from './kept-connection';
import type {UsableProxy} from './proxy';

/** Options of `tls.connect` that a `tls-config` node sets. */
export type TlsOptions = Readonly<Record<string, unknown>>;

/** A request as undici takes it, with what it has no word for. */
export interface DispatchOptions extends Dispatcher.DispatchOptions {
	/** The request goes on this connection. */
	readonly onConnection: (connection: KeptConnection) => void;
}

export interface DispatcherOptions {
	readonly origin: string;
	readonly tls: TlsOptions | undefined;
	readonly proxy: UsableProxy | undefined;
	/** At the same time. */
	readonly connections: number;
	readonly keepAlive: KeepAlive;
	/** Ends the connections that are being made. */
	readonly closing: AbortSignal;
	/** Bytes came that answer no request. */
	readonly onStrayAnswer: () => void;
}

/** Name, TCP and TLS together; with a proxy, its answer too. */
const connectTimeoutMs = 10_000;

/**
 * How long one of several addresses may take before the next one is tried. Node's default of 250 ms gives up on
 * every address behind a satellite or mobile line. This survives one lost packet, and leaves time for two more
 * addresses.
 */
const addressTimeoutMs = 3000;

/** undici types the options of its factories as `object`. */
type PoolOptions = Pool.Options & {readonly connect: buildConnector.connector};

export const createDispatcher = async (options: DispatcherOptions): Promise<Dispatcher> => {
	const undici = await import('undici');
	const {origin, tls, proxy, connections, closing} = options;
	const eager = {autoSelectFamily: true, autoSelectFamilyAttemptTimeout: addressTimeoutMs};
	const connect = {...eager, ...tls, timeout: connectTimeoutMs, signal: closing};
	const common = {
		connections,
		pipelining: 1,
		// Polls share a TLS handshake as long as the connection may be used at all. The server may close it earlier.
		keepAliveTimeout: longestConnectionMs,
		keepAliveMaxTimeout: longestConnectionMs,
	};
	const createPool = (poolOrigin: string | URL, poolOptions: object): Dispatcher =>
		new undici.Pool(poolOrigin, {
			...poolOptions,
			factory: (clientOrigin, clientOptions) =>
				keptClient(undici.Client, clientOrigin, clientOptions as PoolOptions, options.keepAlive),
		}).on('disconnect', (_origin, _targets, error) => {
			if (isStrayAnswer(error)) {
				options.onStrayAnswer();
			}
		});
	if (proxy === undefined) {
		return createPool(origin, {...common, connect});
	}

	// An https proxy is checked against the account's authorities. The rest of the TLS options is for the service
	// alone.
	const {ca, lookup} = tls ?? {};
	const proxyConnect = {...eager, ca, lookup, timeout: connectTimeoutMs, signal: closing};
	return new undici.ProxyAgent({
		...common,
		uri: proxy.url,
		requestTls: connect,
		factory: createPool,
		clientFactory: (url) =>
			tunnels(new undici.Pool(url, {connect: proxyConnect, headersTimeout: connectTimeoutMs, pipelining: 1})),
		...(proxy.token !== undefined && {token: proxy.token}),
	});
};

/** One connection of a pool: the only place that sees both its requests and its sockets. */
const keptClient = (
	ClientClass: typeof Client,
	origin: string | URL,
	options: PoolOptions,
	keepAlive: KeepAlive,
): Dispatcher => {
	const connection = new KeptConnection(keepAlive);
	const connect: buildConnector.connector = (to, callback) => {
		const failed = (cause: unknown): void => {
			connection.notMade();
			callback(cause instanceof ConnectFailure ? cause : new ConnectFailure('service', {cause}), null);
		};
		try {
			options.connect(to, (error, socket) => {
				if (error) {
					failed(error);
				} else {
					connection.made(socket);
					callback(null, socket);
				}
			});
		} catch (error) {
			failed(error);
		}
	};
	const client = new ClientClass(origin, {...options, connect});
	const dispatch = client.dispatch.bind(client);
	return Object.assign(client, {
		dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
			if (isOurs(request)) {
				request.onConnection(connection);
			}

			return dispatch(request, handler);
		},
	});
};

const isOurs = (request: Dispatcher.DispatchOptions): request is DispatchOptions => 'onConnection' in request;

/** Connections to a proxy. Its refusals keep their status, and its errors are marked as the proxy's. */
const tunnels = (pool: Pool): Dispatcher => {
	const connect = pool.connect.bind(pool);
	return Object.assign(pool, {
		async connect(options: Parameters<Pool['connect']>[0]): Promise<Dispatcher.ConnectData> {
			const answer = await connect(options).catch((cause: unknown) => {
				throw new ConnectFailure('proxy', {cause});
			});
			if (answer.statusCode !== 200) {
				answer.socket.on('error', () => undefined).destroy();
				throw new ConnectFailure('proxy', {status: answer.statusCode});
			}

			return answer;
		},
	});
};

/** How undici 7 says that bytes came which answer no request. It has no code of its own; a test holds this. */
const isStrayAnswer = (error: Error): boolean => error.message === 'bad response' || error.name === 'HTTPParserError';
