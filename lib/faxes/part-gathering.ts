/** The parts of faxes that reach ack nodes one by one: the whole is acknowledged when all of them have. */
import type {Clock} from '../environment';
import {NotAFaxError, TimeoutError, type RetarusError} from '../errors';

/** One part of a fax, as `msg.parts` names it. */
export interface Part {
	readonly index: number;
	readonly count: number;
}

/** The delivery that parts belong to. */
export interface PartsOf {
	readonly id: string;
	readonly topic: string;
	readonly delivery: number | undefined;
}

interface Gathering {
	readonly fax: PartsOf;
	readonly count: number;
	readonly have: Set<number>;
	readonly waiting: {readonly resolve: () => void; readonly reject: (error: RetarusError) => void}[];
	readonly cancelTimeout: () => void;
}

/** The longest wait for the other parts of a fax that this Node-RED did not deliver. */
const longestWaitMs = 3_600_000;

/**
 * Every part that waits is settled in the end: when the last part comes, when the delivery ends in any other way
 * ({@link fail}, {@link complete}, {@link clear}), or, where no lease tells that, after an hour. A part that nobody
 * settled would keep its message, and the documents in it, for as long as the process lives.
 */
export class PartGathering {
	readonly #clock: Clock;
	readonly #gatherings = new Map<string, Gathering>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/**
	 * Resolves when every part of this delivery is there.
	 * @param isLeased the delivery ends with its lease, which settles its parts
	 * @throws NotAFaxError when the parts disagree about their number
	 */
	async gather(fax: PartsOf, {index, count}: Part, isLeased = false): Promise<void> {
		const key = gatheringKey(fax.id, fax.delivery);
		const gathering = this.#gatherings.get(key) ?? {
			fax,
			count,
			have: new Set<number>(),
			waiting: [],
			cancelTimeout: isLeased ? () => undefined : this.#giveUpLater(fax),
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

		this.complete(fax.id, fax.delivery);
	}

	/** The delivery failed: those who wait for its other parts learn why. */
	fail(id: string, delivery: number | undefined, error: RetarusError): void {
		for (const {reject} of this.#end(gatheringKey(id, delivery))) {
			reject(error);
		}
	}

	/** The whole fax is there, or was acknowledged in another way. */
	complete(id: string, delivery: number | undefined): void {
		for (const {resolve} of this.#end(gatheringKey(id, delivery))) {
			resolve();
		}
	}

	/** The flows were stopped: the other parts will not come. */
	clear(): void {
		for (const {fax} of [...this.#gatherings.values()]) {
			this.fail(fax.id, fax.delivery, missing(fax));
		}
	}

	#giveUpLater(fax: PartsOf): () => void {
		return this.#clock.setTimer(() => {
			this.fail(fax.id, fax.delivery, missing(fax));
		}, longestWaitMs);
	}

	#end(key: string): Gathering['waiting'] {
		const gathering = this.#gatherings.get(key);
		this.#gatherings.delete(key);
		gathering?.cancelTimeout();
		return gathering?.waiting ?? [];
	}
}

/** Why the parts of a delivery are given up. */
export const missing = ({id, topic}: {readonly id: string; readonly topic: string}): TimeoutError =>
	new TimeoutError('partsMissing', {id, topic});

const gatheringKey = (id: string, delivery: number | undefined): string => `${delivery ?? 0},${id}`;
