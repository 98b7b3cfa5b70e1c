/** Milliseconds since 1970, from wherever the caller takes its time. */
export type TimeSource = () => number;

/**
 * The service's time: a source that can be moved forward, so that a lock lapses
 * and seven days pass without anybody waiting for them.
 */
export class Clock {
	readonly #source: TimeSource;
	#offsetMs = 0;

	constructor(source: TimeSource = Date.now) {
		this.#source = source;
	}

	/** Milliseconds since 1970. */
	now(): number {
		return this.#source() + this.#offsetMs;
	}

	/** How far it was moved, in milliseconds. */
	get offsetMs(): number {
		return this.#offsetMs;
	}

	/** Back to the source's time: only for a service that has just lost all its faxes. */
	reset(): void {
		this.#offsetMs = 0;
	}

	/** Moves the clock forward. It never goes back: what has lapsed stays lapsed. */
	advance(milliseconds: number): void {
		if (!Number.isFinite(milliseconds) || milliseconds < 0) {
			throw new RangeError(`The clock only goes forward: ${milliseconds} ms is not a step.`);
		}
		this.#offsetMs += milliseconds;
	}
}
