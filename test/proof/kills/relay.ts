import {EventEmitter, once} from 'node:events';
import {Agent, createServer, request as send, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {Socket} from 'node:net';
import {buffer} from 'node:stream/consumers';
import {setTimeout as wait} from 'node:timers/promises';
import type {Phase, Simulator} from '../../../simulator';

/** A request on its way through the relay. */
export interface Passage {
	readonly phase: Phase;
	/** Acknowledged by it. */
	readonly ids: readonly string[];
}

/** In the order in which they happen to a request. */
export interface RelayEvents {
	/** It is here, and not yet with the service. */
	arrived: [Passage];
	/** The service has carried it out; nobody has the answer. */
	applied: [Passage];
	/** The answer is on its way, or whoever asked has gone. */
	left: [Passage];
}

/**
 * The way to the simulator, as long as a real one: requests and answers take their time, and those who want to know
 * hear where each of them is.
 * What was sent arrives, whether the one who sent it still lives or not.
 */
export class Relay extends EventEmitter<RelayEvents> {
	/** Requests whose answers nobody has yet. */
	readonly underWay = new Set<Passage>();
	readonly #simulator: Simulator;
	readonly #delayMs: () => number;
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	readonly #agent = new Agent({keepAlive: true});

	/** @param delayMs how long a request, or an answer, takes; asked for each */
	static async start(simulator: Simulator, delayMs: () => number): Promise<Relay> {
		const relay = new Relay(simulator, delayMs);
		relay.#server.listen(0, '127.0.0.1');
		await once(relay.#server, 'listening');
		return relay;
	}

	private constructor(simulator: Simulator, delayMs: () => number) {
		super();
		this.#simulator = simulator;
		this.#delayMs = delayMs;
		this.#server = createServer((request, response) => {
			this.#pass(request, response).catch(() => {
				// Whoever asked has gone, or the simulator has.
				response.destroy();
			});
		});
		this.#server.on('connection', (socket) => {
			this.#sockets.add(socket);
			socket.once('close', () => {
				this.#sockets.delete(socket);
			});
		});
	}

	/** What an account is configured with. */
	get baseUrl(): string {
		const address = this.#server.address();
		const url = new URL(this.#simulator.baseUrl);
		url.port = typeof address === 'object' && address !== null ? String(address.port) : '';
		return url.href;
	}

	async close(): Promise<void> {
		const closed = once(this.#server, 'close');
		this.#server.close();
		for (const socket of this.#sockets) {
			socket.destroy();
		}

		this.#agent.destroy();
		await closed;
	}

	async #pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const {url = '', method = '', headers} = incoming;
		const passage = passageOf(url);
		this.underWay.add(passage);
		response.once('close', () => {
			this.underWay.delete(passage);
			this.emit('left', passage);
		});
		this.emit('arrived', passage);
		const content = await buffer(incoming);
		await wait(this.#delayMs());
		const request = send({
			port: this.#simulator.port,
			host: '127.0.0.1',
			path: url,
			method,
			headers,
			agent: this.#agent,
		}).end(content);
		const [answer] = (await once(request, 'response')) as [IncomingMessage];
		const body = await buffer(answer);
		this.emit('applied', passage);
		await wait(this.#delayMs());
		response.writeHead(answer.statusCode ?? 500, answer.headers).end(body);
	}
}

const passageOf = (url: string): Passage => {
	const {pathname, searchParams} = new URL(url, 'http://relay');
	const ids = (searchParams.get('ids') ?? '').split(',').filter((id) => id !== '');
	if (pathname.includes('/files/')) {
		return {phase: 'document', ids: []};
	}

	return {
		phase: searchParams.get('fetch') === '0' ? 'acknowledge' : ids.length > 0 ? 'pollWithAcknowledge' : 'poll',
		ids,
	};
};
