import type {IncomingMessage, ServerResponse} from 'node:http';
import type {Clock} from './clock';
import type {ControlApi} from './control/api';
import {refuseOtherSites} from './control/guard';
import {authenticate} from './api/credentials';
import {parseExchangeQuery} from './api/exchange-query';
import type {FaxinApi} from './api/faxin-api';
import {isApplied, type Fault} from './faults/fault';
import type {Faults} from './faults/faults';
import type {Random} from './identifiers';
import {chanceFault, type NetworkConditions} from './faults/network';
import type {SimulatorAccount} from './api/options';
import type {RateLimit} from './api/rate-limit';
import {compressed, RequestError, type Reply} from './http/reply';
import type {RequestLog} from './request-log';
import {apiPath, controlPath, routeOf, type Route} from './api/route';
import {sendWithFault} from './faults/sabotage';
import {faultTarget} from './faults/target';
import {send, sendPaced} from './http/send';
import type {Store} from './faxes/store';
import type {Switches} from './api/switches';

/** The parts that serve a request. */
export interface Services {
	readonly api: FaxinApi;
	readonly control: ControlApi;
	/** Only this machine can reach the simulator, so controlling it needs no credentials. */
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
	/** Called after every request that may have changed the state. */
	readonly changed: () => void;
}

type ApiRoute = Exclude<Route, {kind: 'control'}>;

/**
 * Answers one request. A fault of the fax API is chosen on arrival, before authentication, because it stands for
 * something between client and service. The control API and the page are never hit.
 */
export async function serve(request: IncomingMessage, response: ServerResponse, services: Services): Promise<void> {
	const url = request.url ?? '/';
	const route = routeOf(url);
	const {authorization} = request.headers;
	const target = faultTarget({url, route, authorization}, services.store, services.switches);
	const [path = '', ...query] = url.split('?');
	if (route.kind === 'control' && request.method === 'GET') {
		// Unlogged: the page polls every second and would soon fill the log.
		request.resume();
		send(response, await attempt(() => controlReply(request, route, services)));
		return;
	}
	const noted = services.log.note({
		atMs: services.clock.now(),
		method: request.method ?? '',
		path,
		query: query.join('?'),
		hasAuthorization: authorization !== undefined,
		phase: target?.phase,
	});
	if (route.kind === 'control') {
		const reply = await attempt(() => controlReply(request, route, services));
		services.changed();
		noted.settle({kind: 'answered', status: reply.status});
		send(response, reply);
		return;
	}
	// The service ignores bodies, but an unread one would block the connection.
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

/** Whether the client is still connected after a delay. */
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
		throw new RequestError(414, `The URL has more than ${switches.maximumUrlLength} characters.`);
	}
	// Only browsers send an origin. A page of another site could know the default password and poll for faxes.
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
			const acceptsGzip = /\bgzip\b/i.test(String(request.headers['accept-encoding']));
			return switches.compression === 'whenAccepted' && acceptsGzip ? compressed(reply) : reply;
		}
		case 'document':
			requireMethod(request, 'GET');
			return api.download(credentials, route.name, number);
		case 'malformed':
			throw new RequestError(400, 'The URL is not properly encoded.');
		case 'unknown':
			throw new RequestError(404, 'There is nothing at this URL.');
	}
}

function requireMethod(request: IncomingMessage, method: 'GET' | 'POST'): void {
	if (request.method !== method) {
		throw new RequestError(405, `Only ${method} is allowed here.`, {Allow: method});
	}
}

/** URLs in answers use the client's name for the simulator, which may differ inside and outside a container. */
function baseUrlOf(request: IncomingMessage): string {
	return `http://${request.headers.host ?? 'localhost'}${apiPath}`;
}
