/**
 * A seeded source of numbers. Each concern draws from its own stream, so leaving out one kind of fault changes no
 * other.
 */
export class Random {
	#state: number;

	constructor(seed: number, stream = '') {
		let state = seed | 0;
		for (const character of stream) {
			state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
		}

		this.#state = Math.imul(state ^ (state >>> 16), 0x45d9f3b);
	}

	/** From 0 up to 1, exclusive (mulberry32). */
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

	/** A whole number; both ends are included. */
	integer(min: number, max: number): number {
		return min + Math.floor(this.next() * (max - min + 1));
	}

	/** Spread evenly over the orders of magnitude, so small values are as likely as large ones. */
	scaled(min: number, max: number): number {
		return min * (max / min) ** this.next();
	}

	/** The same items in another order. */
	shuffled<Item>(items: readonly Item[]): readonly Item[] {
		const keyed = items.map((item) => ({item, key: this.next()}));
		return keyed.sort((one, other) => one.key - other.key).map(({item}) => item);
	}

	pick<Item>(items: readonly [Item, ...Item[]]): Item {
		return items[this.integer(0, items.length - 1)] ?? items[0];
	}
}
