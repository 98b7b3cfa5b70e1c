/**
 * From listed to delivered, and what becomes of a delivery that fails. How a fax passes from state to state: lease.ts.
 *
 * Deliveries decides when a fax is attempted and what a failure means for it; an attempt itself is in attempts.ts.
 */
import {setMaxListeners} from 'node:events';
import type {Downloads} from '../documents/downloads';
import type {Instant} from '../environment';
import {GuardError, TimeoutError, toRetarusError, type RetarusError} from '../errors';
import {asideMs, restMs} from '../pacing/backoff';
import {Attempts, failureOf, type Reception} from './attempts';
import type {TopicContext} from './context';
import {hasLapsed, type Listed} from './lease';
import {missing} from './part-gathering';
import type {ReceiverOptions} from './receiver-options';
import type {Connection} from '../retarus/connection';

export class Deliveries {
	readonly #context: TopicContext;
	readonly #attempts: Attempts;
	readonly #downloads: Downloads;
	/**
	 * The faxes whose documents are on their way, as they were listed. Each receiver has a map of its own: what ends late
	 * is not the next one's.
	 */
	#running = new Map<string, Listed>();
	/** Aborted when the receiver goes: all downloads end at once. */
	#gone = new AbortController();

	constructor(context: TopicContext, downloads: Downloads) {
		this.#context = context;
		this.#downloads = downloads;
		this.#attempts = new Attempts(context, downloads, (fax, error) => {
			this.#fail(fax.id, fax.delivery, error, false);
			context.events.emit('failure', fax, error);
		});
	}

	/** Somebody receives from now on. */
	attach(now: Instant): void {
		this.#running = new Map();
		this.#gone = new AbortController();
		// One for each document on its way, or more.
		setMaxListeners(0, this.#gone.signal);
		this.tick(now);
	}

	/** Stops the downloads. What is listed stays so, and goes on with the next receiver while its lock lasts. */
	detach(): void {
		this.#gone.abort(new Error('the receiver is gone'));
		this.#context.trouble.forget('documents');
	}

	/**
	 * Ends what is overdue, wakes what has rested, starts downloads. Called whenever something changed.
	 * @param reserved room for the faxes that a poll has asked for
	 * @returns how long until time alone changes something; `Infinity` when it does not
	 */
	tick(now: Instant, reserved = 0): number {
		const {memory, receiver: receiverOf} = this.#context;
		const {leases} = memory;
		if (leases.size === 0) {
			this.#context.trouble.forget('documents');
			return Infinity;
		}

		this.#endOverdue(now);
		const receiver = receiverOf();
		if (receiver) {
			this.#startListed(receiver, reserved, now);
		}

		return leases.nextChangeMs(now);
	}

	#startListed(receiver: ReceiverOptions, reserved: number, now: Instant): void {
		const {memory, isTrial} = this.#context;
		const {leases} = memory;
		leases.wake(receiver.maxInFlight - reserved, now);
		this.#dropDecided();
		if (leases.listed === this.#running.size) {
			this.#forgetTrouble();
			return;
		}

		for (const [id, lease] of leases.all) {
			if (lease.state !== 'listed' || this.#running.has(id)) {
				continue;
			}

			if (hasLapsed(lease.lock, now) && !isTrial) {
				this.#lapse(id);
			} else if (leases.delivered + this.#running.size < receiver.maxInFlight) {
				this.#start(lease, {receiver, signal: this.#gone.signal});
			}
		}
	}

	/** How long no fax should be fetched, because documents are in trouble that strikes all of them. */
	pauseMs(connection: Connection): number {
		return this.#downloads.backoff(connection)?.remainingMs ?? 0;
	}

	/** Returns whether this delivery was current and so has failed now. */
	giveBack(id: string, delivery: number | undefined): boolean {
		const lease = this.#context.memory.leases.get(id);
		const isOut = lease?.state === 'handedOver' || lease?.state === 'delivered';
		if (!isOut || lease.deciding || (delivery !== undefined && delivery !== lease.delivery)) {
			return false;
		}

		this.#fail(id, lease.delivery, new GuardError('wasGivenBack', this.#facts(id)), true);
		return true;
	}

	#facts(id: string): {readonly id: string; readonly topic: string} {
		return {id, topic: this.#context.name};
	}

	/** A fax that was decided on meanwhile takes no place, however long its documents still take. */
	#dropDecided(): void {
		for (const [id, lease] of this.#running) {
			if (this.#context.memory.leases.get(id) !== lease) {
				this.#running.delete(id);
			}
		}
	}

	#endOverdue(now: Instant): void {
		const {memory, events} = this.#context;
		for (const {id, lease} of memory.leases.overdue(now)) {
			if (lease.deciding) {
				continue;
			}

			if (lease.state === 'handedOver') {
				// Whether the other machine failed shows when the service lists the fax again.
				memory.leases.release(id);
				memory.parts.fail(id, lease.delivery, missing(this.#facts(id)));
			} else {
				const seconds = Math.round(lease.processingTimeoutMs / 1000);
				const error = new TimeoutError('overdue', {...this.#facts(id), seconds});
				this.#fail(id, lease.delivery, error, false);
				events.emit('failure', lease.fax, error);
			}
		}
	}

	#start(lease: Listed, reception: Reception): void {
		const running = this.#running;
		const {id} = lease.listing;
		running.set(id, lease);
		void this.#work(lease, reception).finally(() => {
			if (running.get(id) === lease) {
				running.delete(id);
			}

			this.#context.wake();
		});
	}

	/** Never rejects. */
	async #work({listing, lock}: Listed, reception: Reception): Promise<void> {
		try {
			await this.#attempts.run(listing, lock.since, reception);
		} catch (error) {
			if (!reception.signal.aborted) {
				this.#stepAside(listing.id, toRetarusError(error));
			}
		}
	}

	#fail(id: string, delivery: number, error: RetarusError, givenBack: boolean): void {
		const {
			ledger,
			memory: {leases, counts, parts},
			events,
			environment: {clock},
			receiver,
		} = this.#context;
		counts.failed += 1;
		leases.rest(id, {
			cause: {kind: 'failed', delivery, givenBack},
			since: clock.now(),
			restMs: restMs(receiver()?.lockTimeoutMs ?? 0, delivery),
		});
		parts.fail(id, delivery, error);
		events.emit('step', {step: givenBack ? 'givenBack' : 'failed', id, delivery});
		// A failure that cannot be written is found out at the next start: a delivery without an end has failed.
		ledger.fail(id, delivery, failureOf(error), givenBack).catch(() => undefined);
	}

	/**
	 * Something is wrong that says nothing about the fax. It makes room, because other faxes may have better luck, and is
	 * tried again while its lock lasts: leaving it to the service would cost what is left of that lock, hours perhaps.
	 */
	#stepAside(id: string, error: RetarusError): void {
		const {
			memory: {leases},
			environment: {clock, random},
			trouble,
		} = this.#context;
		const lease = leases.get(id);
		if (lease?.state === 'listed') {
			const asides = lease.asides + 1;
			leases.rest(id, {
				cause: {kind: 'aside', asides},
				since: clock.now(),
				restMs: Math.max(asideMs(lease.asides, random), error.retryAfterMs),
			});
		}

		// A disk that refuses is reported where the ledger is opened again.
		if (error.code !== 'RETARUS_STATE') {
			trouble.is('documents', error);
		}
	}

	#lapse(id: string): void {
		this.#context.memory.leases.release(id);
		this.#context.events.emit('step', {step: 'lapsed', id});
	}

	/** Trouble with documents is over when no fax is left that had it. */
	#forgetTrouble(): void {
		const {trouble, memory} = this.#context;
		if (trouble.of('documents') !== undefined && !memory.leases.isAnotherAside()) {
			trouble.forget('documents');
		}
	}
}
