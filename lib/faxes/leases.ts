/** The faxes we hold. Knows time, but no disk and no network. How a fax passes from state to state: lease.ts. */
import {ChurnMap} from '../churn-map';
import {elapsedMs, workedMs, type Clock, type Instant} from '../environment';
import type {Listing} from '../retarus/wire';
import type {FaxSummary} from './events';
import {hasLapsed, isOut, type Delivered, type HandedOver, type Lease, type Lock, type Resting} from './lease';

/** A lock with less of its time left than this share is not worth a download. */
const usefulShare = 0.1;

export class Leases {
	readonly #clock: Clock;
	/** In the order in which they came into their state. */
	readonly #leases = new ChurnMap<Lease>();
	/** How many are in each state. Kept in step by {@link #set} and {@link release}. */
	readonly #counts: Record<Lease['state'], number> = {listed: 0, delivered: 0, handedOver: 0, resting: 0};

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** All that we hold. */
	get size(): number {
		return this.#leases.size;
	}

	/** Listed and delivered: those that take room. */
	get inFlight(): number {
		return this.#counts.listed + this.#counts.delivered;
	}

	/** A flow of this process works on them. */
	get delivered(): number {
		return this.#counts.delivered;
	}

	get listed(): number {
		return this.#counts.listed;
	}

	get(id: string): Lease | undefined {
		return this.#leases.get(id);
	}

	/** Every fax with what is going on with it, in the order in which they came into their state. */
	get all(): Iterable<[string, Lease]> {
		return this.#leases;
	}

	/** When the fax that the flow has had longest was delivered. */
	get oldestDelivery(): Instant | undefined {
		for (const lease of this.#leases.values()) {
			if (lease.state === 'delivered') {
				return lease.since;
			}
		}

		return undefined;
	}

	/** Takes over a fax that nobody here holds. */
	list(listing: Listing, lock: Lock, asides = 0): void {
		this.#set(listing.id, {state: 'listed', listing, lock, asides});
	}

	/** A fax that we hold was listed again: the lease takes the new lock, nothing is sent. */
	adopt(listing: Listing, lock: Lock): void {
		const lease = this.#leases.get(listing.id);
		if (lease?.state === 'resting') {
			lease.held = {listing, lock};
		} else if (lease) {
			lease.lock = lock;
		}
	}

	/** The flow has it from now on. Returns false when the fax is not listed any more. */
	deliver(fax: FaxSummary, processingTimeoutMs: number): boolean {
		const lease = this.#leases.get(fax.id);
		if (lease?.state !== 'listed') {
			return false;
		}

		const {listing, lock} = lease;
		this.#set(fax.id, {
			state: 'delivered',
			delivery: fax.delivery,
			listing,
			fax,
			since: this.#clock.now(),
			processingTimeoutMs,
			lock,
			deciding: false,
		});
		return true;
	}

	/** Frees the room. The fax stays held until its processing time is over. */
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

	/**
	 * Whether somebody else may have been given the fax meanwhile: its lock ran out, or its delivery counted as failed.
	 */
	isLate(id: string): boolean {
		const lease = this.#leases.get(id);
		return (
			lease !== undefined &&
			(lease.state === 'resting' ? lease.cause.kind === 'failed' : hasLapsed(lease.lock, this.#clock.now()))
		);
	}

	/** Whether a fax stands aside, or is being tried again after that, not counting this one. */
	isAnotherAside(id?: string): boolean {
		for (const [other, lease] of this.#leases) {
			const isAside =
				lease.state === 'listed' ? lease.asides > 0 : lease.state === 'resting' && lease.cause.kind === 'aside';
			if (other !== id && isAside) {
				return true;
			}
		}

		return false;
	}

	/** Whether an ack node's decision is on its way to the disk. */
	setDeciding(id: string, deciding: boolean): void {
		const lease = this.#leases.get(id);
		if (lease && isOut(lease)) {
			lease.deciding = deciding;
		}
	}

	/**
	 * A delivery failed, or the fax makes room for others. What was listed is kept, so that the fax is delivered from
	 * it when the lock outlasts the rest.
	 * @param rest.since when it began, which after a restart is in the past
	 */
	rest(id: string, rest: Omit<Resting, 'state'>): void {
		const lease = this.#leases.get(id);
		const held = lease?.state === 'listed' || lease?.state === 'delivered' ? lease : undefined;
		const resting: Resting = {state: 'resting', ...rest};
		if (held && !resting.held) {
			resting.held = {listing: held.listing, lock: held.lock};
		}

		this.#set(id, resting);
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

	/** What `maxInFlight` leaves. An answer with more faxes than asked for makes it negative. */
	room(maxInFlight: number): number {
		return maxInFlight - this.inFlight;
	}

	/** The deliveries whose time is over. Time asleep does not count: the flow could not work either. */
	overdue(now: Instant): readonly {readonly id: string; readonly lease: Delivered | HandedOver}[] {
		const overdue: {id: string; lease: Delivered | HandedOver}[] = [];
		if (this.#counts.delivered + this.#counts.handedOver === 0) {
			return overdue;
		}

		for (const [id, lease] of this.#leases) {
			if (isOut(lease) && workedMs(now, lease.since) >= lease.processingTimeoutMs) {
				overdue.push({id, lease});
			}
		}

		return overdue;
	}

	/**
	 * Ends the rests that are over: the fax is listed from now on if its lock allows and there is room, else it leaves.
	 */
	wake(maxInFlight: number, now: Instant): void {
		for (const [id, lease] of this.#counts.resting > 0 ? this.#leases : []) {
			if (lease.state !== 'resting' || elapsedMs(now, lease.since) < lease.restMs) {
				continue;
			}

			const {held, cause} = lease;
			const leftMs = held ? held.lock.durationMs - elapsedMs(now, held.lock.since) : 0;
			if (held === undefined || leftMs <= held.lock.durationMs * usefulShare) {
				this.release(id);
			} else if (this.room(maxInFlight) > 0) {
				this.list(held.listing, held.lock, cause.kind === 'aside' ? cause.asides : 0);
			}
		}
	}

	/** How long until the first rest is over; 0 when nothing rests. */
	nextRestEndMs(now: Instant): number {
		let nextMs = Infinity;
		for (const lease of this.#counts.resting > 0 ? this.#leases.values() : []) {
			if (lease.state === 'resting') {
				nextMs = Math.min(nextMs, Math.max(0, lease.restMs - elapsedMs(now, lease.since)));
			}
		}

		return nextMs === Infinity ? 0 : nextMs;
	}

	/** How long until {@link overdue} or {@link wake} have something to do; `Infinity` when nothing is waiting. */
	nextChangeMs(now: Instant): number {
		let nextMs = Infinity;
		if (this.#leases.size === 0) {
			return nextMs;
		}

		for (const lease of this.#leases.values()) {
			// What becomes of it is decided when the disk answers.
			if (isOut(lease) && lease.deciding) {
				continue;
			}

			if (isOut(lease)) {
				nextMs = Math.min(nextMs, lease.processingTimeoutMs - workedMs(now, lease.since));
			} else if (lease.state === 'resting') {
				const remainingMs = lease.restMs - elapsedMs(now, lease.since);
				// A rest that is over and waits for room ends with the next change of room, not by time.
				nextMs = remainingMs > 0 ? Math.min(nextMs, remainingMs) : nextMs;
			}
		}

		return Math.max(0, nextMs);
	}

	#set(id: string, lease: Lease): void {
		this.release(id);
		this.#leases.set(id, lease);
		this.#counts[lease.state] += 1;
	}
}
