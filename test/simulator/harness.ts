import {request as httpRequest, type IncomingHttpHeaders} from 'node:http';
import {gunzipSync} from 'node:zlib';
import should from 'should';
import {startSimulator, type FaxView, type Simulator, type SimulatorOptions} from '../../simulator';
import {complaintAbout} from './openapi';

/** The time at which every simulator's clock starts. */
export const start = Date.UTC(2026, 0, 1);

let running: Simulator[] = [];

/** Starts a simulator whose clock stands still until the test moves it. Closes it after the test. */
export async function simulate(options: SimulatorOptions = {}): Promise<Simulator> {
	const simulator = await startSimulator({clock: () => start, seed: 1, ...options});
	running.push(simulator);
	return simulator;
}

afterEach(async () => {
	await Promise.all(running.map((simulator) => simulator.close()));
	running = [];
});

export interface Response {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
	/** Whether the body arrived in full. */
	readonly isComplete: boolean;
}

export interface RequestOptions {
	/** @default 'GET' */
	readonly method?: string;
	/** `null` sends no credentials. @default the simulator's default account */
	readonly authorization?: string | null;
	/** @default none */
	readonly headers?: Readonly<Record<string, string>>;
	/** @default none */
	readonly body?: string | Buffer;
	/** Skips the check against the OpenAPI description, for answers that a test made up. @default false */
	readonly isOdd?: boolean;
}

export const basic = (customerNumber: string, password: string): string =>
	`Basic ${Buffer.from(`${customerNumber}:${password}`).toString('base64')}`;

/**
 * Sends one request on its own connection. `url` may be relative to the base URL.
 * Checks every answer not spoiled by a fault against docs/openapi.yaml, so that the description cannot go stale.
 */
export async function send(simulator: Simulator, url: string, options: RequestOptions = {}): Promise<Response> {
	const before = simulator.requests.count;
	const response = await request(simulator, url, options);
	const isStruck = simulator.requests.all().some(({number, outcome}) => number > before && outcome.kind === 'struck');
	if (!isStruck && response.isComplete && options.isOdd !== true) {
		const {pathname} = new URL(url.startsWith('http') ? url : `${simulator.baseUrl}${url}`);
		const {status, headers, body} = response;
		const isZipped = headers['content-encoding'] === 'gzip';
		const seen = {
			method: options.method ?? 'GET',
			path: pathname,
			status,
			contentType: headers['content-type'] ?? '',
			body: isZipped ? gunzipSync(body) : body,
		};
		should(complaintAbout(seen)).be.undefined();
	}
	return response;
}

function request(simulator: Simulator, url: string, options: RequestOptions): Promise<Response> {
	const {method = 'GET', authorization = basic('99999', 'secret'), headers = {}, body} = options;
	const address = url.startsWith('http') ? url : `${simulator.baseUrl}${url}`;
	return new Promise((resolve, reject) => {
		const request = httpRequest(
			address,
			{method, agent: false, headers: {...headers, ...(authorization === null ? {} : {authorization})}},
			(response) => {
				const chunks: Buffer[] = [];
				const settle = (isComplete: boolean) => () => {
					resolve({
						status: response.statusCode ?? 0,
						headers: response.headers,
						body: Buffer.concat(chunks),
						isComplete,
					});
				};
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.on('end', settle(true));
				response.on('error', settle(false));
			},
		);
		request.on('error', reject);
		request.end(body);
	});
}

export interface Entry {
	readonly id: string;
	readonly documents: readonly {readonly url: string}[];
	readonly [field: string]: unknown;
}

/** A successful answer, parsed. */
export interface Exchanged {
	readonly status: number;
	readonly meta: Readonly<Record<string, unknown>>;
	readonly results: readonly Entry[];
	readonly ids: readonly string[];
}

export async function exchange(
	simulator: Simulator,
	query: string,
	topic = 'demo',
	options: RequestOptions = {},
): Promise<Exchanged> {
	const {status, body} = await send(simulator, `/topics/${topic}?${query}`, {method: 'POST', ...options});
	const {meta, results} = JSON.parse(body.toString()) as Pick<Exchanged, 'meta' | 'results'>;
	return {status, meta, results, ids: results.map(({id}) => id)};
}

/** Sends a request to the control API. */
export function control(
	simulator: Simulator,
	method: string,
	path: string,
	body?: unknown,
	options: RequestOptions = {},
): Promise<Response> {
	return send(simulator, new URL(path, simulator.baseUrl).href, {
		method,
		headers: {'Content-Type': 'application/json'},
		...(body === undefined ? {} : {body: JSON.stringify(body)}),
		...options,
	});
}

export const statusOf = async (simulator: Simulator, url: string, options?: RequestOptions): Promise<number> =>
	(await send(simulator, url, options)).status;
export const idOf = (fax: FaxView): string => fax.facts.id;
export const kindsOf = (fax: FaxView): string[] => fax.events.map(({kind}) => kind);
/** A fax with one small document. */
export const small = {documents: [{extension: 'pdf', content: Buffer.from('%PDF-1.4 small')}]} as const;
