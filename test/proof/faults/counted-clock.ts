import type {Clock, Instant} from '../../../lib/environment';

/** The clock as the core sees it: knows which of the timers are the core's. */
export class CountedClock implements Clock {
	/** Timers of the core that wait. */
	pending = 0;
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
			callback();
		}, delayMs);
		return () => {
			end();
			cancel();
		};
	}
}
