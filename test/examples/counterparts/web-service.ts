import {
	createServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from 'node:http';
import type {AddressInfo} from 'node:net';

export interface WebRequest {
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
}

/** The status and body to answer with; `undefined` to never answer. */
export type WebAnswer = readonly [status: number, body?: unknown] | undefined;

/** A real HTTP service that can close and reopen on the same port. */
export class WebService {
	readonly requests: WebRequest[] = [];
	readonly #answer: (request: WebRequest) => WebAnswer;
	#port = 0;
	#server: Server | undefined;

	/** @param answer called once per request, after its body has arrived */
	constructor(answer: (request: WebRequest) => WebAnswer) {
		this.#answer = answer;
	}

	get origin(): string {
		return `http://127.0.0.1:${this.#port}`;
	}

	async open(): Promise<void> {
		const server = createServer((request, response) => {
			this.#take(request, response);
		});
		this.#server = server;
		await new Promise<void>((resolve) => {
			server.listen(this.#port, '127.0.0.1', resolve);
		});
		this.#port = (server.address() as AddressInfo).port;
	}

	async close(): Promise<void> {
		const server = this.#server;
		this.#server = undefined;
		server?.closeAllConnections();
		await new Promise<void>((resolve) => {
			if (server) {
				server.close(() => {
					resolve();
				});
			} else {
				resolve();
			}
		});
	}

	#take(request: IncomingMessage, response: ServerResponse): void {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const taken = {
				method: request.method ?? '',
				path: request.url ?? '',
				headers: request.headers,
				body: Buffer.concat(chunks),
			};
			this.requests.push(taken);
			const answer = this.#answer(taken);
			if (answer) {
				const [status, body] = answer;
				response
					.writeHead(status, {'Content-Type': 'application/json'})
					.end(body === undefined ? '' : JSON.stringify(body));
			}
		});
	}
}
