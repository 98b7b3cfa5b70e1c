import {once} from 'node:events';
import {WebSocket, type MessageEvent} from 'undici';
import {isRecord} from '../../../lib/json';
import type {NodeRed} from '../../../scripts/node-red/node-red.mjs';

interface Light {
	readonly fill?: unknown;
	readonly text?: unknown;
}

/** The status of every node, as an editor receives it. */
export class Lights {
	readonly #lights = new Map<string, Light>();
	readonly #socket: WebSocket;

	static async of(nodeRed: NodeRed): Promise<Lights> {
		const socket = new WebSocket(`${nodeRed.url.replace('http', 'ws')}/comms`);
		await once(socket, 'open');
		return new Lights(socket);
	}

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		socket.addEventListener('message', ({data}: MessageEvent) => {
			const messages: unknown = JSON.parse(String(data));
			for (const message of Array.isArray(messages) ? (messages as readonly unknown[]) : []) {
				this.#note(message);
			}
		});
		socket.send(JSON.stringify({subscribe: 'status/#'}));
	}

	of(node: string): Light {
		return this.#lights.get(node) ?? {};
	}

	/** Whether a fax in is polling, or its flow is working on faxes. */
	isBusy(node: string): boolean {
		const {fill, text} = this.of(node);
		return fill === 'blue' || (typeof text === 'string' && /^\d+\/\d+/.test(text));
	}

	close(): void {
		this.#socket.close();
	}

	#note(message: unknown): void {
		if (
			isRecord(message) &&
			typeof message.topic === 'string' &&
			message.topic.startsWith('status/') &&
			isRecord(message.data)
		) {
			this.#lights.set(message.topic.slice('status/'.length), message.data);
		}
	}
}
