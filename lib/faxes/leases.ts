/**
 * The faxes we hold, and what is going on with each. Knows time, but no disk and no network.
 *
 * listed -> delivered -> (accepted: leaves, the ledger has it)
 *                     -> handed over -> (overdue: leaves; when listed again it has failed)
 *                     -> failed: resting -> listed
 */
import {elapsedMs, workedMs, type Clock, type Instant} from '../environment';
import {ChurnMap} from '../churn-map';
import type {FaxSummary} from './events';
import type {Listing} from '../retarus/wire';

/** The service's promise to list a fax to nobody else, counted from when the request was sent: the answer may have been slow. */
export interface Lock {
	readonly since: Instant;
	readonly durationMs: number;
}

/** Locked for us; its documents are on their way. */
interface Listed {
	readonly state: 'listed';
	readonly listing: Listing;
	lock: Lock;
}

/** A flow works on it. */
interface Delivered {
	readonly state: 'delivered';
	readonly delivery: number;
	readonly fax: FaxSummary;
	readonly since: Instant;
	readonly processingTimeoutMs: number;
	lock: Lock;
	/** An ack node's decision is on its way to the disk: nothing may overtake it. */
	deciding: boolean;
}

/** Another machine has it. */
interface HandedOver {
	readonly state: 'handedOver';
	readonly delivery: number;
	readonly since: Instant;
	readonly processingTimeoutMs: number;
	lock: Lock;
	/** As of a delivered one. */
	deciding: boolean;
}

/** Failed, and not to be tried again at once. */
interface Resting {
	readonly state: 'resting';
	/** The delivery that failed; given back by an ack node, or failed otherwise. */
	readonly delivery: number;
	readonly givenBack: boolean;
	readonly since: Instant;
	readonly restMs: number;
	/** When it was listed again meanwhile. */
	again?: {readonly listing: Listing; readonly lock: Lock};
}

export type Lease = Listed | Delivered | HandedOver | Resting;

/** Deliveries that fail rest for the lock time, doubled with each, at most one hour. */
export const restMs = (lockTimeoutMs: number, failedDeliveries: number): number =>
	Math.min(lockTimeoutMs * 2 ** (failedDeliveries - 1), 3_600_000);

export class Leases {
	readonly #clock: Clock;
	/** In the order in which they came into their state. */
	readonly #leases = new ChurnMap<Lease>();
	/** How many are in each state. Kept in step by {@link #set} and {@link release}. */
	readonly #counts: Record<Lease['state'], number> = {listed: 0, delivered: 0, handedOver: 0, resting: 0};

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Listed and delivered: those that take room. */
	get inFlight(): number {
		return this.#counts.listed + this.#counts.delivered;
	}

	/** A flow of this process works on them. */
	get delivered(): number {
		return this.#counts.delivered;
	}

	get(id: string): Lease | undefined {
		return this.#leases.get(id);
	}

	/** Every fax with what is going on with it, in the order in which they came into their state. */
	get all(): Iterable<[string, Lease]> {
		return this.#leases;
	}

	/** When the fax that has been with the flow for longest was delivered. */
	get oldestDelivery(): Instant | undefined {
		for (const lease of this.#leases.values()) {
			if (lease.state === 'delivered') {
				return lease.since;
			}
		}

		return undefined;
	}

	/** Takes over a fax that nobody here holds. */
	list(listing: Listing, lock: Lock): void {
		this.#set(listing.id, {state: 'listed', listing, lock});
	}

	/** A fax that is held was listed again: the lease takes the new lock, nothing is sent. */
	adopt(listing: Listing, lock: Lock): void {
		const lease = this.#leases.get(listing.id);
		if (lease?.state === 'resting') {
			lease.again = {listing, lock};
		} else if (lease) {
			lease.lock = lock;
		}
	}

	/** The flow has it from now on. False when the fax is not listed any more. */
	deliver(fax: FaxSummary, processingTimeoutMs: number): boolean {
		const lease = this.#leases.get(fax.id);
		if (lease?.state !== 'listed') {
			return false;
		}

		const {delivery} = fax;
		this.#set(fax.id, {
			state: 'delivered',
			delivery,
			fax,
			since: this.#clock.now(),
			processingTimeoutMs,
			lock: lease.lock,
			deciding: false,
		});
		return true;
	}

	/** Frees the room; the fax stays held until its processing time is over. */
	handOver(id: string): void {
		const lease = this.#leases.get(id);
		if (lease?.state === 'delivered') {
			const {delivery, since, processingTimeoutMs, lock, deciding} = lease;
			this.#set(id, {state: 'handedOver', delivery, since, processingTimeoutMs, lock, deciding});
		}
	}

	/** Whether a flow, here or elsewhere, works on it. */
	isOut(id: string): boolean {
		const lease = this.#leases.get(id);
		return lease !== undefined && isOut(lease);
	}

	/** Whether an acknowledge comes after the lock, or after the delivery counted as failed: somebody else may have been given the fax meanwhile. */
	isLate(id: string): boolean {
		const lease = this.#leases.get(id);
		return (
			lease !== undefined &&
			(lease.state === 'resting' || elapsedMs(this.#clock.now(), lease.lock.since) >= lease.lock.durationMs)
		);
	}

	/** Whether an ack node's decision is on its way to the disk. */
	setDeciding(id: string, deciding: boolean): void {
		const lease = this.#leases.get(id);
		if (lease && isOut(lease)) {
			lease.deciding = deciding;
		}
	}

	/** A delivery failed. `since` is when it did, which after a restart is in the past. */
	rest(id: string, rest: Omit<Resting, 'state'>): void {
		this.#set(id, {state: 'resting', ...rest});
	}

	/** Accepted, or left to the service. */
	release(id: string): void {
		const lease = this.#leases.get(id);
		if (lease) {
			this.#counts[lease.state] -= 1;
			this.#leases.delete(id);
		}
	}

	clear(): void {
		this.#leases.clear();
		Object.assign(this.#counts, {listed: 0, delivered: 0, handedOver: 0, resting: 0});
	}

	/** Room is what `maxInFlight` leaves; a larger answer than asked for makes it negative. */
	room(maxInFlight: number): number {
		return maxInFlight - this.inFlight;
	}

	/** The deliveries whose time is over. Time asleep does not count: the flow could not work either. */
	overdue(): readonly {readonly id: string; readonly lease: Delivered | HandedOver}[] {
		const now = this.#clock.now();
		const overdue = [];
		for (const [id, lease] of this.#leases) {
			if (isOut(lease) && workedMs(now, lease.since) >= lease.processingTimeoutMs) {
				overdue.push({id, lease});
			}
		}

		return overdue;
	}

	/** Ends the rests that are over. A fax that was listed again meanwhile and has half its lock left is listed from now on, as far as there is room. */
	wake(maxInFlight: number): void {
		const now = this.#clock.now();
		for (const [id, lease] of this.#counts.resting > 0 ? this.#leases : []) {
			if (lease.state !== 'resting' || elapsedMs(now, lease.since) < lease.restMs) {
				continue;
			}

			const {again} = lease;
			if (again === undefined || elapsedMs(now, again.lock.since) > again.lock.durationMs / 2) {
				this.release(id);
			} else if (this.room(maxInFlight) > 0) {
				this.list(again.listing, again.lock);
			}
		}
	}

	/** How long until {@link overdue} or {@link wake} have something to do; `undefined` when nothing is waiting. */
	nextChangeMs(): number | undefined {
		const now = this.#clock.now();
		let nextMs: number | undefined;
		for (const lease of this.#leases.values()) {
			// What becomes of it is decided when the disk answers.
			if (isOut(lease) && lease.deciding) {
				continue;
			}

			const remainingMs = isOut(lease)
				? lease.processingTimeoutMs - workedMs(now, lease.since)
				: lease.state === 'resting'
					? lease.restMs - elapsedMs(now, lease.since)
					: undefined;
			// A rest that is over and waits for room ends with the next change of room, not by time.
			if (remainingMs !== undefined && (remainingMs > 0 || lease.state !== 'resting')) {
				nextMs = Math.min(nextMs ?? remainingMs, remainingMs);
			}
		}

		return nextMs === undefined ? undefined : Math.max(0, nextMs);
	}

	#set(id: string, lease: Lease): void {
		this.release(id);
		this.#leases.set(id, lease);
		this.#counts[lease.state] += 1;
	}
}

const isOut = (lease: Lease): lease is Delivered | HandedOver =>
	lease.state === 'delivered' || lease.state === 'handedOver';
