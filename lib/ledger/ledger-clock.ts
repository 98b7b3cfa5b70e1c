import type {Clock, Instant} from '../environment';

/** The time between two processes makes nothing older than this: the clock may have been set in between. */
const longestGapMs = 86_400_000;

/**
 * All times in a file are of one clock: the wall clock as it was when the process began, moved on by the steady
 * clock. So
 * a clock that is set, forward or back, makes nothing older or younger while a process runs. The next process moves the
 * times to its own clock. What that clock says about the time in between counts from the process after it on, and a day
 * at most: a machine that starts in 1970 and is set right later must not forget what is minutes old.
 */
export class LedgerClock {
	readonly #clock: Clock;
	readonly #begun: Instant;
	/** Between the process before and this one, as far as it counts at all. */
	#gapMs = 0;

	constructor(clock: Clock) {
		this.#clock = clock;
		this.#begun = clock.now();
	}

	get nowMs(): number {
		return Math.round(this.#nowMs);
	}

	/** What happened before that has certainly been remembered for as long as it should be. */
	rememberedSinceMs(rememberedMs: number): number {
		return this.#nowMs - this.#gapMs - rememberedMs;
	}

	/** When it was by the wall clock of today. */
	wallMs(atMs: number): number {
		return atMs + Math.round(this.#clock.now().wallMs - this.#nowMs);
	}

	/**
	 * Goes on where the process before ended.
	 * @param lastMs the last time that its file names
	 * @returns what moves the times of that file to this clock
	 */
	follow(lastMs: number): number {
		const aheadMs = this.#begun.wallMs - lastMs;
		this.#gapMs = Math.min(Math.max(aheadMs, 0), longestGapMs);
		return Math.round(aheadMs - this.#gapMs);
	}

	get #nowMs(): number {
		return this.#begun.wallMs + this.#clock.now().steadyMs - this.#begun.steadyMs;
	}
}
