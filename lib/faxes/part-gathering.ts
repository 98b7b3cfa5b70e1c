/** The parts of faxes that reached ack nodes one by one: the whole is acknowledged when all of them have. */
import type {Clock} from '../environment';
import {NotAFaxError, TimeoutError, type RetarusError} from '../errors';

/** One part of a fax, as `msg.parts` tells. */
export interface Part {
	readonly index: number;
	readonly count: number;
}

interface Gathering {
	readonly count: number;
	readonly have: Set<number>;
	readonly waiting: {readonly resolve: () => void; readonly reject: (error: RetarusError) => void}[];
	readonly cancelTimeout: () => void;
}

/** Longest wait for the other parts of a fax that this Node-RED did not deliver; one that it did ends with its processing time. */
const longestWaitMs = 3_600_000;

export class PartGathering {
	readonly #clock: Clock;
	readonly #gatherings = new Map<string, Gathering>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/**
	 * Resolves when every part of this delivery is there.
	 * @param isLeased the delivery ends with its processing time, and its parts with it
	 */
	async gather(
		fax: {readonly id: string; readonly topic: string; readonly delivery: number | undefined},
		{index, count}: Part,
		isLeased = false,
	): Promise<void> {
		const key = gatheringKey(fax.id, fax.delivery);
		const gathering = this.#gatherings.get(key) ?? {
			count,
			have: new Set<number>(),
			waiting: [],
			cancelTimeout: isLeased
				? () => undefined
				: this.#clock.setTimer(() => {
						this.fail(fax.id, fax.delivery, new TimeoutError('partsMissing', {id: fax.id, topic: fax.topic}));
					}, longestWaitMs),
		};
		if (gathering.count !== count) {
			throw new NotAFaxError('partInvalid');
		}

		this.#gatherings.set(key, gathering);
		gathering.have.add(index);
		if (gathering.have.size < count) {
			await new Promise<void>((resolve, reject) => {
				gathering.waiting.push({resolve, reject});
			});
			return;
		}

		this.#end(key, gathering);
		for (const {resolve} of gathering.waiting) {
			resolve();
		}
	}

	/** The delivery failed: whoever waits for its other parts hears why. */
	fail(id: string, delivery: number | undefined, error: RetarusError): void {
		const key = gatheringKey(id, delivery);
		const gathering = this.#gatherings.get(key);
		if (gathering) {
			this.#end(key, gathering);
			for (const {reject} of gathering.waiting) {
				reject(error);
			}
		}
	}

	clear(): void {
		for (const [key, gathering] of this.#gatherings) {
			this.#end(key, gathering);
		}
	}

	#end(key: string, gathering: Gathering): void {
		gathering.cancelTimeout();
		this.#gatherings.delete(key);
	}
}

const gatheringKey = (id: string, delivery: number | undefined): string => `${delivery ?? 0},${id}`;
