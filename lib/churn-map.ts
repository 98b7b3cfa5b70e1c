/** A Map for what comes and goes all the time. */

/** Fewer are not worth the work. */
const fewDeletions = 16;

/**
 * V8 lets the table of a Map that is full of deleted entries point to the one that takes its place, and so on. As
 * soon as one of them is in the old heap,
 * everything that was in a later one stays in memory until the whole heap is collected: in a backlog, all that was
 * known of thousands of faxes. Here that
 * chain ends, for after some deletions there is a new Map, which nothing points to.
 */
export class ChurnMap<Value> {
	/** Another one only between two steps of the event loop: nobody may go through the entries across an `await`. */
	#entries = new Map<string, Value>();
	/** Since it was made. */
	#deleted = 0;
	#isRenewing = false;

	get size(): number {
		return this.#entries.size;
	}

	get(key: string): Value | undefined {
		return this.#entries.get(key);
	}

	has(key: string): boolean {
		return this.#entries.has(key);
	}

	set(key: string, value: Value): void {
		this.#entries.set(key, value);
	}

	delete(key: string): void {
		if (!this.#entries.delete(key)) {
			return;
		}

		this.#deleted += 1;
		if (!this.#isRenewing && this.#deleted > this.#entries.size + fewDeletions) {
			this.#isRenewing = true;
			queueMicrotask(() => {
				this.#renew();
			});
		}
	}

	clear(): void {
		this.#entries.clear();
	}

	keys(): IterableIterator<string> {
		return this.#entries.keys();
	}

	values(): IterableIterator<Value> {
		return this.#entries.values();
	}

	[Symbol.iterator](): IterableIterator<[string, Value]> {
		return this.#entries.entries();
	}

	#renew(): void {
		this.#isRenewing = false;
		this.#deleted = 0;
		this.#entries = new Map(this.#entries);
	}
}
