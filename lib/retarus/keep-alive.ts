/** Which of the connections that are kept open may carry another request. */
import type {Socket} from 'node:net';
import {elapsedMs, type Clock, type Instant} from '../environment';
import {InterimAnswers} from './interim-answers';

/** After this a name is looked up again, so that a server that was moved is not kept busy by us for ever. */
export const longestConnectionMs = 5 * 60_000;

/** In a row. One may be the request's own; with two, the server that keeps the connection may be drained. */
const mostFailures = 2;

/** What was learned of the server's habits counts for so long: it may be configured anew at any time. */
const learnedForMs = 10 * 60_000;

/** Of the time after which the server was seen to close an idle connection: it may be about to close this one. */
const safePart = 0.75;

/** No server closes connections sooner because they are idle. */
const shortestRuleMs = 500;

const rateLimited = 429;
const misdirected = 421;

/** Whether an answer is a reason to try another connection: it is neither what was asked for nor a request for fewer requests. */
const isFailure = (status: number, contentType: string | undefined): boolean =>
	(status >= 300 && status !== rateLimited) || /^text\/html\b/i.test(contentType ?? '');

/** What came of a request on a connection. */
export type RequestEnd =
	/** Its answer is complete. */
	| {readonly kind: 'answered'; readonly status: number; readonly contentType: string | undefined}
	/** It broke or took too long. `isAnswered`: the headers of the answer had come. */
	| {readonly kind: 'failed'; readonly isAnswered: boolean}
	/** We gave it up for a reason of ours. */
	| {readonly kind: 'cancelled'};

/**
 * What the connections of one transport have in common.
 *
 * A load balancer that is taken out of service may keep its connections and answer 503 on them for ever, and every request
 * that is repeated keeps them alive. So two failures in a row retire all connections that there are at that moment.
 *
 * A server closes a connection that was idle for too long, and a request that goes out at this moment is lost. So what it
 * was seen to do is taken as its rule, unless connections survived longer: then it had another reason.
 */
export class KeepAlive {
	readonly #clock: Pick<Clock, 'now'>;
	#generation = 0;
	/** In a row, on whatever connection. */
	#failures = 0;
	#learned: {readonly since: Instant; provenMs: number; limitMs: number};

	constructor(clock: Pick<Clock, 'now'>) {
		this.#clock = clock;
		this.#learned = {since: clock.now(), provenMs: 0, limitMs: Infinity};
	}

	now(): Instant {
		return this.#clock.now();
	}

	/** Connections of an older generation carry no further request. */
	get generation(): number {
		return this.#generation;
	}

	/** How long a connection may be idle and still be used. */
	get idleLimitMs(): number {
		return this.#recent().limitMs;
	}

	succeeded(): void {
		this.#failures = 0;
	}

	/** @param isLast another one would be in vain */
	failed(isLast: boolean): void {
		this.#failures += 1;
		if (isLast || this.#failures >= mostFailures) {
			this.#failures = 0;
			this.#generation += 1;
		}
	}

	survivedIdle(idleMs: number): void {
		const recent = this.#recent();
		recent.provenMs = Math.max(recent.provenMs, idleMs);
	}

	closedIdle(idleMs: number): void {
		const recent = this.#recent();
		if (idleMs > Math.max(recent.provenMs, shortestRuleMs)) {
			recent.limitMs = Math.min(recent.limitMs, idleMs * safePart);
		}
	}

	#recent(): {provenMs: number; limitMs: number} {
		const now = this.now();
		if (elapsedMs(now, this.#learned.since) > learnedForMs) {
			this.#learned = {since: now, provenMs: 0, limitMs: Infinity};
		}

		return this.#learned;
	}
}

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
	#line: Line | undefined;
	#isBusy = false;

	constructor(keepAlive: KeepAlive) {
		this.#keepAlive = keepAlive;
	}

	/** It had carried an answer before the request that is on it, or was last. */
	get wasUsedBefore(): boolean {
		return this.#line !== undefined && this.#line.answers > 0;
	}

	/** What the socket failed with first: a TLS alert is followed by an end, of which undici makes an error that says less. */
	get socketError(): Error | undefined {
		return this.#line?.error;
	}

	/** A new socket takes the place of the last one. */
	made(socket: Socket): void {
		const {generation} = this.#keepAlive;
		const now = this.#keepAlive.now();
		const interim = new InterimAnswers();
		const line: Line = {
			socket,
			generation,
			interim,
			madeAt: now,
			idleSince: now,
			idleMs: 0,
			answers: 0,
			failures: 0,
			error: undefined,
		};
		this.#line = line;
		watchReads(socket, interim);
		socket.once('error', (error) => {
			line.error = error;
		});
		socket.once('end', () => {
			if (!this.#isBusy && line.answers > 0) {
				this.#keepAlive.closedIdle(elapsedMs(this.#keepAlive.now(), line.idleSince));
			}
		});
	}

	/** A request is about to go. A socket that must not carry it is closed, and undici makes a new one. */
	begin(): void {
		const line = this.#line;
		if (this.#isBusy || line === undefined) {
			this.#isBusy = true;
			return;
		}

		this.#isBusy = true;
		const now = this.#keepAlive.now();
		line.idleMs = elapsedMs(now, line.idleSince);
		line.interim.expect();
		if (
			line.generation !== this.#keepAlive.generation ||
			line.failures >= mostFailures ||
			line.idleMs > this.#keepAlive.idleLimitMs ||
			elapsedMs(now, line.madeAt) > longestConnectionMs
		) {
			line.socket.destroy();
		}
	}

	ended(end: RequestEnd): void {
		this.#isBusy = false;
		const line = this.#line;
		if (line === undefined || end.kind === 'cancelled') {
			return;
		}

		if (line.answers > 0 && (end.kind === 'answered' || end.isAnswered)) {
			this.#keepAlive.survivedIdle(line.idleMs);
		} else if (line.answers > 0) {
			this.#keepAlive.closedIdle(line.idleMs);
		}

		const isFailed = end.kind === 'failed' || isFailure(end.status, end.contentType);
		line.failures = isFailed ? line.failures + 1 : 0;
		line.idleSince = this.#keepAlive.now();
		if (end.kind === 'answered') {
			line.answers += 1;
		}

		if (isFailed) {
			this.#keepAlive.failed(end.kind === 'answered' && end.status === misdirected);
		} else {
			this.#keepAlive.succeeded();
		}
	}
}

/** Lets interim answers through on their way from the socket to undici, which reads it by this method alone. */
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
