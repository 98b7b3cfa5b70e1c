/** The bytes of documents that this process may hold at once, and what one fax may take of them. */
import {DocumentTooLargeError, type Facts} from '../errors';

/** By contract. A larger fax gets the whole budget to itself. */
export const documentBudgetBytes = 256 * 1024 * 1024;

/** A fax is small up to this share of the budget. */
const smallShare = 1 / 32;
/** The share that large faxes leave to small ones. */
const reservedShare = 1 / 8;
/** How often the whole budget may be taken past the oldest waiting fax before that fax goes first. */
const longestOvertaking = 4;

interface Waiting {
	readonly bytes: number;
	readonly grant: () => void;
}

/**
 * Bytes are taken as they arrive. A fax that finds no room drops everything, waits for what it needs, and starts again.
 * This cannot deadlock: a fax that holds bytes never waits for more, and one that waits holds none, so bytes come back.
 * A fax that fits passes those that wait; otherwise one large fax on a slow line would stop all others.
 * A waiting fax goes first once others have taken the whole budget past it several times; else it might wait for ever.
 */
export class ByteBudget {
	readonly limit: number;
	#used = 0;
	/** Oldest first. */
	#waiting: Waiting[] = [];
	/** Taken past the oldest waiting fax. */
	#overtakenBytes = 0;

	constructor(limit: number) {
		this.limit = limit;
	}

	get used(): number {
		return this.#used;
	}

	/**
	 * Takes the bytes now or not at all.
	 * @param held what the same fax holds already
	 */
	tryTake(bytes: number, held = 0): boolean {
		return this.#waiting.length === 0 ? this.#take(bytes, held + bytes) : this.#overtake(bytes, held + bytes);
	}

	/**
	 * Waits until the bytes are free, and takes them. A fax that would need the reserve waits for the whole budget.
	 * Call it with empty hands.
	 * @returns how many bytes were taken
	 */
	async take(bytes: number, signal: AbortSignal): Promise<number> {
		const wanted = bytes > this.#room(bytes) ? this.limit : bytes;
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
				// Before anything is granted: a promise settles once.
				reject(signal.reason as Error);
				this.#serve(waiting);
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

	/** How full the budget may be once a fax of this size has taken its bytes. */
	#room(faxBytes: number): number {
		return faxBytes > this.limit * smallShare ? this.limit * (1 - reservedShare) : this.limit;
	}

	#take(bytes: number, faxBytes: number): boolean {
		const fits = bytes === this.limit ? this.#used === 0 : this.#used + bytes <= this.#room(faxBytes);
		this.#used += fits ? bytes : 0;
		return fits;
	}

	#overtake(bytes: number, faxBytes: number): boolean {
		const isTaken = this.#overtakenBytes < longestOvertaking * this.limit && this.#take(bytes, faxBytes);
		this.#overtakenBytes += isTaken ? bytes : 0;
		return isTaken;
	}

	/** Grants what fits, oldest first. */
	#serve(leaving?: Waiting): void {
		const left: Waiting[] = [];
		for (const waiting of this.#waiting) {
			const {bytes, grant} = waiting;
			const isOldest = left.length === 0;
			if (waiting === leaving || (isOldest ? this.#take(bytes, bytes) : this.#overtake(bytes, bytes))) {
				this.#overtakenBytes = isOldest ? 0 : this.#overtakenBytes;
				grant();
			} else {
				left.push(waiting);
			}
		}

		this.#waiting = left;
	}
}

/** No room beside the other faxes. Never reaches a caller of Downloads. */
export class NoRoom extends Error {
	/** What the fax needs, as far as is known. */
	readonly bytes: number;

	constructor(bytes: number) {
		super('no room in the byte budget');
		this.bytes = bytes;
	}
}

/**
 * What one fax holds of the budget, for all its documents: never more than its own limit.
 * A fax that has waited once keeps what it was granted, so that it finds room however full the budget has become since.
 */
export class Allowance {
	readonly #budget: ByteBudget;
	readonly #maxBytes: number;
	readonly #facts: Facts;
	/** Taken from the budget. Never less than what has arrived, except for a fax with the whole budget to itself. */
	#taken = 0;
	/** What it has waited for: kept until the fax is done, whatever its attempts drop. */
	#granted = 0;
	#arrived = 0;
	/** What has arrived, and what was announced beyond that. */
	#expected = 0;

	constructor(budget: ByteBudget, maxBytes: number, facts: Facts) {
		this.#budget = budget;
		this.#maxBytes = maxBytes;
		this.#facts = facts;
	}

	/**
	 * For one attempt at one document.
	 * @throws DocumentTooLargeError by what is announced
	 */
	claim(announced = 0): Claim {
		const claim = new Claim(this, announced);
		this.expect(announced);
		return claim;
	}

	/** @throws DocumentTooLargeError */
	expect(bytes: number): void {
		if (this.#expected + bytes > this.#maxBytes) {
			throw new DocumentTooLargeError('faxTooLarge', {...this.#facts, limit: Math.round(this.#maxBytes / 1024 / 1024)});
		}

		this.#expected += bytes;
	}

	/** @throws NoRoom */
	arrive(bytes: number): void {
		const missing = this.#arrived + bytes - this.#taken;
		if (missing > 0 && !this.#isAlone) {
			if (!this.#budget.tryTake(missing, this.#taken)) {
				throw new NoRoom(Math.max(this.#expected, this.#arrived + bytes));
			}

			this.#taken += missing;
		}

		this.#arrived += bytes;
	}

	drop(arrived: number, expected: number): void {
		this.#arrived -= arrived;
		this.#expected -= expected;
		this.#keep(Math.max(this.#arrived, this.#granted));
	}

	/** Waits, with empty hands, until so many bytes are free. */
	async wait(bytes: number, signal: AbortSignal): Promise<void> {
		this.release();
		this.#granted = await this.#budget.take(Math.min(bytes, this.#maxBytes), signal);
		this.#taken = this.#granted;
	}

	/** Gives everything back. May be called more than once. */
	release(): void {
		this.#granted = 0;
		this.#arrived = 0;
		this.#expected = 0;
		this.#keep(0);
	}

	get #isAlone(): boolean {
		return this.#granted > 0 && this.#granted === this.#budget.limit;
	}

	#keep(bytes: number): void {
		const spare = this.#taken - bytes;
		if (spare > 0) {
			this.#taken = bytes;
			this.#budget.give(spare);
		}
	}
}

/** What one attempt at a document holds. A failed attempt drops it, so that repeats do not add up. */
export class Claim {
	readonly #allowance: Allowance;
	#arrived = 0;
	#expected: number;

	constructor(allowance: Allowance, announced: number) {
		this.#allowance = allowance;
		this.#expected = announced;
	}

	/** @throws DocumentTooLargeError, NoRoom */
	arrive(bytes: number): void {
		const beyond = this.#arrived + bytes - this.#expected;
		if (beyond > 0) {
			this.#allowance.expect(beyond);
			this.#expected += beyond;
		}

		this.#allowance.arrive(bytes);
		this.#arrived += bytes;
	}

	drop(): void {
		this.#allowance.drop(this.#arrived, this.#expected);
		this.#arrived = 0;
		this.#expected = 0;
	}
}
