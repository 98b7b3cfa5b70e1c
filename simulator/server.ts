import type {IncomingMessage, ServerResponse} from 'node:http';
import type {Clock} from './clock';
import type {ControlApi} from './control/api';
import {refuseOtherSites} from './control/guard';
import {authenticate} from './api/credentials';
import {parseExchangeQuery, type ExchangeQuery} from './api/exchange-query';
import type {FaxinApi} from './api/faxin-api';
import {isApplied, type Fault, type Faults, type FaultTarget} from './faults/faults';
import type {Random} from './identifiers';
import {chanceFault, type NetworkConditions} from './faults/network';
import type {SimulatorAccount} from './api/options';
import type {RateLimit} from './api/rate-limit';
import {compressed, RequestError, type Reply} from './http/reply';
import type {RequestLog} from './request-log';
import {apiPath, controlPath, routeOf, type Route} from './api/route';
import {sendWithFault} from './faults/sabotage';
import {send, sendPaced} from './http/send';
import type {Store} from './faxes/store';
import type {Switches} from './api/switches';

/** What requests are served with. */
export interface Services {
	readonly api: FaxinApi;
	readonly control: ControlApi;
	/** Nobody but this machine can reach the simulator, and may control it without credentials. */
	readonly isLocal: boolean;
	readonly accounts: readonly SimulatorAccount[];
	readonly store: Store;
	readonly clock: Clock;
	readonly faults: Faults;
	readonly log: RequestLog;
	readonly switches: Switches;
	readonly network: NetworkConditions;
	readonly limit: RateLimit;
	readonly random: Random;
	/** Called when something may have changed. */
	readonly changed: () => void;
}

type ApiRoute = Exclude<Route, {kind: 'control'}>;

/** Answers one request, or spoils its answer. */
export async function serve(request: IncomingMessage, response: ServerResponse, services: Services): Promise<void> {
	const url = request.url ?? '/';
	const route = routeOf(url);
	const target = faultTarget(route, services);
	const [path = '', ...query] = url.split('?');
	if (route.kind === 'control' && request.method === 'GET') {
		// The page looks every second: that would soon be all there is in the log.
		request.resume();
		send(response, await attempt(() => controlReply(request, route, services)));
		return;
	}
	const noted = services.log.note({
		atMs: services.clock.now(),
		method: request.method ?? '',
		path,
		query: query.join('?'),
		hasAuthorization: request.headers.authorization !== undefined,
		phase: target?.phase,
	});
	if (route.kind === 'control') {
		const reply = await attempt(() => controlReply(request, route, services));
		services.changed();
		noted.settle({kind: 'answered', status: reply.status});
		send(response, reply);
		return;
	}
	// The service ignores bodies; unread they would hold up the connection.
	request.resume();
	const {network, switches} = services;
	const answer = (): Promise<Reply> =>
		attempt(() => apiReply(request, url, route, noted.number, services), switches.errorBody);
	const fault =
		target === undefined ? undefined : (services.faults.take(target) ?? chanceFault(network, services.random));
	const reply = fault === undefined || isApplied(fault) ? await answer() : undefined;
	services.changed();
	noted.settle(
		fault === undefined
			? {kind: 'answered', status: reply?.status ?? 0}
			: {kind: 'struck', fault: fault.kind, status: reply?.status},
	);
	if (network.latencyMs > 0 && !(await outlasts(response, network.latencyMs))) {
		return;
	}
	sendAnswer(response, reply ?? notCarriedOut, fault, network);
}

function sendAnswer(
	response: ServerResponse,
	reply: Reply,
	fault: Fault | undefined,
	{bytesPerSecond}: NetworkConditions,
): void {
	if (fault !== undefined) {
		sendWithFault(response, reply, fault);
	} else if (bytesPerSecond > 0) {
		sendPaced(response, reply, bytesPerSecond);
	} else {
		send(response, reply);
	}
}

/** Whether the client is still there after a while. */
function outlasts(response: ServerResponse, milliseconds: number): Promise<boolean> {
	return new Promise((resolve) => {
		const timer = setTimeout(() => {
			resolve(true);
		}, milliseconds);
		response.once('close', () => {
			clearTimeout(timer);
			resolve(false);
		});
	});
}

const notCarriedOut: Reply = {status: 503, headers: {}, body: Buffer.alloc(0)};

async function attempt(reply: () => Reply | Promise<Reply>, errorBody: Switches['errorBody'] = 'json'): Promise<Reply> {
	try {
		return await reply();
	} catch (error) {
		if (error instanceof RequestError) {
			return error.toReply(errorBody);
		}
		throw error;
	}
}

function controlReply(
	message: IncomingMessage,
	{path, query}: Extract<Route, {kind: 'control'}>,
	{control, isLocal, accounts}: Services,
): Promise<Reply> {
	refuseOtherSites(message.method ?? '', message.headers, isLocal);
	if (!isLocal) {
		authenticate(message.headers.authorization, accounts);
	}
	return control.handle({message, path: path.slice(controlPath.length), query, baseUrl: baseUrlOf(message)});
}

function apiReply(request: IncomingMessage, url: string, route: ApiRoute, number: number, services: Services): Reply {
	const {api, accounts, switches, limit, isLocal} = services;
	if (url.length > switches.maximumUrlLength) {
		throw new RequestError(414, `The address has more than ${switches.maximumUrlLength} characters.`);
	}
	// Clients are programs. Only a page in a browser tells where it comes from, and may know the usual password.
	if (request.headers.origin !== undefined) {
		refuseOtherSites(request.method ?? '', request.headers, isLocal);
	}
	limit.count();
	const credentials = authenticate(request.headers.authorization, accounts);
	switch (route.kind) {
		case 'exchange': {
			requireMethod(request, 'POST');
			const query = parseExchangeQuery(route.query, switches);
			const reply = api.exchange(credentials, route.topic, query, baseUrlOf(request), number);
			return switches.compression === 'whenAccepted' && /\bgzip\b/i.test(String(request.headers['accept-encoding']))
				? compressed(reply)
				: reply;
		}
		case 'document':
			requireMethod(request, 'GET');
			return api.download(credentials, route.name, number);
		case 'malformed':
			throw new RequestError(400, 'The address is not URL-encoded.');
		case 'unknown':
			throw new RequestError(404, 'There is nothing at this address.');
	}
}

function requireMethod(request: IncomingMessage, method: 'GET' | 'POST'): void {
	if (request.method !== method) {
		throw new RequestError(405, `Only ${method} is served here.`, {Allow: method});
	}
}

/** The simulator may be known by many names, from inside and outside of a container: addresses use the one the client used. */
function baseUrlOf(request: IncomingMessage): string {
	return `http://${request.headers.host ?? 'localhost'}${apiPath}`;
}

function faultTarget(route: Route, {store, switches}: Services): FaultTarget | undefined {
	switch (route.kind) {
		case 'document': {
			const fax = store.findFile(route.name)?.fax;
			return {phase: 'document', faxIds: fax === undefined ? [] : [fax.facts.id], fileName: route.name};
		}
		case 'exchange': {
			const {fetch, ids} = readableQuery(route.query, switches);
			const phase = fetch === 0 ? 'acknowledge' : ids.length > 0 ? 'pollWithAcknowledge' : 'poll';
			return {phase, faxIds: ids, fileName: undefined};
		}
		default:
			return undefined;
	}
}

/** A request that will be refused counts as a poll. */
function readableQuery(query: string, switches: Switches): Pick<ExchangeQuery, 'fetch' | 'ids'> {
	try {
		return parseExchangeQuery(query, switches);
	} catch {
		return {fetch: 1, ids: []};
	}
}
