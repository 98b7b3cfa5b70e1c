/** At most so many at a time, first come, first served. */
export class Slots {
	#free: number;
	readonly #waiting: (() => void)[] = [];

	constructor(count: number) {
		this.#free = count;
	}

	/** Runs the work as soon as there is a slot, and frees the slot whatever becomes of it. */
	async run<Result>(work: () => Promise<Result>): Promise<Result> {
		if (this.#free > 0) {
			this.#free -= 1;
		} else {
			await new Promise<void>((resolve) => {
				this.#waiting.push(resolve);
			});
		}

		try {
			return await work();
		} finally {
			const next = this.#waiting.shift();
			if (next) {
				next();
			} else {
				this.#free += 1;
			}
		}
	}
}
