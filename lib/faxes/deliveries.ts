/** From listed to delivered, and what becomes of a delivery that fails. */
import {setMaxListeners} from 'node:events';
import {elapsedMs} from '../environment';
import {folderError, GuardError, RetarusError, ServiceError, TimeoutError, toRetarusError} from '../errors';
import {isTransient, type Downloaded, type Downloads} from '../documents/downloads';
import type {Failure} from '../ledger/ledger';
import {restMs, type Lock} from './leases';
import {readMetadata, readReceivedAt} from '../retarus/metadata';
import type {TopicContext} from './context';
import type {ReceiverOptions} from '../receiver-options';
import type {FaxSummary} from './events';
import type {Listing} from '../retarus/wire';

/** Deliveries without any acknowledge after which a flow is suspected of having no ack node. */
const suspiciousDelivery = 3;

/** Settled faxes listed again so often mean that the service does not keep its word. */
const suspiciousRepeats = 3;

export class Deliveries {
	readonly #context: TopicContext;
	readonly #downloads: Downloads;
	readonly #repeat: (id: string) => void;
	/** The faxes whose documents are on their way. Every receiver has a set of its own: what ends late is none of the next one's. */
	#running = new Set<string>();
	/** Aborted when the receiver goes: all downloads end at once or none. */
	#gone = new AbortController();
	readonly #repeats = new Map<string, number>();
	#receiver: ReceiverOptions | undefined;
	/** Trouble with documents that is no fault of theirs. Reported when it begins. */
	#trouble: RetarusError | undefined;

	/** @param repeat is told a settled fax that the service lists again */
	constructor(context: TopicContext, downloads: Downloads, repeat: (id: string) => void) {
		this.#context = context;
		this.#downloads = downloads;
		this.#repeat = repeat;
	}

	attach(receiver: ReceiverOptions): void {
		this.#receiver = receiver;
		this.#running = new Set();
		this.#gone = new AbortController();
		// One for each document on its way, or more.
		setMaxListeners(0, this.#gone.signal);
		this.tick();
	}

	/** Stops the downloads; what is listed stays so, and goes on with the next receiver while its lock lasts. */
	detach(): void {
		this.#receiver = undefined;
		this.#gone.abort(new Error('the receiver is gone'));
	}

	/** A fax of an answer. Returns whether it is new, one that we hold already, or one that is done with. */
	take(listing: Listing, lock: Lock): 'new' | 'held' | 'settled' {
		const {
			ledger,
			memory: {leases, seen},
			events,
		} = this.#context;
		const {id} = listing;
		if (ledger.settlement(id) !== undefined) {
			this.#askedAgain(id);
			return 'settled';
		}

		this.#watchDeadline(listing);
		if (seen.has(id)) {
			return 'held';
		}

		if (leases.get(id)) {
			leases.adopt(listing, lock);
			return 'held';
		}

		events.emit('step', {step: 'listed', id});
		const last = ledger.lastDelivery(id);
		if (last && this.#receiver) {
			const now = this.#context.environment.clock.now();
			const lastsMs = restMs(this.#receiver.lockTimeoutMs, last.delivery);
			// In the future: the clock was set back, and how long it has rested is unknown. It must not wait until the clock is there again.
			const agoMs = last.atMs > now.wallMs ? lastsMs : now.wallMs - last.atMs;
			leases.rest(id, {
				delivery: last.delivery,
				givenBack: ledger.wasGivenBack(id, last.delivery),
				since: {wallMs: now.wallMs - agoMs, steadyMs: now.steadyMs - agoMs},
				restMs: lastsMs,
				again: {listing, lock},
			});
			return 'new';
		}

		leases.list(listing, lock);
		return 'new';
	}

	/**
	 * Looks at the clock: ends what is overdue, wakes what has rested, starts downloads. Called whenever something changed.
	 * @param reserved room for faxes that a poll has asked for
	 */
	tick(reserved = 0): void {
		const {
			memory,
			environment: {clock},
		} = this.#context;
		const {leases} = memory;
		for (const {id, lease} of leases.overdue()) {
			if (lease.deciding) {
				continue;
			}

			if (lease.state === 'handedOver') {
				// Whether the other machine failed shows when the service lists it again.
				leases.release(id);
				memory.parts.fail(id, lease.delivery, new TimeoutError('partsMissing', this.#facts(id)));
			} else {
				const seconds = Math.round(lease.processingTimeoutMs / 1000);
				const error = new TimeoutError('overdue', {...this.#facts(id), seconds});
				this.#fail(id, lease.delivery, error, false);
				this.#context.events.emit('failure', lease.fax, error);
			}
		}

		const receiver = this.#receiver;
		if (!receiver) {
			return;
		}

		leases.wake(receiver.maxInFlight - reserved);
		const now = clock.now();
		for (const [, lease] of leases.all) {
			if (lease.state !== 'listed' || this.#running.has(lease.listing.id)) {
				continue;
			}

			const {listing, lock} = lease;
			if (elapsedMs(now, lock.since) >= lock.durationMs && !this.#context.isTrial) {
				leases.release(listing.id);
				this.#context.events.emit('step', {step: 'lapsed', id: listing.id});
			} else if (leases.delivered + this.#running.size < receiver.maxInFlight) {
				this.#start(listing, lock, receiver);
			}
		}
	}

	/**
	 * The service deletes a fax after seven days, whether somebody has it or not, and whether it can be asked or not.
	 * @param isCutOff the service cannot be asked: what it listed last counts as still waiting
	 */
	watchDeadlines(isCutOff: boolean): void {
		const {
			memory: {deletionWarnings, leases},
			environment: {clock},
		} = this.#context;
		for (const {id, hours} of deletionWarnings.warnings(
			(one) => isCutOff || leases.get(one) !== undefined,
			clock.now().wallMs,
		)) {
			this.#warn(id, hours);
		}
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

	#watchDeadline({id, raw}: Listing): void {
		const {
			memory: {deletionWarnings},
			environment: {clock},
		} = this.#context;
		const {wallMs} = clock.now();
		deletionWarnings.listed(id, readReceivedAt(raw), wallMs);
		this.#warn(id, deletionWarnings.warning(id, wallMs));
	}

	#warn(id: string, hours: number | undefined): void {
		if (hours !== undefined) {
			this.#context.events.emit('notice', {kind: 'deletionNear', id, hours});
		}
	}

	/** Acknowledged and still listed: said again, never delivered. */
	#askedAgain(id: string): void {
		const {ledger, events, isTrial} = this.#context;
		if (isTrial || ledger.settlement(id) === 'accepted') {
			return;
		}

		const repeats = (this.#repeats.get(id) ?? 0) + 1;
		this.#repeats.set(id, repeats);
		this.#repeat(id);
		if (repeats === suspiciousRepeats) {
			events.emit('notice', {
				kind: 'acknowledgeIgnored',
				error: new ServiceError('acknowledgeIgnored', 200, this.#facts(id)),
			});
		}
	}

	#start(listing: Listing, lock: Lock, receiver: ReceiverOptions): void {
		const running = this.#running;
		running.add(listing.id);
		void this.#work(listing, lock, receiver, this.#gone.signal).finally(() => {
			running.delete(listing.id);
			this.#context.wake();
		});
	}

	/** Never rejects. */
	async #work(listing: Listing, lock: Lock, receiver: ReceiverOptions, signal: AbortSignal): Promise<void> {
		try {
			await this.#attempt(listing, lock, receiver, signal);
		} catch (error) {
			if (!signal.aborted) {
				this.#context.memory.leases.release(listing.id);
				this.#report(toRetarusError(error));
			}
		}
	}

	/** @throws what says nothing about the fax: it is left to the service and comes again, uncounted */
	async #attempt(listing: Listing, lock: Lock, receiver: ReceiverOptions, signal: AbortSignal): Promise<void> {
		const {
			environment: {clock},
			name,
			isTrial,
		} = this.#context;
		let downloaded: Downloaded;
		try {
			downloaded = await this.#downloads.fetch({
				listing,
				topic: name,
				maxBytes: receiver.maxFaxBytes,
				lockedForMs: () => (isTrial ? receiver.lockTimeoutMs : lock.durationMs) - elapsedMs(clock.now(), lock.since),
				signal,
			});
		} catch (error) {
			if (signal.aborted || !(error instanceof RetarusError) || isTransient(error)) {
				throw error;
			}

			await this.#cannotHave(listing, error, receiver, signal);
			return;
		}

		this.#trouble = undefined;
		try {
			await this.#deliver(listing, downloaded, receiver, signal);
		} finally {
			downloaded.release();
		}
	}

	async #cannotHave(
		listing: Listing,
		error: RetarusError,
		receiver: ReceiverOptions,
		signal: AbortSignal,
	): Promise<void> {
		const {id} = listing;
		if (this.#mustGiveUp(id, receiver)) {
			await this.#deliver(listing, {documents: [], unexpected: false}, receiver, signal, failureOf(error));
			return;
		}

		if (!this.#mayDeliver(id, signal)) {
			return;
		}

		const delivery = await this.#count(id);
		const fax = this.#summary(listing, delivery);
		if (!signal.aborted && fax) {
			this.#fail(id, delivery, error, false);
			this.#context.events.emit('failure', fax, error);
		}
	}

	async #deliver(
		listing: Listing,
		{documents, unexpected}: Pick<Downloaded, 'documents' | 'unexpected'>,
		receiver: ReceiverOptions,
		signal: AbortSignal,
		failure?: Failure,
	): Promise<void> {
		const {
			ledger,
			memory: {leases, counts},
			events,
			environment: {clock},
		} = this.#context;
		const {id} = listing;
		if (!this.#mayDeliver(id, signal)) {
			return;
		}

		const givenUp = this.#mustGiveUp(id, receiver)
			? (failure ?? ledger.lastDelivery(id)?.failure ?? this.#processEnded(id))
			: undefined;
		const delivery = await this.#count(id);
		const fax = this.#summary(listing, delivery);
		if (signal.aborted || !fax || !leases.deliver(fax, receiver.processingTimeoutMs)) {
			return;
		}

		counts.delivered += 1;
		counts.redelivered += delivery > 1 ? 1 : 0;
		counts.lastFaxAt = new Date(clock.now().wallMs).toISOString();
		if (unexpected) {
			events.emit('notice', {kind: 'contentMismatch', id});
		}

		if (delivery === suspiciousDelivery && counts.acknowledged === 0 && ledger.unconfirmed.size === 0) {
			events.emit('notice', {kind: 'neverAcknowledged', id, delivery});
		}

		events.emit('step', {
			step: givenUp ? 'givenUp' : 'delivered',
			id,
			delivery,
			sha256: documents.map(({sha256}) => sha256),
		});
		const {raw, metadata, lockedUntilMs} = fax;
		events.emit('delivery', {id, delivery, raw, metadata, lockedUntilMs, documents, givenUp});
	}

	/** Nothing happened to it meanwhile: no redeploy, no acknowledge by hand. */
	#mayDeliver(id: string, signal: AbortSignal): boolean {
		return !signal.aborted && this.#context.memory.leases.get(id)?.state === 'listed';
	}

	#mustGiveUp(id: string, {maxDeliveries}: ReceiverOptions): boolean {
		return maxDeliveries > 0 && this.#context.ledger.deliveries(id) >= maxDeliveries;
	}

	#processEnded(id: string): Failure {
		return {code: 'RETARUS_TIMEOUT', reason: 'processEnded', facts: this.#facts(id)};
	}

	/** Counts a delivery before anything of it is sent, so that no crash can make it uncounted. */
	async #count(id: string): Promise<number> {
		try {
			return await this.#context.ledger.deliver(id);
		} catch (cause) {
			throw folderError(this.#context.folderPath, cause);
		}
	}

	/** `undefined` when the fax is not listed any more. */
	#summary({id, raw}: Listing, delivery: number): FaxSummary | undefined {
		const lease = this.#context.memory.leases.get(id);
		return lease?.state === 'listed'
			? {id, delivery, raw, metadata: readMetadata(raw), lockedUntilMs: lease.lock.since.wallMs + lease.lock.durationMs}
			: undefined;
	}

	#fail(id: string, delivery: number, error: RetarusError, givenBack: boolean): void {
		const {
			ledger,
			memory: {leases, counts, parts},
			events,
			environment: {clock},
		} = this.#context;
		counts.failed += 1;
		leases.rest(id, {
			delivery,
			givenBack,
			since: clock.now(),
			restMs: restMs(this.#receiver?.lockTimeoutMs ?? 0, delivery),
		});
		parts.fail(id, delivery, error);
		events.emit('step', {step: givenBack ? 'givenBack' : 'failed', id, delivery});
		ledger.fail(id, delivery, failureOf(error), givenBack).catch((cause: unknown) => {
			this.#report(folderError(this.#context.folderPath, cause));
		});
	}

	#report(error: RetarusError): void {
		// That the disk refuses is told where it is tried again.
		if (error.code !== 'RETARUS_STATE' && this.#trouble?.code !== error.code) {
			this.#trouble = error;
			this.#context.events.emit('trouble', error);
		}
	}
}

const failureOf = ({code, reason, facts}: RetarusError): Failure => ({code, reason, facts});
