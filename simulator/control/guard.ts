import type {IncomingHttpHeaders} from 'node:http';
import {isLoopback} from '../http/host';
import {RequestError} from '../http/reply';

/**
 * Refuses requests that a web page of another site sends through the user's browser. Without this, any page the user
 * visits could add faxes, read them or poll them away.
 * `Origin` and `Sec-Fetch-Site` give such a page away. A page whose own host name resolves to this machine (DNS
 * rebinding) passes for the same site; its `Host` header gives it away.
 * @param isLocal whether the simulator is reachable from this machine only
 * @throws RequestError 403
 */
export function refuseOtherSites(method: string, headers: IncomingHttpHeaders, isLocal: boolean): void {
	const {host = '', origin} = headers;
	if (isLocal && !isLoopback(hostName(host))) {
		throw new RequestError(
			403,
			`"${host}" is not a name of this machine for itself, and only this machine may use the simulator: ` +
				'use 127.0.0.1 or localhost, or start it with --host and --password.',
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

/** Strips the port, and the brackets of an IPv6 address. */
function hostName(host: string): string {
	return host
		.toLowerCase()
		.replace(/:\d+$/, '')
		.replace(/^\[(.*)\]$/, '$1');
}

/** The host of an origin; `undefined` for `null`, the origin of a sandboxed page. */
function originHost(origin: string): string | undefined {
	return /^https?:\/\/([^/]+)$/i.exec(origin)?.[1]?.toLowerCase();
}
