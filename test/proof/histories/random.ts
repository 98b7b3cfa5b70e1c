/** Numbers that a seed repeats. Each concern draws from a stream of its own, so that leaving out one kind of fault does not change all others. */
export class Random {
	#state: number;

	constructor(seed: number, stream = '') {
		let state = seed | 0;
		for (const character of stream) {
			state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
		}

		this.#state = Math.imul(state ^ (state >>> 16), 0x45d9f3b);
	}

	/** From 0 up to, not including, 1 (mulberry32). */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	between(min: number, max: number): number {
		return min + (max - min) * this.next();
	}

	/** Whole, both ends included. */
	integer(min: number, max: number): number {
		return min + Math.floor(this.next() * (max - min + 1));
	}

	/** Small values are as likely as large ones. */
	scaled(min: number, max: number): number {
		return min * (max / min) ** this.next();
	}

	pick<Item>(items: readonly [Item, ...Item[]]): Item {
		return items[this.integer(0, items.length - 1)] ?? items[0];
	}
}
