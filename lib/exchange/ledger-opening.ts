/** A disk that refuses stops polls and acknowledges until it works again. */
import type {Breaker} from './breaker';
import {folderError} from '../errors';
import type {TopicContext} from '../faxes/context';

/** It is tried again this often. */
const healMs = 5000;

export class LedgerOpening {
	readonly #context: TopicContext;
	readonly #breaker: Breaker;
	#isRunning = false;

	constructor(context: TopicContext, breaker: Breaker) {
		this.#context = context;
		this.#breaker = breaker;
	}

	/** Opens the ledger again, unless that is under way. Wakes the topic with the outcome; never throws. */
	begin(): void {
		if (this.#isRunning) {
			return;
		}

		this.#isRunning = true;
		const {ledger, folderPath, events, wake} = this.#context;
		void ledger
			.open()
			.then(
				(setAside) => {
					if (setAside !== undefined) {
						events.emit('notice', {kind: 'journalSetAside', path: setAside});
					}

					this.#breaker.retry();
				},
				(cause: unknown) => {
					this.#breaker.failed(folderError(folderPath, cause), healMs);
				},
			)
			.then(() => {
				this.#isRunning = false;
				wake();
			});
	}
}
