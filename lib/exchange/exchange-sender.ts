/** Sends one exchange and hands its outcome on. */
import {toRetarusError} from '../errors';
import type {TopicContext} from '../faxes/context';
import {defaultLockMs, trialLockMs} from '../retarus/facts';
import type {Exchange} from '../retarus/wire';
import {CheckedExchange} from './checked-exchange';
import type {ExchangeOutcome} from './exchange-outcome';
import type {Batch} from './suspects';

export class ExchangeSender {
	readonly #context: TopicContext;
	readonly #outcome: ExchangeOutcome;
	readonly #checked: CheckedExchange;

	constructor(context: TopicContext, outcome: ExchangeOutcome) {
		this.#context = context;
		this.#outcome = outcome;
		this.#checked = new CheckedExchange(context.ledger);
	}

	/**
	 * Never rejects. A poll waits no longer than half the lock: an answer that arrives when the lock is nearly over only
	 * hands out faxes that somebody else is about to get.
	 * @param fetch how many faxes to ask for
	 */
	async send(fetch: number, {ids, patienceMs = Infinity}: Batch, signal: AbortSignal): Promise<void> {
		const {environment, isTrial, name, connection, receiver} = this.#context;
		const lockTimeoutMs = isTrial ? trialLockMs : (receiver()?.lockTimeoutMs ?? defaultLockMs);
		const exchange: Exchange = {topic: name, fetch, lockTimeoutMs, ids};
		const {client} = connection();
		const since = environment.clock.now();
		const longestMs = fetch > 0 && !isTrial ? lockTimeoutMs / 2 : Infinity;
		const timeoutMs = Math.min(client.requestTimeoutMs, longestMs, patienceMs);
		try {
			const answer = await this.#checked.send(exchange, (...args) => client.exchange(...args), timeoutMs, signal);
			await this.#outcome.succeeded(exchange, answer, since);
		} catch (error) {
			if (!signal.aborted) {
				await this.#outcome.failed(exchange, toRetarusError(error));
			}
		}
	}
}
