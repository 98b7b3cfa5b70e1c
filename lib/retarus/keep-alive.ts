/** What the connections of one transport have in common. */
import {elapsedMs, type Clock, type Instant} from '../environment';

/** In a row. One may be the request's own; after two, the server that keeps the connection may be drained. */
export const mostFailures = 2;

/** What was learned about the server is forgotten after this: it may be configured anew at any time. */
const learnedForMs = 10 * 60_000;

/** Of the idle time after which the server was seen to close a connection: it may be about to close this one. */
const safePart = 0.75;

/** No server closes a connection sooner because it is idle. */
const shortestIdleMs = 500;

/**
 * Decides which connections may carry another request.
 *
 * A load balancer that is taken out of service may keep its connections and answer 503 on them for ever, and every
 * repeated request keeps them alive. So two failures in a row retire all connections that are open at that moment.
 *
 * A server closes a connection that was idle for too long, and a request that goes out at that moment is lost. So
 * the idle time that it was seen to allow becomes the limit, unless connections survived longer: then it had
 * another reason.
 */
export class KeepAlive {
	readonly #clock: Pick<Clock, 'now'>;
	#generation = 0;
	/** In a row, on any connection. */
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

	failed(): void {
		this.#failures += 1;
		if (this.#failures >= mostFailures) {
			this.retireAll();
		}
	}

	retireAll(): void {
		this.#failures = 0;
		this.#generation += 1;
	}

	survivedIdle(idleMs: number): void {
		const recent = this.#recent();
		recent.provenMs = Math.max(recent.provenMs, idleMs);
	}

	closedIdle(idleMs: number): void {
		const recent = this.#recent();
		if (idleMs > Math.max(recent.provenMs, shortestIdleMs)) {
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
