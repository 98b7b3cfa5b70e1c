import type {DeliveredFax} from '../../../lib/faxes/events';
import type {ClientDisk} from './disk';
import type {Witness} from './witness';

/** What the processes on one disk have done, and so what those after them must not do. */
export class Records {
	readonly disk: ClientDisk;
	readonly #witness: Witness;
	/** Ids that an ack node of this Node-RED was asked to acknowledge. */
	readonly #asked = new Set<string>();
	readonly #accepted = new Set<string>();
	/**
	 * Settled by what a new process has read, whoever was told: what is written and not synced counts until a power cut
	 * takes it.
	 */
	readonly #found = new Set<string>();
	/** The last delivery of each fax. */
	readonly #numbers = new Map<string, number>();
	/** Processes and receivers that ended, each of which may have counted a delivery that nobody saw. */
	#interruptions = 0;
	/** Since then the numbers are known to be without gaps. */
	#isCounting = true;

	constructor(disk: ClientDisk, witness: Witness) {
		this.disk = disk;
		this.#witness = witness;
	}

	ask(id: string): void {
		this.#asked.add(id);
		this.#witness.asked(id);
	}

	accept(id: string): void {
		this.#accepted.add(id);
	}

	isAccepted(id: string): boolean {
		return this.#accepted.has(id) || this.#found.has(id);
	}

	/** A delivery was counted and failed before it reached a flow. */
	failed(id: string, delivery: number): void {
		this.#checkNumber(id, delivery);
	}

	/** A process or a receiver ended, and may have counted deliveries that nobody saw. */
	interrupted(): void {
		this.#interruptions += 1;
	}

	/** A power cut may take deliveries from the count, and what nobody was told of, but nothing that was accepted. */
	powerCut(): void {
		this.#found.clear();
		this.#numbers.clear();
		this.#isCounting = false;
	}

	/** The decisions that the next process finds. */
	restarted(): void {
		for (const id of this.disk.settledIds()) {
			this.#found.add(id);
		}
	}

	checkDelivery({id, delivery}: DeliveredFax): void {
		if (this.isAccepted(id)) {
			this.#witness.violated('broken', `${id} was accepted and is delivered again`);
		}

		this.#checkNumber(id, delivery);
	}

	checkAcknowledges(ids: readonly string[]): void {
		for (const id of ids) {
			if (!this.#asked.has(id)) {
				this.#witness.violated('early', `${id} is in an acknowledge though no ack node here asked for it`);
			} else if (!this.disk.isSettled(id)) {
				this.#witness.violated('early', `${id} is in an acknowledge and not durable on the disk`);
			}
		}
	}

	#checkNumber(id: string, delivery: number): void {
		const last = this.#numbers.get(id);
		if (last !== undefined && delivery <= last) {
			this.#witness.violated('broken', `delivery ${delivery} of ${id} comes after delivery ${last}`);
		}

		if (this.#isCounting && delivery > (last ?? 0) + 1 + this.#interruptions) {
			this.#witness.violated('broken', `delivery ${delivery} of ${id} comes after delivery ${last ?? 0}`);
		}

		this.#numbers.set(id, delivery);
	}
}
