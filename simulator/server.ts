import type {IncomingMessage, ServerResponse} from 'node:http';
import {readJson} from './body';
import type {Clock} from './clock';
import type {ControlApi} from './control-api';
import {authenticate} from './credentials';
import {parseExchangeQuery, type ExchangeQuery} from './exchange-query';
import type {FaxinApi} from './faxin-api';
import {isApplied, type Faults, type FaultTarget} from './faults';
import type {SimulatorAccount} from './options';
import {RequestError, type Reply} from './reply';
import type {RequestLog} from './request-log';
import {apiPath, routeOf, type Route} from './route';
import {sendWithFault} from './sabotage';
import {send} from './send';
import type {Store} from './store';
import type {Switches} from './switches';

/** What requests are served with. */
export interface Services {
	readonly api: FaxinApi;
	readonly control: ControlApi;
	/** Anybody on this machine may control the simulator, others need credentials. */
	readonly isControlOpen: boolean;
	readonly accounts: readonly SimulatorAccount[];
	readonly store: Store;
	readonly clock: Clock;
	readonly faults: Faults;
	readonly log: RequestLog;
	readonly switches: Switches;
}

type ApiRoute = Exclude<Route, {kind: 'control'}>;

/** Answers one request, or spoils its answer. */
export async function serve(request: IncomingMessage, response: ServerResponse, services: Services): Promise<void> {
	const url = request.url ?? '/';
	const route = routeOf(url);
	const target = faultTarget(route, services);
	const [path = '', ...query] = url.split('?');
	const noted = services.log.note({
		atMs: services.clock.now(),
		method: request.method ?? '',
		path,
		query: query.join('?'),
		hasAuthorization: request.headers.authorization !== undefined,
		phase: target?.phase,
	});
	if (route.kind === 'control') {
		const reply = await attempt(() => controlReply(request, route.path, services));
		noted.settle({kind: 'answered', status: reply.status});
		send(response, reply);
		return;
	}
	// The service ignores bodies; unread they would hold up the connection.
	request.resume();
	const fault = target === undefined ? undefined : services.faults.take(target);
	if (fault === undefined) {
		const reply = await attempt(() => apiReply(request, url, route, noted.number, services));
		noted.settle({kind: 'answered', status: reply.status});
		send(response, reply);
		return;
	}
	const reply = isApplied(fault) ? await attempt(() => apiReply(request, url, route, noted.number, services)) : undefined;
	noted.settle({kind: 'struck', fault: fault.kind, status: reply?.status});
	sendWithFault(response, reply ?? notCarriedOut, fault);
}

const notCarriedOut: Reply = {status: 503, headers: {}, body: Buffer.alloc(0)};

async function attempt(reply: () => Reply | Promise<Reply>): Promise<Reply> {
	try {
		return await reply();
	} catch (error) {
		if (error instanceof RequestError) {
			return error.toReply();
		}
		throw error;
	}
}

async function controlReply(request: IncomingMessage, path: string, {control, isControlOpen, accounts}: Services): Promise<Reply> {
	if (!isControlOpen) {
		authenticate(request.headers.authorization, accounts);
	}
	const body = request.method === 'POST' ? await readJson(request) : undefined;
	return control.handle(request.method ?? '', path, body);
}

function apiReply(request: IncomingMessage, url: string, route: ApiRoute, number: number, {api, accounts, switches}: Services): Reply {
	if (url.length > switches.maximumUrlLength) {
		throw new RequestError(414, `The address has more than ${switches.maximumUrlLength} characters.`);
	}
	const credentials = authenticate(request.headers.authorization, accounts);
	switch (route.kind) {
		case 'exchange': {
			requireMethod(request, 'POST');
			const query = parseExchangeQuery(route.query, switches);
			return api.exchange(credentials, route.topic, query, baseUrlOf(request), number);
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
