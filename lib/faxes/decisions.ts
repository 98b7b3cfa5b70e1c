/** What ack nodes decide about a fax: acknowledge, give back, hand over. The first decision about a delivery wins. */
import {ChurnMap} from '../churn-map';
import {GuardError, StateError, type RetarusError} from '../errors';
import type {Draft} from '../fax';
import type {TopicContext} from './context';
import type {Deliveries} from './deliveries';
import type {Step} from './events';
import type {Part} from './part-gathering';

/** One delivery of a fax, as its handle names it. Made by hand it may lack the number. */
export interface DeliveryHandle {
	readonly id: string;
	readonly delivery?: number | undefined;
}

export class Decisions {
	readonly #context: TopicContext;
	readonly #deliveries: Deliveries;
	/** Acknowledgements on their way to the disk. */
	readonly #accepting = new ChurnMap<Promise<void>>();

	constructor(context: TopicContext, deliveries: Deliveries) {
		this.#context = context;
		this.#deliveries = deliveries;
	}

	/** Resolves when the service has confirmed it. */
	async acknowledge({id, delivery}: DeliveryHandle): Promise<void> {
		// From here to the decision nothing may come in between.
		this.check({id, delivery});
		const {
			ledger,
			memory: {leases, parts, confirmations, seen},
			isTrial,
			wake,
		} = this.#context;
		if (isTrial) {
			parts.complete(id, delivery);
			leases.release(id);
			seen.add(id);
			wake();
			return;
		}

		if (ledger.settlement(id) === 'confirmed') {
			return;
		}

		if (ledger.settlement(id) !== 'accepted') {
			// Two messages of one fax are one decision, and one line in the audit log.
			const accepting = this.#accepting.get(id) ?? this.#accept({id, delivery});
			this.#accepting.set(id, accepting);
			await accepting;
		}

		// The service may have confirmed it in the same breath, on behalf of another message.
		if (ledger.settlement(id) === 'accepted') {
			const confirmed = confirmations.wait(id);
			wake();
			await confirmed;
		}
	}

	/** @throws GuardError when this delivery was given back */
	check({id, delivery}: DeliveryHandle): void {
		if (delivery !== undefined && this.#wasGivenBack(id, delivery)) {
			throw new GuardError('givenBack', {id, topic: this.#context.name, delivery});
		}
	}

	/** Resolves when every part of the delivery has come. */
	async gather({id, delivery}: DeliveryHandle, part: Part): Promise<void> {
		this.check({id, delivery});
		const {
			name,
			ledger,
			memory: {leases, parts},
		} = this.#context;
		if (ledger.settlement(id) === undefined) {
			const lease = leases.get(id);
			const isLeased = leases.isOut(id) && lease !== undefined && 'delivery' in lease && lease.delivery === delivery;
			await parts.gather({id, topic: name, delivery}, part, isLeased);
		}
	}

	/** Returns false when the delivery is not the current one, or not of this process. */
	giveBack({id, delivery}: DeliveryHandle): boolean {
		const isDone = this.#deliveries.giveBack(id, delivery);
		this.#context.wake();
		return isDone;
	}

	/** As {@link giveBack}. */
	handOver({id, delivery}: DeliveryHandle): boolean {
		const {
			memory: {leases},
			events,
			wake,
		} = this.#context;
		const lease = leases.get(id);
		if (lease?.state !== 'delivered' || (delivery !== undefined && lease.delivery !== delivery)) {
			return false;
		}

		leases.handOver(id);
		events.emit('step', {step: 'handedOver', id, delivery: lease.delivery});
		wake();
		return true;
	}

	/** The service has confirmed these. Never rejects: what cannot be written is asked for once more. */
	async confirm(ids: readonly string[]): Promise<void> {
		const {
			ledger,
			memory: {confirmations, counts},
			events,
		} = this.#context;
		await Promise.all(
			ids.map(async (id) => {
				const isFirst = ledger.settlement(id) === 'accepted';
				try {
					await ledger.confirm(id);
				} catch {
					return;
				}

				if (isFirst) {
					counts.acknowledged += 1;
					events.emit('step', {step: 'confirmed', id});
				}

				confirmations.confirm(id);
			}),
		);
	}

	/**
	 * The service refuses this one for good. Never rejects: should the disk refuse, it is tried and refused once more
	 * after a restart.
	 */
	async refuse(id: string, error: RetarusError): Promise<void> {
		const {
			ledger,
			memory: {confirmations},
			events,
		} = this.#context;
		await ledger.refuse(id).catch(() => undefined);
		events.emit('step', {step: 'refused', id});
		confirmations.refuse(id, error);
	}

	/** @throws StateError when it cannot be written */
	async #accept({id, delivery}: DeliveryHandle): Promise<void> {
		const {
			ledger,
			memory: {leases, parts, deletionWarnings},
			events,
			folderPath,
			wake,
		} = this.#context;
		leases.setDeciding(id, true);
		try {
			await ledger.accept(id);
		} catch (cause) {
			leases.setDeciding(id, false);
			wake();
			if (cause instanceof StateError) {
				throw cause;
			}

			const detail = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
			throw new StateError('notDurable', {folder: folderPath, detail}, {cause});
		} finally {
			this.#accepting.delete(id);
		}

		const late = leases.isLate(id);
		const lease = leases.get(id);
		if (lease && 'delivery' in lease) {
			// Single parts of it may have reached other ack nodes.
			parts.complete(id, lease.delivery);
		}

		leases.release(id);
		deletionWarnings.forget(id);
		const step: Draft<Step> = {step: 'accepted', id};
		if (delivery !== undefined) {
			step.delivery = delivery;
		}

		if (late) {
			step.late = true;
		}

		events.emit('step', step);
	}

	#wasGivenBack(id: string, delivery: number): boolean {
		const {
			ledger,
			memory: {leases},
		} = this.#context;
		const lease = leases.get(id);
		const cause = lease?.state === 'resting' ? lease.cause : undefined;
		return (
			ledger.wasGivenBack(id, delivery) || (cause?.kind === 'failed' && cause.givenBack && cause.delivery === delivery)
		);
	}
}
