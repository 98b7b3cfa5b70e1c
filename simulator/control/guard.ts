import type {IncomingHttpHeaders} from 'node:http';
import {isLoopback} from '../http/host';
import {RequestError} from '../http/reply';

/**
 * Keeps other people's web pages from controlling a simulator through the browser of whoever runs it.
 * A page elsewhere gives itself away by `Origin` or `Sec-Fetch-Site`; one that had its own name resolved to this machine (DNS rebinding) by `Host`.
 * @param isLocal the simulator can only be reached from this machine, by one of its names for itself
 * @throws RequestError 403
 */
export function refuseOtherSites(method: string, headers: IncomingHttpHeaders, isLocal: boolean): void {
	const {host = '', origin} = headers;
	if (isLocal && !isLoopback(hostName(host))) {
		throw new RequestError(
			403,
			`Only this machine may control the simulator, which it does not call "${host}": use 127.0.0.1 or localhost, or start it with --host and --password.`,
		);
	}
	if (origin !== undefined && originHost(origin) !== host.toLowerCase()) {
		throw new RequestError(403, "Only the simulator's own page may control it.");
	}
	const site = headers['sec-fetch-site'];
	const isVisit = method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
	if ((site === 'cross-site' || site === 'same-site') && !isVisit) {
		throw new RequestError(403, "Only the simulator's own page may control it.");
	}
}

/** Without the port; of an IPv6 address without the brackets. */
function hostName(host: string): string {
	return host
		.toLowerCase()
		.replace(/:\d+$/, '')
		.replace(/^\[(.*)\]$/, '$1');
}

/** `null`, which a browser sends from a sandbox, is nobody's host. */
function originHost(origin: string): string | undefined {
	return /^https?:\/\/([^/]+)$/i.exec(origin)?.[1]?.toLowerCase();
}
