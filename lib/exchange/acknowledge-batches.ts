/** Which ids are sent with the next exchange. */
import {elapsedMs, type Clock, type Instant} from '../environment';
import type {RetarusError} from '../errors';
import type {Ledger} from '../ledger/ledger';
import {longestIdsBytes} from '../retarus/facts';
import {encodedLength} from '../retarus/wire';
import {Suspects, type Batch, type Verdict} from './suspects';

/** Repeats have an exchange of their own at most this often. */
const repeatMs = 10_000;

export interface BatchState {
	/** Accepted ids that nothing is wrong with. */
	readonly unconfirmed: number;
	/** Settled ids were listed again and wait to be repeated. */
	readonly isRepeating: boolean;
	/** How long until a group of suspects is due; `Infinity` when there is none. */
	readonly groupMs: number;
}

/**
 * All ids that wait are sent together, as far as a URL is long, and ride on polls. Those of an exchange that failed are
 * sent apart from then on (suspects.ts).
 */
export class AcknowledgeBatches {
	readonly #ledger: Ledger;
	readonly #suspects: Suspects;
	/** Settled, but listed once more: the service wants to hear it again. */
	readonly #again = new Set<string>();
	/** When repeats were sent last for their own sake. Those that rode on a poll that was due may have come too late. */
	#repeatedAt: Instant | undefined;

	constructor(ledger: Ledger, clock: Clock) {
		this.#ledger = ledger;
		this.#suspects = new Suspects(clock);
	}

	/** How many accepted ids fail alone while others work. */
	get setAside(): number {
		return this.#suspects.setAside.filter((id) => this.#ledger.unconfirmed.has(id)).length;
	}

	read(now: Instant): BatchState {
		const {unconfirmed} = this.#ledger;
		if (this.#suspects.isEmpty) {
			return {unconfirmed: unconfirmed.size, isRepeating: this.#again.size > 0, groupMs: Infinity};
		}

		this.#suspects.drop((id) => unconfirmed.has(id) || this.#again.has(id), now);
		const {ids} = this.#suspects;
		return {
			unconfirmed: unconfirmed.size - ids.filter((id) => unconfirmed.has(id)).length,
			isRepeating: this.#again.size > ids.filter((id) => this.#again.has(id)).length,
			groupMs: this.#suspects.remainingMs(now),
		};
	}

	/**
	 * The service listed a settled fax again. The repeat rides on the next exchange, so that a service that keeps listing
	 * a fax is not hammered.
	 */
	repeat(id: string): void {
		this.#again.add(id);
	}

	/** Whether repeats are worth an exchange of their own. */
	isRepeatDue(now: Instant): boolean {
		return !this.#repeatedAt || elapsedMs(now, this.#repeatedAt) >= repeatMs;
	}

	/** Ids that nothing is wrong with, oldest first. */
	next(): Batch {
		const isolated = new Set(this.#suspects.ids);
		const batch = new Set<string>();
		let bytes = 0;
		for (const waiting of [this.#ledger.unconfirmed, this.#again]) {
			for (const id of waiting) {
				if (isolated.has(id) || batch.has(id)) {
					continue;
				}

				bytes += encodedLength(id);
				if (bytes > longestIdsBytes && batch.size > 0) {
					return {ids: [...batch]};
				}

				batch.add(id);
			}
		}

		return {ids: [...batch]};
	}

	/** The group of suspects that is due; no ids when none is. */
	nextGroup(now: Instant): Batch {
		return this.#suspects.next(now) ?? {ids: []};
	}

	/** An exchange begins. */
	sent(isPassenger: boolean, now: Instant): void {
		if (!isPassenger && this.#again.size > 0) {
			this.#repeatedAt = now;
		}
	}

	/** An exchange went through; with these ids, if any. */
	succeeded(ids: readonly string[]): void {
		this.#suspects.succeeded(ids);
		for (const id of ids) {
			this.#again.delete(id);
		}
	}

	/** The exchange with these ids, one at least, failed. */
	failed(ids: readonly string[], error: RetarusError): Verdict {
		const verdict = this.#suspects.failed(ids, error);
		if (!('id' in verdict)) {
			return verdict;
		}

		if (verdict.kind === 'refused') {
			this.#again.delete(verdict.id);
		}

		// Nobody waits for a repeat: it was confirmed before, or refused and reported.
		return this.#ledger.settlement(verdict.id) === 'accepted' ? verdict : {kind: 'isolated', isNew: false};
	}
}
