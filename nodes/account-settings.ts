/** Turns the typed properties of an account node into the settings of the core. */
import type {NodeAPI} from '@node-red/registry';
import type {AccountSettings} from '../lib/retarus/connection';
import {ConfigError} from '../lib/errors';
import {
	baseUrlProblem,
	flagProblem,
	numberProblem,
	regionProblem,
	toFlag,
	toNumber,
	variableProblem,
	type Problem,
} from '../lib/config-checks';
import {ranges, type AccountConfig, type AccountCredentials} from '../lib/node-config';
import type {Proxy, TlsOptions} from '../lib/retarus/http';

const dayMs = 86_400_000;

/** What makes the connection unsafe. It stays visible in the status. */
export type Weakness = 'none' | 'unencrypted' | 'unverified';

export interface AccountSetup {
	readonly settings: AccountSettings;
	readonly weakness: Weakness;
	readonly host: string;
}

/** @throws ConfigError for the first invalid property */
export const readAccount = (
	RED: NodeAPI,
	config: AccountConfig,
	credentials: AccountCredentials | undefined,
): AccountSetup => {
	const refuse = (problem: Problem | undefined): void => {
		if (problem) {
			throw new ConfigError(problem.reason, problem.facts);
		}
	};

	refuse(regionProblem(config.region));
	const region = config.region || 'de1';
	if (region === 'custom') {
		refuse(baseUrlProblem(config.baseUrl));
	}

	refuse(numberProblem('requestTimeout', config.requestTimeout));
	refuse(numberProblem('keptDays', config.keptDays));
	refuse(flagProblem('trial', config.trial));
	const {customerNumber, password} = readCredentials(credentials, refuse);
	const baseUrl = region === 'custom' ? config.baseUrl.trim() : `https://api.${region}.retarus.com/faxin/rest/v1`;
	const tls = config.tls ? readTls(RED.nodes.getNode(config.tls)) : undefined;
	const url = new URL(baseUrl);
	return {
		settings: {
			baseUrl,
			customerNumber,
			password,
			requestTimeoutMs: (toNumber('requestTimeout', config.requestTimeout) ?? ranges.requestTimeout.default) * 1000,
			keptMs: (toNumber('keptDays', config.keptDays) ?? ranges.keptDays.default) * dayMs,
			isTrial: toFlag(config.trial, false),
			proxy: config.proxy ? readProxy(RED.nodes.getNode(config.proxy), url.hostname) : 'environment',
			...(tls && {tls}),
		},
		weakness: weaknessOf(url, tls),
		host: url.host,
	};
};

const readCredentials = (
	credentials: AccountCredentials | undefined,
	refuse: (problem: Problem | undefined) => void,
): Required<AccountCredentials> => {
	const customerNumber = credentials?.customerNumber?.trim() ?? '';
	const password = credentials?.password ?? '';
	refuse(variableProblem('customerNumber', customerNumber) ?? variableProblem('password', password));
	if (customerNumber === '' || password === '') {
		throw new ConfigError('credentialsMissing');
	}

	return {customerNumber, password};
};

/** Core nodes call `addTLSOptions` of a `tls-config` node (Node-RED 4.1, core/network/05-tls.js). */
const readTls = (node: unknown): TlsOptions => {
	const isUsable =
		typeof node === 'object' &&
		node !== null &&
		'addTLSOptions' in node &&
		typeof node.addTLSOptions === 'function' &&
		!('valid' in node && node.valid === false);
	if (!isUsable) {
		throw new ConfigError('tlsInvalid');
	}

	const options: Record<string, unknown> = {};
	(node as {addTLSOptions(options: Record<string, unknown>): unknown}).addTLSOptions(options);
	return options;
};

/** Reads an `http proxy` node (Node-RED 4.1, core/network/06-httpproxy.js). `none`: the host is an exception. */
const readProxy = (node: unknown, hostname: string): Proxy | 'none' => {
	if (
		typeof node !== 'object' ||
		node === null ||
		!('url' in node) ||
		typeof node.url !== 'string' ||
		!URL.canParse(node.url)
	) {
		throw new ConfigError('proxyInvalid');
	}

	const exceptions: readonly unknown[] = 'noproxy' in node && Array.isArray(node.noproxy) ? node.noproxy : [];
	if (exceptions.some((exception) => typeof exception === 'string' && matches(hostname, exception.trim()))) {
		return 'none';
	}

	const credentials: unknown = 'credentials' in node ? node.credentials : undefined;
	const {username, password} = (typeof credentials === 'object' && credentials !== null ? credentials : {}) as {
		username?: unknown;
		password?: unknown;
	};
	return {
		url: node.url,
		...(typeof username === 'string' &&
			username !== '' && {username, password: typeof password === 'string' ? password : ''}),
	};
};

/** `example.com` and `.example.com` both match the domain and its subdomains. */
const matches = (hostname: string, exception: string): boolean => {
	const domain = exception
		.replace(/^\*?\./, '')
		.replace(/:\d+$/, '')
		.toLowerCase();
	return exception === '*' || (domain !== '' && (hostname === domain || hostname.endsWith(`.${domain}`)));
};

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i;

const weaknessOf = ({protocol, hostname}: URL, tls: TlsOptions | undefined): Weakness => {
	if (protocol === 'http:') {
		return loopback.test(hostname) ? 'none' : 'unencrypted';
	}

	return tls?.rejectUnauthorized === false || process.env.NODE_TLS_REJECT_UNAUTHORIZED === '0' ? 'unverified' : 'none';
};
