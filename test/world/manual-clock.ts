import type {Clock, Instant} from '../../lib/environment';

/** Where every manual clock begins, on the wall. */
export const wallStart = Date.UTC(2026, 0, 1);

interface Timer {
	readonly atMs: number;
	readonly callback: () => void;
}

/** Time passes only when a test says so. */
export class ManualClock implements Clock {
	#steadyMs = 1000;
	#wallMs = wallStart;
	readonly #timers = new Set<Timer>();

	/** Timers that wait. */
	get pending(): number {
		return this.#timers.size;
	}

	/** Until the next timer fires; `undefined` when none waits. */
	get nextMs(): number | undefined {
		const next = this.#next();
		return next && next.atMs - this.#steadyMs;
	}

	now(): Instant {
		return {wallMs: this.#wallMs, steadyMs: this.#steadyMs};
	}

	setTimer(callback: () => void, delayMs: number): () => void {
		const timer = {atMs: this.#steadyMs + Math.max(0, delayMs), callback};
		this.#timers.add(timer);
		return () => {
			this.#timers.delete(timer);
		};
	}

	/** Runs the timers that are due, in their order. Promises settle only when the test lets go. */
	advance(ms: number): void {
		const endMs = this.#steadyMs + ms;
		for (let next = this.#next(); next !== undefined && next.atMs <= endMs; next = this.#next()) {
			this.#move(Math.max(0, next.atMs - this.#steadyMs));
			this.#timers.delete(next);
			next.callback();
		}

		this.#move(endMs - this.#steadyMs);
	}

	/** Somebody sets the clock on the wall. */
	jumpWall(ms: number): void {
		this.#wallMs += ms;
	}

	/** The machine is suspended: time passes on the wall, and neither the steady clock nor a timer moves. */
	sleepMachine(ms: number): void {
		this.#wallMs += ms;
	}

	#move(ms: number): void {
		this.#steadyMs += ms;
		this.#wallMs += ms;
	}

	#next(): Timer | undefined {
		let next: Timer | undefined;
		for (const timer of this.#timers) {
			if (next === undefined || timer.atMs < next.atMs) {
				next = timer;
			}
		}

		return next;
	}
}
