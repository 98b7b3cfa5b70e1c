import {subscribe, unsubscribe} from 'node:diagnostics_channel';
import type {Socket} from 'node:net';

interface BeforeConnect {
	readonly connectParams: {readonly hostname: string; readonly port: string; readonly protocol: string};
}

const beforeConnect = 'undici:client:beforeConnect';
const connected = 'undici:client:connected';

/** The connections that the HTTP client of this process opens, by what it tells on Node's diagnostics channels. */
export class ClientSockets {
	/** Where connections were tried to, each origin once. */
	readonly origins = new Set<string>();
	readonly #open = new Set<Socket>();

	constructor() {
		subscribe(beforeConnect, this.#onBefore);
		subscribe(connected, this.#onConnected);
	}

	get open(): number {
		return this.#open.size;
	}

	close(): void {
		unsubscribe(beforeConnect, this.#onBefore);
		unsubscribe(connected, this.#onConnected);
	}

	readonly #onBefore = (message: unknown): void => {
		const {
			connectParams: {protocol, hostname, port},
		} = message as BeforeConnect;
		this.origins.add(`${protocol}//${hostname}:${port}`);
	};

	readonly #onConnected = (message: unknown): void => {
		const {socket} = message as {readonly socket: Socket};
		this.#open.add(socket);
		socket.once('close', () => this.#open.delete(socket));
	};
}

/** What keeps this process alive, by type. */
export const activeResources = (): ReadonlyMap<string, number> => {
	const counts = new Map<string, number>();
	for (const type of process.getActiveResourcesInfo().filter((name) => name !== 'Immediate')) {
		counts.set(type, (counts.get(type) ?? 0) + 1);
	}

	return counts;
};
