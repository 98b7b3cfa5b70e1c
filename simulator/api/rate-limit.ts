import type {Clock} from '../clock';
import {RequestError} from '../http/reply';
import type {Switches} from './switches';

const minuteMs = 60_000;

/**
 * Limits the requests per minute in fixed windows; a window opens with its first request.
 * It counts by the simulator's clock, so a test passes the minute by moving the clock. Whether the service limits
 * requests, and how, is unknown.
 */
export class RateLimit {
	readonly #clock: Clock;
	readonly #switches: Switches;
	#beganMs = -Infinity;
	#count = 0;

	constructor(clock: Clock, switches: Switches) {
		this.#clock = clock;
		this.#switches = switches;
	}

	/** Counts a request. @throws RequestError 429 */
	count(): void {
		const nowMs = this.#clock.now();
		if (nowMs >= this.#beganMs + minuteMs || nowMs < this.#beganMs) {
			this.#beganMs = nowMs;
			this.#count = 0;
		}
		this.#count += 1;
		if (this.#switches.requestsPerMinute > 0 && this.#count > this.#switches.requestsPerMinute) {
			throw new RequestError(
				429,
				`There were more than ${this.#switches.requestsPerMinute} requests in a minute.`,
				this.#retryAfter(this.#beganMs + minuteMs, nowMs),
			);
		}
	}

	#retryAfter(endMs: number, nowMs: number): Readonly<Record<string, string>> {
		switch (this.#switches.retryAfter) {
			case 'seconds':
				return {'Retry-After': String(Math.ceil((endMs - nowMs) / 1000))};
			case 'date':
				return {'Retry-After': new Date(Math.ceil(endMs / 1000) * 1000).toUTCString()};
			case 'none':
				return {};
		}
	}
}
