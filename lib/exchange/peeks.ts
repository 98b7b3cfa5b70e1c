/**
 * A person wants to see what waits on a topic: it is listed with a lock of a second, nothing is taken or acknowledged.
 */
import {toRetarusError} from '../errors';
import type {TopicContext} from '../faxes/context';
import {trialLockMs} from '../retarus/facts';
import type {Exchange, Listing} from '../retarus/wire';
import type {Breaker, GateStates} from './breaker';

interface Peek {
	readonly fetch: number;
	readonly resolve: (listings: readonly Listing[]) => void;
	readonly reject: (error: Error) => void;
}

/** In the order in which they were asked for. Each goes between two exchanges. */
export class Peeks {
	readonly #context: TopicContext;
	readonly #breaker: Breaker;
	readonly #waiting: Peek[] = [];

	constructor(context: TopicContext, breaker: Breaker) {
		this.#context = context;
		this.#breaker = breaker;
	}

	get isWaiting(): boolean {
		return this.#waiting.length > 0;
	}

	/** Resolves to what was listed; rejects with why it could not be. */
	ask(fetch: number): Promise<readonly Listing[]> {
		return new Promise((resolve, reject) => {
			this.#waiting.push({fetch, resolve, reject});
		});
	}

	/** What to send for the next one, if any. Trouble of polls that came up since it was asked for is its answer. */
	next({polls, trouble}: GateStates): Exchange | undefined {
		if (trouble && polls.remainingMs > 0) {
			this.fail(trouble.error);
		}

		const [peek] = this.#waiting;
		return peek && {topic: this.#context.name, fetch: peek.fetch, lockTimeoutMs: trialLockMs, ids: []};
	}

	/** Sends {@link next}. Never rejects. */
	async run(exchange: Exchange, signal: AbortSignal): Promise<void> {
		const {client} = this.#context.connection();
		try {
			const {listings} = await client.exchange(exchange, client.requestTimeoutMs, signal);
			this.#breaker.succeeded('polls');
			this.#waiting.shift()?.resolve(listings);
		} catch (cause) {
			const error = toRetarusError(cause);
			this.fail(error);
			if (!signal.aborted) {
				this.#breaker.failed(error, 'polls');
			}
		}
	}

	/** A person waits for each: nobody should wait for a pause to end. */
	fail(error: Error): void {
		for (const {reject} of this.#waiting.splice(0)) {
			reject(error);
		}
	}
}
