/**
 * One way to the service: a client with its credentials, and the gate that a 401 or a Retry-After shuts for every
 * request that goes this way.
 */
import type {Clock} from '../environment';
import type {SharedGate} from '../pacing/shared-gate';
import {RetarusClient} from './client';
import {createTransport, type TlsOptions, type Transport} from './http';
import type {ProxyChoice} from './proxy';

/** How to reach the service, and as whom. */
export interface AccountSettings {
	/** http or https, e.g. `https://api.de1.retarus.com/faxin/rest/v1`. */
	readonly baseUrl: string;
	readonly customerNumber: string;
	readonly password: string;
	readonly requestTimeoutMs: number;
	readonly isTrial: boolean;
	/**
	 * How long the service keeps a fax after its receipt.
	 * @default keptByServiceMs
	 */
	readonly keptMs?: number;
	readonly tls?: TlsOptions;
	readonly proxy: ProxyChoice;
}

export interface Connection {
	readonly client: RetarusClient;
	readonly gate: SharedGate;
}

/** An exchange never waits behind downloads. */
const exchangeConnections = 4;

/** @param downloads that may be under way at the same time */
export const realTransport = ({baseUrl, tls, proxy}: AccountSettings, downloads: number): Transport =>
	createTransport({
		origin: new URL(baseUrl).origin,
		proxy,
		connections: downloads + exchangeConnections,
		...(tls && {tls}),
	});

export const createService = (
	{baseUrl, customerNumber, password, requestTimeoutMs}: AccountSettings,
	clock: Clock,
	transport: Transport,
): RetarusClient =>
	new RetarusClient({
		transport,
		clock,
		basePath: new URL(baseUrl).pathname.replace(/\/+$/, ''),
		customerNumber,
		password,
		requestTimeoutMs,
	});
