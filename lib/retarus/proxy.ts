/** Which proxy the requests to an origin take, as the account or the environment says. */
import {isIPv6} from 'node:net';
import {ConfigError} from '../errors';

export interface Proxy {
	readonly url: string;
	readonly username?: string;
	readonly password?: string;
}

/** `environment`: HTTPS_PROXY, HTTP_PROXY and NO_PROXY count. */
export type ProxyChoice = Proxy | 'environment' | 'none';

export interface UsableProxy {
	/** Without user and password. */
	readonly url: string;
	/** For people: host and port. */
	readonly name: string;
	/** What to say to the proxy about ourselves; `undefined` when there is nothing to say. */
	readonly token: string | undefined;
}

/**
 * The proxy to take; `undefined` for none.
 * @throws ConfigError when it cannot be used, which names where it is set, and never its value: that may hold a
 * password
 */
export const chooseProxy = (
	choice: ProxyChoice,
	origin: URL,
	env: NodeJS.ProcessEnv = process.env,
): UsableProxy | undefined => {
	if (choice === 'none') {
		return undefined;
	}

	if (choice === 'environment') {
		return isExcepted(origin, env.no_proxy ?? env.NO_PROXY ?? '') ? undefined : proxyOfEnvironment(origin, env);
	}

	const {username, password = ''} = choice;
	const proxy = parseProxy(choice.url);
	if (proxy === undefined) {
		throw new ConfigError('proxyInvalid', {}, {scope: 'account'});
	}

	return username === undefined ? proxy : {...proxy, token: tokenOf(username, password)};
};

/**
 * Lower case counts first, and HTTP_PROXY also for https when there is no HTTPS_PROXY, as undici and Node have it.
 */
const proxyOfEnvironment = ({protocol}: URL, env: NodeJS.ProcessEnv): UsableProxy | undefined => {
	const secure = env.https_proxy === undefined ? 'HTTPS_PROXY' : 'https_proxy';
	const plain = env.http_proxy === undefined ? 'HTTP_PROXY' : 'http_proxy';
	const variable = protocol === 'https:' && env[secure] ? secure : plain;
	const text = env[variable];
	if (text === undefined || text === '') {
		return undefined;
	}

	const proxy = parseProxy(text);
	if (proxy === undefined) {
		throw new ConfigError('proxyVariableInvalid', {variable}, {scope: 'account'});
	}

	return proxy;
};

/**
 * As curl reads it: `proxy:3128` means http. `undefined` unless it is an address, with or without user and
 * password.
 */
const parseProxy = (text: string): UsableProxy | undefined => {
	const address = text.includes('://') ? text : `http://${text}`;
	if (!URL.canParse(address)) {
		return undefined;
	}

	const {protocol, host, pathname, search, hash, username, password} = new URL(address);
	// A # or / in a password that is not encoded ends the host, and the rest of the address looks like a path.
	const isBare = pathname === '/' && search === '' && hash === '';
	if (!isBare || !['http:', 'https:'].includes(protocol)) {
		return undefined;
	}

	try {
		const token = username === '' ? undefined : tokenOf(decodeURIComponent(username), decodeURIComponent(password));
		return {url: `${protocol}//${host}`, name: host, token};
	} catch {
		// A % in a password that is not encoded.
		return undefined;
	}
};

const tokenOf = (username: string, password: string): string =>
	`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');

/**
 * `example.com`, `.example.com` and `*.example.com` mean the domain and all below it; a port limits that; `*` means
 * everything.
 */
const isExcepted = ({protocol, hostname, port}: URL, exceptions: string): boolean => {
	if (exceptions.trim() === '*') {
		return true;
	}

	const host = withoutBrackets(hostname);
	const hostPort = port || (protocol === 'https:' ? '443' : '80');
	return exceptions
		.split(/[,\s]+/)
		.filter((entry) => entry !== '')
		.some((entry) => {
			const [, name = entry, onlyPort] = isIPv6(entry) ? [] : (/^(.+):(\d+)$/.exec(entry) ?? []);
			const domain = withoutBrackets(name.replace(/^\*?\./, '').toLowerCase());
			const isPort = onlyPort === undefined || onlyPort === hostPort;
			return isPort && (host === domain || host.endsWith(`.${domain}`));
		});
};
