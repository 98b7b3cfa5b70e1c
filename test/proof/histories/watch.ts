import type {Exchange} from '../../../lib/retarus/wire';
import type {Owner} from './disk';
import type {Watch} from './network';
import type {Process} from './process';
import type {ServiceReply} from '../../world/retarus';

/** Looks at every request of one account. */
export class ExchangeWatch implements Watch {
	readonly #process: Process;
	readonly #owner: Owner;
	readonly #running = new Set<string>();

	constructor(process: Process, owner: Owner) {
		this.#process = process;
		this.#owner = owner;
	}

	exchange(exchange: Exchange): () => void {
		const {
			records,
			world: {witness},
			number,
			deliveries,
		} = this.#process;
		const {topic, fetch, lockTimeoutMs, ids} = exchange;
		witness.tell(
			() => `process ${number}: asks for ${fetch} of ${topic} (${lockTimeoutMs} ms), acknowledges [${ids.join(' ')}]`,
		);
		if (this.#running.has(topic)) {
			witness.violated('broken', `process ${number} has two exchanges of ${topic} under way`);
		}

		if (
			!Number.isInteger(fetch) ||
			fetch < 0 ||
			fetch > 1000 ||
			(fetch === 0 && ids.length === 0) ||
			!(lockTimeoutMs > 0)
		) {
			witness.violated(
				'broken',
				`process ${number} asks for fetch=${fetch}, timeout=${lockTimeoutMs} ms, ${ids.length} ids`,
			);
		}

		if (!records.disk.isOwnedBy(this.#owner)) {
			witness.violated('broken', `process ${number} polls without owning its state folder`);
		}

		records.checkAcknowledges(ids);
		deliveries.asks(topic, fetch);
		this.#running.add(topic);
		return () => {
			this.#running.delete(topic);
		};
	}

	served(request: Exchange | string, reply: ServiceReply): void {
		const {
			world: {witness},
			number,
			deliveries,
		} = this.#process;
		if (typeof request !== 'string') {
			deliveries.allow(request.topic, reply.listed.length - request.fetch);
		}

		witness.tell(
			() =>
				`service: process ${number} asked for ${typeof request === 'string' ? request : request.topic}: ${reply.status} ${reply.body.toString().slice(0, 400)}`,
		);
	}
}
