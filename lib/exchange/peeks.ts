/** Somebody wants to see what waits on a topic: it is listed with a lock of a second, nothing of it is taken, and nothing is acknowledged. */
import type {Breaker} from './breaker';
import {toRetarusError} from '../errors';
import type {TopicContext} from '../faxes/context';
import {trialLockMs} from '../retarus/facts';
import type {Exchange, Listing} from '../retarus/wire';

interface Look {
	readonly fetch: number;
	readonly resolve: (listings: readonly Listing[]) => void;
	readonly reject: (error: Error) => void;
}

/** In the order in which they were asked for. Each goes between two exchanges. */
export class Peeks {
	readonly #context: TopicContext;
	readonly #breaker: Breaker;
	readonly #waiting: Look[] = [];

	constructor(context: TopicContext, breaker: Breaker) {
		this.#context = context;
		this.#breaker = breaker;
	}

	/** Resolves to what was listed; rejects with why it could not be. */
	ask(fetch: number): Promise<readonly Listing[]> {
		return new Promise((resolve, reject) => {
			this.#waiting.push({fetch, resolve, reject});
		});
	}

	/** What to send for the next one, if there is one. What has shut a gate since it was asked for is its answer. */
	next(): Exchange | undefined {
		const {remainingMs, error} = this.#breaker;
		if (remainingMs > 0 && error) {
			this.fail(error);
		}

		const [look] = this.#waiting;
		return look && {topic: this.#context.name, fetch: look.fetch, lockTimeoutMs: trialLockMs, ids: []};
	}

	/** Sends {@link next}. Never rejects. */
	async run(exchange: Exchange, signal: AbortSignal): Promise<void> {
		const {client} = this.#context.connection();
		try {
			const {listings} = await client.exchange(exchange, client.requestTimeoutMs, signal);
			this.#breaker.succeeded();
			this.#waiting.shift()?.resolve(listings);
		} catch (cause) {
			const error = toRetarusError(cause);
			this.fail(error);
			if (!signal.aborted) {
				this.#breaker.failed(error);
			}
		}
	}

	/** A person waits for each: nobody is to wait for a pause to end. */
	fail(error: Error): void {
		for (const {reject} of this.#waiting.splice(0)) {
			reject(error);
		}
	}
}
