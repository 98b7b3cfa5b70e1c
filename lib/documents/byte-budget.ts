/** The bytes of documents that this process may hold at once. Whoever waits holds nothing, so waiting cannot lock up. */

/** 256 MB of documents per process, by contract; a single larger fax has it alone. */
export const documentBudgetBytes = 256 * 1024 * 1024;

interface Waiting {
	readonly bytes: number;
	readonly grant: () => void;
}

export class ByteBudget {
	readonly limit: number;
	#used = 0;
	/** First come, first served: a large fax is not overtaken for ever by small ones. */
	readonly #waiting: Waiting[] = [];

	constructor(limit: number) {
		this.limit = limit;
	}

	get used(): number {
		return this.#used;
	}

	/** Takes the bytes now or not at all. */
	tryTake(bytes: number): boolean {
		if (this.#waiting.length > 0 || this.#used + bytes > this.limit) {
			return false;
		}

		this.#used += bytes;
		return true;
	}

	/** Takes the bytes, capped at the whole budget, as soon as they are free; resolves to how many. Call it with empty hands. */
	async take(bytes: number, signal: AbortSignal): Promise<number> {
		const wanted = Math.min(bytes, this.limit);
		signal.throwIfAborted();
		if (this.tryTake(wanted)) {
			return wanted;
		}

		await new Promise<void>((resolve, reject) => {
			const waiting: Waiting = {
				bytes: wanted,
				grant: () => {
					signal.removeEventListener('abort', leave);
					resolve();
				},
			};
			const leave = (): void => {
				this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
				this.#serve();
				reject(signal.reason as Error);
			};
			this.#waiting.push(waiting);
			signal.addEventListener('abort', leave, {once: true});
		});
		return wanted;
	}

	give(bytes: number): void {
		this.#used -= bytes;
		this.#serve();
	}

	#serve(): void {
		for (
			let next = this.#waiting[0];
			next !== undefined && this.#used + next.bytes <= this.limit;
			next = this.#waiting[0]
		) {
			this.#waiting.shift();
			this.#used += next.bytes;
			next.grant();
		}
	}
}
