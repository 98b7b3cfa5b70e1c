/** One connection that is kept open: its age, its failures, and the bytes that come in on it. */
import type {Socket} from 'node:net';
import {elapsedMs, type Instant} from '../environment';
import {InterimAnswers} from './interim-answers';
import {mostFailures, type KeepAlive} from './keep-alive';

/** After this the name is looked up again, so that a server that was moved is left. */
export const longestConnectionMs = 5 * 60_000;

const rateLimited = 429;
const misdirected = 421;

/** What came of a request on a connection. */
export type RequestEnd =
	/** Its answer is complete. */
	| {readonly kind: 'answered'; readonly status: number; readonly contentType: string}
	/** It broke or took too long. `isAnswered`: the headers of the answer had come. */
	| {readonly kind: 'failed'; readonly isAnswered: boolean}
	/** We gave it up for a reason of ours. */
	| {readonly kind: 'cancelled'};

/**
 * What an end says about the server. A refusal may be about the request alone, so it counts against its connection
 * only.
 */
const judge = (end: Exclude<RequestEnd, {kind: 'cancelled'}>): 'well' | 'refused' | 'bad' => {
	if (end.kind === 'failed' || end.status >= 500 || /^text\/html\b/i.test(end.contentType)) {
		return 'bad';
	}

	return end.status >= 300 && end.status !== rateLimited ? 'refused' : 'well';
};

interface Line {
	readonly socket: Socket;
	readonly generation: number;
	readonly interim: InterimAnswers;
	readonly madeAt: Instant;
	/** When it was made, or carried its last answer. */
	idleSince: Instant;
	/** Before the request that is on it, or was last. */
	idleMs: number;
	answers: number;
	/** In a row. */
	failures: number;
	error: Error | undefined;
}

/** The connection of one of undici's clients, which has one socket at a time and one request on it at a time. */
export class KeptConnection {
	readonly #keepAlive: KeepAlive;
	/** `undefined` while there is no socket that a request could go on. */
	#line: Line | undefined;
	#isBusy = false;

	constructor(keepAlive: KeepAlive) {
		this.#keepAlive = keepAlive;
	}

	/** It had carried an answer before the request that is on it, or was last. */
	get wasUsedBefore(): boolean {
		return this.#line !== undefined && this.#line.answers > 0;
	}

	/**
	 * What the socket failed with first. An end follows a TLS alert, and undici makes an error of it that says
	 * less.
	 */
	get socketError(): Error | undefined {
		return this.#line?.error;
	}

	/** A new socket takes the place of the last one. */
	made(socket: Socket): void {
		const now = this.#keepAlive.now();
		const line: Line = {
			socket,
			generation: this.#keepAlive.generation,
			interim: new InterimAnswers(),
			madeAt: now,
			idleSince: now,
			idleMs: 0,
			answers: 0,
			failures: 0,
			error: undefined,
		};
		this.#line = line;
		watchReads(socket, line.interim);
		socket.once('error', (error) => {
			line.error = error;
		});
		socket.once('end', () => {
			if (!this.#isBusy && line.answers > 0) {
				this.#keepAlive.closedIdle(elapsedMs(this.#keepAlive.now(), line.idleSince));
			}
		});
	}

	/** There is no new socket, and nothing that follows is about the last one. */
	notMade(): void {
		this.#line = undefined;
	}

	/** A request is about to go. A socket that must not carry it is closed, and undici makes a new one. */
	begin(): void {
		const line = this.#isBusy ? undefined : this.#line;
		this.#isBusy = true;
		if (line === undefined) {
			return;
		}

		const now = this.#keepAlive.now();
		line.idleMs = elapsedMs(now, line.idleSince);
		line.interim.expect();
		if (
			line.socket.destroyed ||
			line.generation !== this.#keepAlive.generation ||
			line.failures >= mostFailures ||
			line.idleMs > this.#keepAlive.idleLimitMs ||
			elapsedMs(now, line.madeAt) > longestConnectionMs
		) {
			this.#line = undefined;
			line.socket.destroy();
		}
	}

	ended(end: RequestEnd): void {
		this.#isBusy = false;
		if (end.kind === 'cancelled') {
			return;
		}

		const verdict = judge(end);
		const line = this.#line;
		if (line !== undefined) {
			this.#learn(line, end);
			line.failures = verdict === 'well' ? 0 : line.failures + 1;
			line.idleSince = this.#keepAlive.now();
			line.answers += end.kind === 'answered' ? 1 : 0;
		}

		if (end.kind === 'answered' && end.status === misdirected) {
			this.#keepAlive.retireAll();
		} else if (verdict === 'bad') {
			this.#keepAlive.failed();
		} else if (verdict === 'well') {
			this.#keepAlive.succeeded();
		}
	}

	#learn({answers, idleMs}: Line, end: RequestEnd): void {
		if (answers === 0) {
			return;
		}

		if (end.kind === 'failed' && !end.isAnswered) {
			this.#keepAlive.closedIdle(idleMs);
		} else {
			this.#keepAlive.survivedIdle(idleMs);
		}
	}
}

/** Lets interim answers through on their way to undici, which reads a socket by this method alone. */
const watchReads = (socket: Socket, interim: InterimAnswers): void => {
	const read = socket.read.bind(socket);
	socket.read = (size?: number): unknown => {
		const bytes: unknown = read(size);
		if (bytes instanceof Uint8Array) {
			interim.pass(bytes);
		}

		return bytes;
	};
};
