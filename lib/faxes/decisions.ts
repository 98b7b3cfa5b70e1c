/** What ack nodes decide about a fax: acknowledge, give back, hand over. The first decision about a delivery wins. */
import type {Deliveries} from './deliveries';
import {GuardError, StateError} from '../errors';
import type {Draft} from '../fax';
import type {Part} from './part-gathering';
import {ChurnMap} from '../churn-map';
import type {TopicContext} from './context';
import type {Step} from './events';

/** One delivery of a fax, as its handle names it. Made by hand it may lack the number. */
export interface DeliveryHandle {
	readonly id: string;
	readonly delivery?: number | undefined;
}

export class Decisions {
	readonly #context: TopicContext;
	readonly #deliveries: Deliveries;
	/** Acknowledges on their way to the disk. */
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
			memory: {leases, confirmations, seen},
			isTrial,
			wake,
		} = this.#context;
		if (isTrial) {
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
			await parts.gather({id, topic: name, delivery}, part, leases.isOut(id));
		}
	}

	/** Returns false when the delivery is not the current one, or none of this process. */
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

	/** @throws StateError when it cannot be written */
	async #accept({id, delivery}: DeliveryHandle): Promise<void> {
		const {
			ledger,
			memory: {leases, deletionWarnings},
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
		return (
			ledger.wasGivenBack(id, delivery) ||
			(lease?.state === 'resting' && lease.givenBack && lease.delivery === delivery)
		);
	}
}
