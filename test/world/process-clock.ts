import type {Clock, Instant} from '../../lib/environment';

/** A clock as one process sees it: it counts the timers of that process, and none of them fires after a kill. */
export class ProcessClock implements Clock {
	/** Timers that have neither fired nor been cancelled. */
	pending = 0;
	isKilled = false;
	readonly #clock: Clock;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	now(): Instant {
		return this.#clock.now();
	}

	setTimer(callback: () => void, delayMs: number): () => void {
		let isPending = true;
		const end = (): void => {
			this.pending -= isPending ? 1 : 0;
			isPending = false;
		};
		this.pending += 1;
		const cancel = this.#clock.setTimer(() => {
			end();
			if (!this.isKilled) {
				callback();
			}
		}, delayMs);
		return () => {
			end();
			cancel();
		};
	}
}
