import type {Fax} from './fax';

/**
 * Which faxes have changed since somebody last looked. What happens to a fax is an event, so the number of its events tells whether
 * it is still the one that was seen.
 */
export class Revisions {
	readonly #seen = new Map<Fax, {readonly events: number; readonly revision: number}>();
	#revision = 0;
	/** Another one after each reset, and with each start. */
	#generation = newGeneration();

	/** Forgets all: who asks next is told everything. */
	clear(): void {
		this.#seen.clear();
		this.#generation = newGeneration();
	}

	/**
	 * @param faxes all there are, as of now
	 * @param since a revision that was handed out earlier; anything else stands for the beginning
	 */
	changes(
		faxes: readonly Fax[],
		since: string | undefined,
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
