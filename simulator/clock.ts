/** Returns milliseconds since 1970. */
export type TimeSource = () => number;

/**
 * The service's clock: a time source plus an offset.
 * Moving it forward expires locks and passes the seven days without waiting.
 * The offset only grows: a clock that ran backwards would revive locks that have lapsed and faxes already deleted.
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

	/** How far the clock has been moved, in milliseconds. */
	get offsetMs(): number {
		return this.#offsetMs;
	}

	/** Returns to the source's time. Safe only once all faxes are gone: this is the one step backwards. */
	reset(): void {
		this.#offsetMs = 0;
	}

	/** Moves the clock forward. @throws RangeError for a negative or infinite step */
	advance(milliseconds: number): void {
		if (!Number.isFinite(milliseconds) || milliseconds < 0) {
			throw new RangeError(`The clock only moves forward: ${milliseconds} ms is not a valid step.`);
		}
		this.#offsetMs += milliseconds;
	}
}
