import {createServer, type IncomingMessage, type RequestListener, type ServerResponse} from 'node:http';
import {createServer as createTlsServer, type ServerOptions} from 'node:https';
import {
	createServer as createListener,
	type AddressInfo,
	type LookupFunction,
	type Server,
	type Socket,
} from 'node:net';
import type {TransportRequest} from '../../../lib/retarus/http';
import type {FakeRetarus} from '../../world/fake-retarus';
import type {ManualClock} from '../../world/manual-clock';
import {readAll} from '../../world/read-all';
import {parseRequest} from '../../world/retarus';
import {authority, certificates, privateKey} from './certificates';
import type {Fault, Phase, Reply, Strike} from './fault';
import {fillBacklog} from './full-backlog';
import {requestHeader} from './watched-transport';

/** The only name that a client may look up. */
export const host = 'fax.test';

const addresses = {service: '127.0.0.1', full: '127.0.0.2', nobody: '127.0.0.3'};
type Speech = Extract<Fault, {at: 'tls'}>['speaks'];
type AnswerFault = Extract<Fault, {at: 'answer'}>;

export interface SeenRequest {
	readonly phase: Phase;
	readonly ids: readonly string[];
	readonly authorization: string | undefined;
}

export interface FaultyRetarusOptions {
	readonly clock: ManualClock;
	readonly retarus: FakeRetarus;
	readonly isSecure: boolean;
	/** Connections are used once, so that each request meets what befalls connections. */
	readonly isOnePerConnection: boolean;
}

/** The service on a real socket, with one fault in its way at a time. */
export class FaultyRetarus {
	/** Requests, connections and look-ups that met the fault. */
	strikes = 0;
	/** Requests that will not go on by themselves. */
	readonly held = new Set<string>();
	/** What went wrong in here, which no test expects. */
	readonly problems: string[] = [];
	/** Told every request as it comes in, before anything is done or broken. */
	onRequest: (request: SeenRequest) => void = () => undefined;
	/** Awaited between what a request did and its answer. */
	beforeAnswer: (request: SeenRequest, reply: Reply) => Promise<void> = () => Promise.resolve();
	readonly #options: FaultyRetarusOptions;
	readonly #sockets = new Set<Socket>();
	readonly #silent = new Set<Socket>();
	readonly #servers = new Map<Speech | 'plain', Server>();
	readonly #listener: Server;
	#armed: {readonly fault: Fault; readonly phase: Phase} | undefined;
	#mend: (() => Promise<void>) | undefined;

	constructor(options: FaultyRetarusOptions) {
		this.#options = options;
		this.#listener = createListener((socket) => {
			this.#accept(socket);
		});
	}

	get port(): number {
		return (this.#listener.address() as AddressInfo).port;
	}

	/** Connections that are open on this side. */
	get connections(): number {
		return this.#sockets.size;
	}

	/** Those of them of which nothing ever comes: the client may not even call them connected. */
	get silentConnections(): number {
		return this.#silent.size;
	}

	/** Whether requests come to nothing without anybody here knowing of them. */
	get isSilent(): boolean {
		const fault = this.#armed?.fault;
		return (fault?.at === 'connection' && fault.isSilent) || (fault?.at === 'address' && fault.isListening);
	}

	async listen(): Promise<void> {
		await new Promise<void>((resolve) => {
			this.#listener.listen(0, addresses.service, resolve);
		});
	}

	async arm(fault: Fault, phase: Phase): Promise<void> {
		if (fault.at === 'address' && fault.isListening) {
			this.#mend = await fillBacklog(addresses.full, this.port);
		}

		this.#armed = {fault, phase};
	}

	async disarm(): Promise<void> {
		this.#armed = undefined;
		await this.#mend?.();
		this.#mend = undefined;
	}

	async close(): Promise<void> {
		await this.disarm();
		for (const socket of this.#sockets) {
			socket.destroy();
		}

		await new Promise((resolve) => {
			this.#listener.close(resolve);
		});
		for (const server of this.#servers.values()) {
			server.close();
		}
	}

	/** How the client finds the service. */
	readonly lookup: LookupFunction = (name, options, callback) => {
		const fault = this.#armed?.fault;
		if (name !== host) {
			this.problems.push(`the client looked for ${name}`);
		}

		if (fault?.at === 'name') {
			this.strikes += 1;
			callback(
				Object.assign(new Error(`getaddrinfo ${fault.code} ${name}`), {code: fault.code, syscall: 'getaddrinfo'}),
				'',
				4,
			);
			return;
		}

		this.strikes += fault?.at === 'address' ? 1 : 0;
		const address =
			fault?.at === 'address' ? (fault.isListening ? addresses.full : addresses.nobody) : addresses.service;
		if (options.all) {
			callback(null, [{address, family: 4}]);
		} else {
			callback(null, address, 4);
		}
	};

	#accept(socket: Socket): void {
		this.#sockets.add(socket);
		socket
			.on('error', () => undefined)
			.on('close', () => {
				this.#sockets.delete(socket);
				this.#silent.delete(socket);
			});
		const fault = this.#armed?.fault;
		this.strikes += fault?.at === 'connection' || fault?.at === 'tls' ? 1 : 0;
		if (fault?.at === 'connection') {
			if (fault.isSilent) {
				this.#silent.add(socket);
			}

			socket.on('data', (bytes) => {
				this.#holdSilent(fault.isSilent, bytes.toString('latin1'));
			});
			fault.take(socket);
		} else {
			const usual = this.#options.isSecure ? 'trusted' : 'plain';
			this.#server(fault?.at === 'tls' ? fault.speaks : usual).emit('connection', socket);
		}
	}

	/** A connection outlives the request that opened it, and so does its silence. */
	#holdSilent(isSilent: boolean, text: string): void {
		const [, request] = new RegExp(`${requestHeader}: ([\\d-]+)`).exec(text) ?? [];
		if (isSilent && request !== undefined) {
			this.held.add(request);
		}
	}

	/** These never listen: they are given their connections. */
	#server(speech: Speech | 'plain'): Server {
		const known = this.#servers.get(speech);
		if (known) {
			return known;
		}

		const listener: RequestListener = (request, response) => {
			this.#handle(request, response).catch((error: unknown) => {
				this.problems.push(`the service broke: ${String(error)}`);
				response.destroy();
			});
		};
		const server =
			speech === 'plain' || speech === 'noTls' ? createServer(listener) : createTlsServer(tlsOptions(speech), listener);
		this.#servers.set(speech, server);
		return server;
	}

	async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const {method = '', url = '', headers, socket} = incoming;
		const name = String(headers[requestHeader]);
		const request = {...parse(method, url), authorization: headers.authorization};
		incoming.resume();
		this.onRequest(request);
		const fault = this.#striking(request);
		const reply =
			fault && !fault.isApplied
				? {status: 200, body: Buffer.from('{"meta":{},"results":[]}')}
				: await this.#apply(method, url);
		await this.beforeAnswer(request, reply);
		if (fault) {
			fault.answer(this.#strike(name, reply, response, socket));
			return;
		}

		response.writeHead(reply.status, {
			'content-length': reply.body.length,
			...(this.#options.isOnePerConnection && {connection: 'close'}),
		});
		response.end(reply.body);
	}

	#striking({phase, ids}: SeenRequest): AnswerFault | undefined {
		const {fault, phase: struck} = this.#armed ?? {};
		if (
			fault?.at !== 'answer' ||
			this.strikes >= fault.times ||
			!(fault.strikes === 'id' ? ids.includes('a') : phase === struck)
		) {
			return undefined;
		}

		this.strikes += 1;
		return fault;
	}

	#strike(name: string, reply: Reply, response: ServerResponse, socket: Socket): Strike {
		const {held} = this;
		let cancel = (): void => undefined;
		response.once('close', () => {
			cancel();
			held.delete(name);
		});
		return {
			reply,
			response,
			socket,
			hold() {
				held.add(name);
			},
			after: (delayMs, callback) => {
				held.add(name);
				cancel = this.#options.clock.setTimer(() => {
					held.delete(name);
					callback();
				}, delayMs);
			},
		};
	}

	async #apply(method: string, url: string): Promise<Reply> {
		const request: TransportRequest = {
			method: method === 'GET' ? 'GET' : 'POST',
			path: url,
			headers: {},
			signal: new AbortController().signal,
		};
		const response = await this.#options.retarus.request(request);
		return {status: response.status, body: await readAll(response)};
	}
}

const parse = (method: string, url: string): Omit<SeenRequest, 'authorization'> => {
	const asked = parseRequest(method, url);
	if (typeof asked === 'string') {
		return {phase: 'document', ids: []};
	}

	const {fetch, ids} = asked;
	return {phase: fetch === 0 ? 'acknowledge' : ids.length > 0 ? 'pollWithAcknowledge' : 'poll', ids};
};

const tlsOptions = (speech: Exclude<Speech, 'noTls'>): ServerOptions => {
	switch (speech) {
		case 'oldTls':
			return {
				key: privateKey,
				cert: certificates.trusted,
				minVersion: 'TLSv1',
				maxVersion: 'TLSv1.1',
				ciphers: 'DEFAULT@SECLEVEL=0',
			};
		case 'clientCertificate':
			return {key: privateKey, cert: certificates.trusted, ca: authority, requestCert: true, rejectUnauthorized: true};
		default:
			return {key: privateKey, cert: certificates[speech]};
	}
};
