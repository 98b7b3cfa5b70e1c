/** The end of an acknowledge: the service has confirmed it, or refuses it for good. */
import {ServiceError} from '../errors';
import type {TopicContext} from './context';

export class Settlements {
	readonly #context: TopicContext;

	constructor(context: TopicContext) {
		this.#context = context;
	}

	/** Never rejects: what cannot be written is asked for once more. */
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

	/** Never rejects. */
	async refuse(id: string, status: number): Promise<void> {
		const {
			ledger,
			memory: {confirmations},
			events,
			name,
		} = this.#context;
		// Should the disk refuse, it is tried and refused once more after a restart.
		await ledger.refuse(id).catch(() => undefined);
		events.emit('step', {step: 'refused', id});
		confirmations.refuse(id, new ServiceError('idRefused', status, {id, topic: name}));
	}
}
