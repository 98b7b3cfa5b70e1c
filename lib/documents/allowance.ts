/** What one fax may take: no more than its own limit, and no more than the budget of the process has left. */
import type {ByteBudget} from './byte-budget';
import {DocumentTooLargeError, type Facts} from '../errors';

/** The fax does not fit beside the others: let go of everything, wait for {@link bytes}, start again. Never reaches a caller of Downloads. */
export class NoRoom extends Error {
	readonly bytes: number;

	constructor(bytes: number) {
		super('no room in the byte budget');
		this.bytes = bytes;
	}
}

export class Allowance {
	readonly #budget: ByteBudget;
	readonly #maxBytes: number;
	readonly #facts: Facts;
	/** Taken from the budget. Never less than what is claimed, but for a fax that has the whole budget alone. */
	#taken = 0;
	#claimed = 0;
	#alone = false;

	constructor(budget: ByteBudget, maxBytes: number, facts: Facts) {
		this.#budget = budget;
		this.#maxBytes = maxBytes;
		this.#facts = facts;
	}

	/** @throws DocumentTooLargeError, NoRoom */
	claim(bytes: number): void {
		const claimed = this.#claimed + bytes;
		if (claimed > this.#maxBytes) {
			throw new DocumentTooLargeError('faxTooLarge', {...this.#facts, limit: Math.round(this.#maxBytes / 1024 / 1024)});
		}

		const missing = claimed - this.#taken;
		if (missing > 0 && !this.#alone) {
			if (!this.#budget.tryTake(missing)) {
				throw new NoRoom(claimed);
			}

			this.#taken += missing;
		}

		this.#claimed = claimed;
	}

	/** An attempt failed and dropped what it had. */
	unclaim(bytes: number): void {
		this.#claimed -= bytes;
	}

	/** Waits, with empty hands, until so many bytes are free. */
	async wait(bytes: number, signal: AbortSignal): Promise<void> {
		this.release();
		this.#taken = await this.#budget.take(Math.min(bytes, this.#maxBytes), signal);
		this.#alone = this.#taken === this.#budget.limit;
	}

	/** Gives everything back. May be called more than once. */
	release(): void {
		this.#budget.give(this.#taken);
		this.#taken = 0;
		this.#claimed = 0;
		this.#alone = false;
	}
}
