/** What an answer lists: new faxes, faxes that we hold, and faxes that are settled. */
import {ChurnMap} from '../churn-map';
import {elapsedMs, type Instant} from '../environment';
import {ServiceError} from '../errors';
import {restMs} from '../pacing/backoff';
import {readReceivedAt} from '../retarus/metadata';
import type {Listing} from '../retarus/wire';
import type {TopicContext} from './context';
import type {Lock} from './lease';

/** A settled fax that is listed again so often means that the service does not keep its word. */
const suspiciousRepeats = 3;

/** Repeats are counted for a day. A service that ignores acknowledgements repeats within a lock. */
const repeatsKeptMs = 86_400_000;

/** What became of an entry. `held`: it is with a flow, resting or handed over. `settled`: an ack node asked for it. */
export type Arrival = 'new' | 'held' | 'settled';

export class Arrivals {
	readonly #context: TopicContext;
	readonly #repeat: (id: string) => void;
	/** How often settled faxes were listed again, the least recent first. */
	readonly #repeats = new ChurnMap<{readonly times: number; readonly last: Instant}>();

	/** @param repeat is called for a settled fax that the service lists again */
	constructor(context: TopicContext, repeat: (id: string) => void) {
		this.#context = context;
		this.#repeat = repeat;
	}

	/** Takes a fax of an answer in. */
	take(listing: Listing, lock: Lock, now: Instant): Arrival {
		const {ledger, memory, events, receiver} = this.#context;
		const {leases, seen} = memory;
		const {id} = listing;
		if (ledger.settlement(id) !== undefined) {
			this.#listedAgain(id, now);
			return 'settled';
		}

		this.#watchDeletion(listing, now);
		if (seen.has(id)) {
			return 'held';
		}

		if (leases.get(id)) {
			leases.adopt(listing, lock);
			return 'held';
		}

		events.emit('step', {step: 'listed', id});
		const last = ledger.lastDelivery(id);
		const lockTimeoutMs = receiver()?.lockTimeoutMs;
		if (!last || lockTimeoutMs === undefined) {
			leases.list(listing, lock);
			return 'new';
		}

		const durationMs = restMs(lockTimeoutMs, last.delivery);
		// A failure in the future means that the clock was set back. The fax must not wait until the clock is there again.
		const agoMs = last.atMs > now.wallMs ? durationMs : now.wallMs - last.atMs;
		leases.rest(id, {
			cause: {kind: 'failed', delivery: last.delivery, givenBack: ledger.wasGivenBack(id, last.delivery)},
			since: {wallMs: now.wallMs - agoMs, steadyMs: now.steadyMs - agoMs},
			restMs: durationMs,
			held: {listing, lock},
		});
		return 'new';
	}

	/**
	 * Warns of faxes that the service will delete, whether somebody here has them or not.
	 * @param isCutOff the service is unreachable: what it listed last counts as still waiting
	 */
	watchDeletions(isCutOff: boolean, now: Instant): void {
		const {deletionWarnings, leases} = this.#context.memory;
		const isWaiting = (id: string): boolean => isCutOff || leases.get(id) !== undefined;
		for (const {id, hours} of deletionWarnings.warnings(isWaiting, now.wallMs)) {
			this.#warn(id, hours);
		}
	}

	#watchDeletion({id, raw}: Listing, {wallMs}: Instant): void {
		const {deletionWarnings} = this.#context.memory;
		deletionWarnings.listed(id, readReceivedAt(raw), wallMs);
		const hours = deletionWarnings.warning(id, wallMs);
		if (hours !== undefined) {
			this.#warn(id, hours);
		}
	}

	#warn(id: string, hours: number): void {
		this.#context.events.emit('notice', {kind: 'deletionNear', id, hours});
	}

	/** Acknowledged and still listed: the acknowledgement is repeated, the fax is never delivered. */
	#listedAgain(id: string, now: Instant): void {
		const {ledger, events, isTrial, name} = this.#context;
		if (isTrial || ledger.settlement(id) === 'accepted') {
			return;
		}

		for (const [other, {last}] of this.#repeats) {
			if (elapsedMs(now, last) < repeatsKeptMs) {
				break;
			}

			this.#repeats.delete(other);
		}

		const times = (this.#repeats.get(id)?.times ?? 0) + 1;
		this.#repeats.delete(id);
		this.#repeats.set(id, {times, last: now});
		this.#repeat(id);
		// A fax that the service refuses to acknowledge is listed again by right.
		if (times === suspiciousRepeats && ledger.settlement(id) === 'confirmed') {
			const error = new ServiceError('acknowledgeIgnored', 200, {id, topic: name});
			events.emit('notice', {kind: 'acknowledgeIgnored', error});
		}
	}
}
