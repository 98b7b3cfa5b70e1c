/** One timer that is set again and again. */
import type {Clock} from '../environment';

/**
 * Rings not later than the last {@link set} asked for. It may ring too early: a timer that is set already is left alone
 * when it comes before the time asked for, because setting one costs more than one look at the clock too many.
 */
export class Alarm {
	readonly #clock: Clock;
	readonly #ring: () => void;
	/** By the steady clock. */
	#timer: {readonly atMs: number; readonly cancel: () => void} | undefined;

	constructor(clock: Clock, ring: () => void) {
		this.#clock = clock;
		this.#ring = ring;
	}

	/** @param delayMs `Infinity` when there is nothing to wait for */
	set(delayMs: number, nowSteadyMs: number): void {
		const atMs = nowSteadyMs + delayMs;
		if (this.#timer && this.#timer.atMs <= atMs && atMs !== Infinity) {
			return;
		}

		this.cancel();
		if (atMs !== Infinity) {
			const cancel = this.#clock.setTimer(() => {
				this.#timer = undefined;
				this.#ring();
			}, delayMs);
			this.#timer = {atMs, cancel};
		}
	}

	cancel(): void {
		this.#timer?.cancel();
		this.#timer = undefined;
	}
}
