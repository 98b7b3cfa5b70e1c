import type {Fax} from './fax';

/**
 * Tells which faxes have changed since a revision, so that the page need not load thousands of faxes every second.
 * Every change of a fax adds an event; a fax whose number of events has not grown is unchanged.
 * The generation changes with each reset and each run. A revision of an old generation yields all faxes, or else a
 * client would keep faxes that no longer exist.
 */
export class Revisions {
	readonly #seen = new Map<Fax, {readonly events: number; readonly revision: number}>();
	#revision = 0;
	#generation = newGeneration();

	/** Starts a new generation: the next call yields all faxes. */
	clear(): void {
		this.#seen.clear();
		this.#generation = newGeneration();
	}

	/**
	 * @param faxes all faxes, as of now
	 * @param since a revision from an earlier call; anything else yields all faxes
	 */
	changes(
		faxes: readonly Fax[],
		since: string | null,
	): {readonly revision: string; readonly isComplete: boolean; readonly faxes: readonly Fax[]} {
		for (const fax of faxes) {
			const events = fax.events.length;
			if (this.#seen.get(fax)?.events !== events) {
				this.#revision += 1;
				this.#seen.set(fax, {events, revision: this.#revision});
			}
		}
		const [generation, number] = (since ?? '').split('-');
		const isComplete = generation !== this.#generation;
		return {
			revision: `${this.#generation}-${this.#revision}`,
			isComplete,
			faxes: isComplete ? faxes : faxes.filter((fax) => (this.#seen.get(fax)?.revision ?? 0) > Number(number)),
		};
	}
}

function newGeneration(): string {
	return Math.random().toString(36).slice(2, 10);
}
