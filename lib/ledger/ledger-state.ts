/** What the records of a ledger say. Pure: no disk, no clock. */
import type {FailedDelivery} from './ledger';
import type {Failure, LedgerRecord, Settlement} from './ledger-records';

/** Not acknowledged yet. */
interface Open {
	/** Times delivered, including those whose documents were unavailable. */
	deliveries: number;
	/** When delivery number `deliveries` began. */
	deliveredAtMs: number;
	/** Of delivery number `deliveries`; absent while a flow works on it, and after a crash. */
	failed: {readonly atMs: number; readonly failure: Failure} | undefined;
	/** Numbers of the deliveries that an ack node gave back: they can no longer be acknowledged. */
	givenBack: readonly number[];
}

/** Which settlement goes further. */
const ranks: Readonly<Record<Settlement, number>> = {refused: 1, accepted: 2, confirmed: 3};

/**
 * Faxes are open or settled. A settled one stays known until the service has certainly deleted it, so that it is never
 * delivered again. Nearly all that is remembered is confirmed, so a confirmed fax costs no more than its id and a
 * number.
 */
export class LedgerState {
	readonly #open = new Map<string, Open>();
	/** When each settled fax got its settlement. An accepted one keeps its place in the queue. */
	readonly #settledAtMs = new Map<string, number>();
	/** Settled, and neither unconfirmed nor refused, means confirmed. */
	readonly #unconfirmed = new Set<string>();
	readonly #refused = new Set<string>();
	/** The accepted ids, oldest first; always as of now. */
	readonly unconfirmed: ReadonlySet<string> = this.#unconfirmed;

	settlement(id: string): Settlement | undefined {
		return this.#settledAtMs.has(id) ? this.#settlementOfSettled(id) : undefined;
	}

	deliveries(id: string): number {
		return this.#open.get(id)?.deliveries ?? 0;
	}

	lastDelivery(id: string): FailedDelivery | undefined {
		const entry = this.#open.get(id);
		return (
			entry && {
				delivery: entry.deliveries,
				atMs: entry.failed?.atMs ?? entry.deliveredAtMs,
				failure: entry.failed?.failure,
			}
		);
	}

	wasGivenBack(id: string, delivery: number): boolean {
		return this.#open.get(id)?.givenBack.includes(delivery) ?? false;
	}

	apply(record: LedgerRecord): void {
		switch (record.type) {
			case 'ledger':
				return;
			case 'delivered':
			case 'failed':
				this.#deliver(record);
				return;
			default:
				this.#settle(record.type, record.id, record.atMs);
		}
	}

	/**
	 * Takes a record of another file, which may be older than what is known here: only what goes further counts.
	 * An acceptance is a promise, so it goes further than a refusal.
	 */
	merge(record: LedgerRecord): void {
		switch (record.type) {
			case 'ledger':
				return;
			case 'delivered':
			case 'failed': {
				const {delivery = 0, failure} = this.lastDelivery(record.id) ?? {};
				if (record.delivery > delivery || (record.delivery === delivery && failure === undefined)) {
					this.#deliver(record);
				}

				return;
			}

			default: {
				const settlement = this.settlement(record.id);
				if (settlement === undefined || ranks[record.type] > ranks[settlement]) {
					this.#settle(record.type, record.id, record.atMs);
				}
			}
		}
	}

	/** Moves all times to another clock. */
	shift(byMs: number): void {
		for (const entry of this.#open.values()) {
			entry.deliveredAtMs += byMs;
			entry.failed = entry.failed && {...entry.failed, atMs: entry.failed.atMs + byMs};
		}

		for (const [id, atMs] of this.#settledAtMs) {
			this.#settledAtMs.set(id, atMs + byMs);
		}
	}

	/**
	 * The records that say it all again. What was last heard of before `forgetBeforeMs` is forgotten, each time with
	 * `undefined`, so that many of these are not one long step. An accepted fax is kept until it is confirmed.
	 */
	*snapshot(topic: string, forgetBeforeMs: number): Iterable<LedgerRecord | undefined> {
		for (const [id, entry] of this.#open) {
			if ((entry.failed?.atMs ?? entry.deliveredAtMs) < forgetBeforeMs) {
				this.#open.delete(id);
				yield undefined;
			} else {
				yield* openRecords(topic, id, entry);
			}
		}

		for (const [id, atMs] of this.#settledAtMs) {
			if (atMs < forgetBeforeMs && !this.#unconfirmed.has(id)) {
				this.#settledAtMs.delete(id);
				this.#refused.delete(id);
				yield undefined;
			} else {
				yield {type: this.#settlementOfSettled(id), id, atMs};
			}
		}
	}

	#settlementOfSettled(id: string): Settlement {
		return this.#unconfirmed.has(id) ? 'accepted' : this.#refused.has(id) ? 'refused' : 'confirmed';
	}

	#settle(settlement: Settlement, id: string, atMs: number): void {
		if (settlement === 'accepted') {
			// Confirmed is final, and another accept does not cost the place in the queue.
			if (this.#settledAtMs.has(id) && !this.#refused.has(id)) {
				return;
			}

			this.#settledAtMs.delete(id);
			this.#unconfirmed.add(id);
		} else {
			this.#unconfirmed.delete(id);
		}

		if (settlement === 'refused') {
			this.#refused.add(id);
		} else {
			this.#refused.delete(id);
		}

		this.#settledAtMs.set(id, atMs);
		this.#open.delete(id);
	}

	#deliver(record: Extract<LedgerRecord, {type: 'delivered' | 'failed'}>): void {
		const {type, id, delivery, atMs} = record;
		let entry = this.#open.get(id);
		if (entry === undefined) {
			if (this.#settledAtMs.has(id)) {
				return;
			}

			entry = {deliveries: 0, deliveredAtMs: atMs, failed: undefined, givenBack: []};
			this.#open.set(id, entry);
		}

		if (delivery >= entry.deliveries) {
			entry.deliveries = delivery;
			entry.deliveredAtMs = type === 'delivered' ? atMs : entry.deliveredAtMs;
			entry.failed = type === 'failed' ? {atMs, failure: record.failure} : undefined;
		}

		if (type === 'failed' && record.givenBack && !entry.givenBack.includes(delivery)) {
			entry.givenBack = [...entry.givenBack, delivery];
		}
	}
}

function* openRecords(topic: string, id: string, entry: Open): Iterable<LedgerRecord> {
	const {deliveries: delivery, deliveredAtMs, failed, givenBack} = entry;
	// Why an earlier delivery failed is not worth a line.
	const failure: Failure = {code: 'RETARUS_TIMEOUT', reason: 'processEnded', facts: {id, topic}};
	for (const earlier of givenBack) {
		if (earlier !== delivery) {
			yield {type: 'failed', id, delivery: earlier, atMs: deliveredAtMs, failure, givenBack: true};
		}
	}

	yield {type: 'delivered', id, delivery, atMs: deliveredAtMs};
	if (failed) {
		yield {type: 'failed', id, delivery, ...failed, givenBack: givenBack.includes(delivery)};
	}
}
