/** What an error of the network means: who is at fault, and whether it passes. By code, never by text. */
import {ConfigError, errorCode, NetworkError, ProtocolError, type ErrorReason, type RetarusError} from '../errors';
import {proxyUnauthorized} from './answer-errors';

/** A connection could not be made, whatever the code says: the service has not seen the request. */
export class ConnectFailure extends Error {
	/** Whose connection it is: the proxy's own, or the one to the service, through a proxy or not. */
	readonly to: 'service' | 'proxy';
	/** What the proxy answered instead of a tunnel. */
	readonly status: number | undefined;

	constructor(to: 'service' | 'proxy', options: ErrorOptions & {readonly status?: number}) {
		super('no connection', options);
		this.to = to;
		this.status = options.status;
	}
}

/** Where a request was, when it failed. */
export interface Route {
	/** Of the service. */
	readonly url: URL;
	/** Of the proxy; `undefined` when there is none. */
	readonly proxy: string | undefined;
	/** Whether the TLS configuration has a certificate of this client. */
	readonly hasClientCertificate: boolean;
	/** `waiting` for an answer, or within its body. */
	readonly phase: 'waiting' | 'body';
	readonly isStaleSocket: boolean;
}

export const networkError = (error: unknown, route: Route): RetarusError => {
	if (error instanceof ConnectFailure) {
		return error.to === 'proxy' && route.proxy !== undefined
			? proxyError(error, route.proxy, route.url.host)
			: connectError(error.cause, route);
	}

	const {phase, isStaleSocket} = route;
	const code = errorCode(error);
	const facts = {host: route.url.host, detail: code};
	if (code === 'UND_ERR_HEADERS_OVERFLOW') {
		return new ProtocolError('headersTooLarge', facts, {cause: error});
	}

	const reason = tlsReason(code, route) ?? spokenReason(error, code);
	const scope = reason === 'clientCertificateWanted' ? 'account' : 'topic';
	return new NetworkError(reason, phase, facts, {cause: error, isStaleSocket, scope});
};

const connectError = (cause: unknown, route: Route): RetarusError => {
	const {host, hostname} = route.url;
	const code = errorCode(cause);
	if (/^ERR_(?:OSSL|CRYPTO|INVALID_ARG|TLS_(?!CERT))/.test(code)) {
		return new ConfigError('tlsInvalid', {}, {cause, scope: 'account'});
	}

	const facts = {host, detail: code};
	if (isNameError(cause, code)) {
		return new NetworkError('hostNotFound', 'connecting', {...facts, host: hostname}, {cause});
	}

	const tls = tlsReason(code, route);
	const reason = tls ?? reachReasons[code] ?? spokenReason(cause, code);
	const scope = tls === undefined || tls === 'tlsFailed' ? 'topic' : 'account';
	return new NetworkError(reason, 'connecting', facts, {cause, scope});
};

const proxyError = ({cause, status}: ConnectFailure, proxy: string, host: string): RetarusError => {
	if (status === 407) {
		return proxyUnauthorized(proxy, {cause});
	}

	if (status === 403) {
		return new NetworkError('proxyForbidden', 'connecting', {proxy, host}, {cause, scope: 'account'});
	}

	if (status !== undefined) {
		return new NetworkError('proxyFailed', 'connecting', {proxy, host, status}, {cause});
	}

	const code = errorCode(cause);
	const facts = {proxy, host: proxy, detail: code};
	if (isNameError(cause, code)) {
		return new NetworkError('proxyNotFound', 'connecting', facts, {cause});
	}

	const tls = tlsReason(code, {hasClientCertificate: false});
	if (tls !== undefined && tls !== 'tlsFailed' && tls !== 'tlsMixedUp') {
		return new NetworkError(tls, 'connecting', facts, {cause, scope: 'account'});
	}

	const isMixedUp = tls === 'tlsMixedUp' || spokenReason(cause, code) === 'tlsMixedUp';
	return isMixedUp
		? new NetworkError('proxyTlsMixedUp', 'connecting', facts, {cause, scope: 'account'})
		: new NetworkError('proxyUnreachable', 'connecting', facts, {cause});
};

/** Looking up the name failed: no such name, or no answer of the name server. */
const isNameError = (error: unknown, code: string): boolean =>
	code === 'ENOTFOUND' ||
	code.startsWith('EAI_') ||
	(error instanceof Error && 'syscall' in error && error.syscall === 'getaddrinfo');

/** Why there is no connection, where it is neither the name nor TLS. */
const reachReasons: Readonly<Record<string, ErrorReason>> = {
	ECONNREFUSED: 'connectionRefused',
	UND_ERR_CONNECT_TIMEOUT: 'hostUnreachable',
	ETIMEDOUT: 'hostUnreachable',
	EHOSTUNREACH: 'hostUnreachable',
	EHOSTDOWN: 'hostUnreachable',
	ENETUNREACH: 'hostUnreachable',
	ENETDOWN: 'hostUnreachable',
	EACCES: 'machineRefuses',
	EPERM: 'machineRefuses',
	EMFILE: 'machineRefuses',
	ENFILE: 'machineRefuses',
	ENOBUFS: 'machineRefuses',
	ENOMEM: 'machineRefuses',
	EADDRNOTAVAIL: 'machineRefuses',
};

/** What OpenSSL finds wrong with a certificate, as Node names it (X509_V_ERR_...). */
const certificateReasons: Readonly<Record<string, ErrorReason>> = {
	CERT_HAS_EXPIRED: 'certificateExpired',
	CERT_NOT_YET_VALID: 'certificateNotYetValid',
	ERR_TLS_CERT_ALTNAME_INVALID: 'certificateWrongName',
	HOSTNAME_MISMATCH: 'certificateWrongName',
};
const certificateCode =
	/^(?:CERT_|CRL_|ERROR_IN_C|UNABLE_TO_|INVALID_|DEPTH_ZERO_|SELF_SIGNED_|PATH_LENGTH_|ERR_TLS_CERT|UNSPECIFIED$)/;

/**
 * What TLS says; `undefined` when it says nothing. An alert may come from whatever stands before the service, and
 * passes when that is being changed; only what is wrong with a certificate, or with http and https, stays until
 * somebody acts.
 */
const tlsReason = (
	code: string,
	{hasClientCertificate}: Pick<Route, 'hasClientCertificate'>,
): ErrorReason | undefined => {
	switch (true) {
		case certificateReasons[code] !== undefined:
			return certificateReasons[code];
		case certificateCode.test(code):
			return 'certificateRefused';
		case code === 'ERR_SSL_WRONG_VERSION_NUMBER':
			return 'tlsMixedUp';
		case code === 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
			return 'clientCertificateWanted';
		case hasClientCertificate && /_ALERT_(?:BAD_CERT|CERTIFICATE_|UNSUPPORTED_CERT|UNKNOWN_CA)/.test(code):
			return 'clientCertificateWanted';
		case code.startsWith('ERR_SSL_') || code === 'EPROTO':
			return 'tlsFailed';
		default:
			return undefined;
	}
};

/** The first bytes of a TLS alert: a server that expects TLS answers plain http with one. */
const tlsAlert = '\u0015\u0003';

const brokenCodes: ReadonlySet<string> = new Set([
	'ECONNRESET',
	'ECONNABORTED',
	'EPIPE',
	'ENOTCONN',
	'ETIMEDOUT',
	'UND_ERR_SOCKET',
	'UND_ERR_CLOSED',
	'UND_ERR_DESTROYED',
	'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

/** What was said on a connection that was made. */
const spokenReason = (error: unknown, code: string): ErrorReason => {
	if (error instanceof Error && 'data' in error && typeof error.data === 'string' && error.data.startsWith(tlsAlert)) {
		return 'tlsMixedUp';
	}

	// With or without a code of the parser, by version.
	if (code === 'HTTPParserError' || code.startsWith('HPE_')) {
		return 'notHttp';
	}

	return brokenCodes.has(code) ? 'connectionBroken' : 'unforeseen';
};
