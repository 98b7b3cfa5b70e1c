/** One attempt to deliver a fax: its documents are fetched, the delivery is counted, the fax goes to the flow. */
import {isTransient, type Downloaded, type Downloads} from '../documents/downloads';
import {elapsedMs, type Instant} from '../environment';
import {folderError, RetarusError, TimeoutError} from '../errors';
import type {Failure} from '../ledger/ledger';
import type {ReceiverOptions} from './receiver-options';
import {readMetadata} from '../retarus/metadata';
import type {Listing} from '../retarus/wire';
import type {TopicContext} from './context';
import type {FaxSummary} from './events';
import {hasLapsed} from './lease';

/** After so many deliveries without any acknowledgement a flow is suspected of having no ack node. */
const suspiciousDelivery = 3;

/** A receiver with the signal that it is gone. */
export interface Reception {
	readonly receiver: ReceiverOptions;
	readonly signal: AbortSignal;
}

/** Told of a delivery whose documents are unavailable. */
export type OnFailure = (fax: FaxSummary, error: RetarusError) => void;

/**
 * A delivery is counted on disk before anything of it is sent, so that no crash makes it uncounted. What was downloaded
 * while the lock ran out is dropped: another process may have the fax by then.
 */
export class Attempts {
	readonly #context: TopicContext;
	readonly #downloads: Downloads;
	readonly #onFailure: OnFailure;

	constructor(context: TopicContext, downloads: Downloads, onFailure: OnFailure) {
		this.#context = context;
		this.#downloads = downloads;
		this.#onFailure = onFailure;
	}

	/** @throws what says nothing about the fax, and what the signal was aborted with */
	async run(listing: Listing, since: Instant, reception: Reception): Promise<void> {
		const {
			environment: {clock},
			name,
			isTrial,
			trouble,
			memory,
		} = this.#context;
		const {receiver, signal} = reception;
		let downloaded: Downloaded;
		try {
			downloaded = await this.#downloads.fetch({
				listing,
				topic: name,
				maxBytes: receiver.maxFaxBytes,
				lockedForMs: () => {
					const lease = memory.leases.get(listing.id);
					const lock = lease?.state === 'listed' ? lease.lock : {since, durationMs: 0};
					return (isTrial ? receiver.lockTimeoutMs : lock.durationMs) - elapsedMs(clock.now(), lock.since);
				},
				signal,
			});
		} catch (error) {
			if (signal.aborted || !(error instanceof RetarusError) || isTransient(error)) {
				throw error;
			}

			await this.#fetchFailed(listing, error, reception);
			return;
		}

		if (!memory.leases.isAnotherAside(listing.id)) {
			trouble.isOver('documents');
		}

		try {
			await this.#deliver(listing, downloaded, reception);
		} finally {
			downloaded.release();
		}
	}

	async #fetchFailed(listing: Listing, error: RetarusError, reception: Reception): Promise<void> {
		const {id} = listing;
		if (this.#mustGiveUp(id, reception.receiver)) {
			await this.#deliver(listing, {documents: [], unexpected: false}, reception, failureOf(error));
			return;
		}

		if (!this.#mayDeliver(id, reception.signal)) {
			return;
		}

		const delivery = await this.#count(id);
		const fax = this.#summary(listing, delivery);
		if (!reception.signal.aborted && fax) {
			this.#onFailure(fax, error);
		}
	}

	async #deliver(
		listing: Listing,
		{documents, unexpected}: Pick<Downloaded, 'documents' | 'unexpected'>,
		{receiver, signal}: Reception,
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
		const fax = signal.aborted ? undefined : this.#summary(listing, delivery);
		if (fax && this.#hasLapsed(fax.id)) {
			// The disk took its time. This delivery is counted, so it has failed.
			this.#onFailure(fax, this.#lockTooShort(id));
			return;
		}

		if (!fax || !leases.deliver(fax, receiver.processingTimeoutMs)) {
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

		const sha256 = documents.map((document) => document.sha256);
		events.emit('step', {step: givenUp ? 'givenUp' : 'delivered', id, delivery, sha256});
		const {raw, metadata, lockedUntilMs} = fax;
		events.emit('delivery', {id, delivery, raw, metadata, lockedUntilMs, documents, givenUp});
	}

	/**
	 * Whether nothing happened to the fax meanwhile: no redeploy, no acknowledgement by hand, and its lock still holds.
	 */
	#mayDeliver(id: string, signal: AbortSignal): boolean {
		const {memory, events, trouble} = this.#context;
		if (signal.aborted || memory.leases.get(id)?.state !== 'listed') {
			return false;
		}

		if (this.#hasLapsed(id)) {
			trouble.is('documents', this.#lockTooShort(id));
			memory.leases.release(id);
			events.emit('step', {step: 'lapsed', id});
			return false;
		}

		return true;
	}

	#hasLapsed(id: string): boolean {
		const {memory, environment, isTrial} = this.#context;
		const lease = memory.leases.get(id);
		return !isTrial && lease?.state === 'listed' && hasLapsed(lease.lock, environment.clock.now());
	}

	#lockTooShort(id: string): TimeoutError {
		const {name, receiver} = this.#context;
		const seconds = Math.round((receiver()?.lockTimeoutMs ?? 0) / 1000);
		return new TimeoutError('lockTooShort', {id, topic: name, seconds});
	}

	#mustGiveUp(id: string, {maxDeliveries}: ReceiverOptions): boolean {
		return maxDeliveries > 0 && this.#context.ledger.deliveries(id) >= maxDeliveries;
	}

	#processEnded(id: string): Failure {
		return {code: 'RETARUS_TIMEOUT', reason: 'processEnded', facts: {id, topic: this.#context.name}};
	}

	/** @throws StateError when the disk refuses */
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
			? {
					id,
					delivery,
					raw,
					metadata: readMetadata(raw),
					lockedUntilMs: lease.lock.since.wallMs + lease.lock.durationMs,
				}
			: undefined;
	}
}

export const failureOf = ({code, reason, facts}: RetarusError): Failure => ({code, reason, facts});
