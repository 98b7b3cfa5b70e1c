/** When a request has taken too long. */
import type {Clock} from '../environment';
import {TimeoutError} from '../errors';
import {LinkedAbort} from '../pacing/linked-abort';

export interface DeadlineOptions {
	readonly clock: Clock;
	/** Gives up on the request for reasons of its own, and ends it at once. */
	readonly owner: AbortSignal;
	readonly timeoutMs: number;
	/** `noAnswer`: the whole answer in time, dripping or not. `silent`: the time starts again with every chunk. */
	readonly reason: 'noAnswer' | 'silent';
	/**
	 * Resolves when what has arrived so far was handed on.
	 * @default nothing can have arrived unseen
	 */
	readonly catchUp?: (() => Promise<void>) | undefined;
}

/** After a chunk in each of this many turns of the event loop, the socket was emptied long ago and the rest drips. */
const mostTurns = 1000;

/**
 * Aborts a request when its time is up or its owner gives up, whichever comes first.
 *
 * A late timer may mean that this process was busy, not that the service was slow: after a blocked event loop, timers
 * run before the sockets are read. So what has arrived is read first, for as long as there is more.
 */
export class Deadline {
	readonly #options: DeadlineOptions;
	readonly #abort: LinkedAbort;
	#since: number;
	/** Chunks so far. */
	#progress = 0;
	#isCleared = false;
	#cancel: () => void;

	constructor(options: DeadlineOptions) {
		this.#options = options;
		this.#abort = new LinkedAbort(options.owner);
		this.#since = options.clock.now().steadyMs;
		this.#cancel = this.#wait(options.timeoutMs);
	}

	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	/** Something arrived. The timer is left alone, because this happens with every chunk. */
	progress(): void {
		this.#progress += 1;
		if (this.#options.reason === 'silent') {
			this.#since = this.#options.clock.now().steadyMs;
		}
	}

	clear(): void {
		this.#isCleared = true;
		this.#cancel();
		this.#abort.release();
	}

	get #remainingMs(): number {
		return this.#options.timeoutMs - (this.#options.clock.now().steadyMs - this.#since);
	}

	#wait(delayMs: number): () => void {
		return this.#options.clock.setTimer(() => {
			if (this.#remainingMs > 0) {
				this.#cancel = this.#wait(this.#remainingMs);
			} else if (this.#options.catchUp) {
				void this.#expireUnless(this.#options.catchUp);
			} else {
				this.#expire();
			}
		}, delayMs);
	}

	/** Never rejects. */
	async #expireUnless(catchUp: () => Promise<void>): Promise<void> {
		for (let turn = 0; turn < mostTurns; turn += 1) {
			const before = this.#progress;
			await catchUp();
			if (this.#isCleared) {
				return;
			}

			if (this.#remainingMs > 0) {
				this.#cancel = this.#wait(this.#remainingMs);
				return;
			}

			if (this.#progress === before) {
				break;
			}
		}

		this.#expire();
	}

	#expire(): void {
		const {reason, timeoutMs} = this.#options;
		this.#abort.abort(new TimeoutError(reason, {seconds: Math.ceil(timeoutMs / 1000)}));
	}
}
