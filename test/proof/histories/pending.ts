import {RetarusError} from '../../../lib/errors';
import type {Topic} from '../../../lib/account/topic';
import type {Process} from './process';

/** Who waits for an acknowledge. */
interface Waiting {
	readonly id: string;
	readonly topic: Topic;
	/** Its topic was closed before the fax was accepted: the message is lost with the node. */
	isLost: boolean;
}

/** What an ack node may be told. */
const refusals: readonly string[] = ['RETARUS_GUARD', 'RETARUS_STATE', 'RETARUS_SERVICE'];

/** The acknowledges that the flows of one process have asked for. */
export class Pending {
	readonly #process: Process;
	readonly #waiting = new Set<Waiting>();

	constructor(process: Process) {
		this.#process = process;
	}

	/**
	 * Ids whose acknowledges must not wait for ever. By contract one may that the service refuses on a topic of which
	 * nothing else shows that it works.
	 */
	get ids(): readonly string[] {
		const process = this.#process;
		const {retarus} = process.world;
		return [...this.#waiting]
			.filter(({id, topic, isLost}) => !isLost && (process.receiving(topic.name) !== undefined || !retarus.refuses(id)))
			.map(({id}) => id);
	}

	/** An ack node does its work. Resolves to whether it could; `undefined` while there is no ack node. */
	async acknowledge(
		topicName: string,
		id: string,
		delivery: number | undefined,
	): Promise<'done' | 'refused' | undefined> {
		const process = this.#process;
		const {
			world: {witness, retarus},
			records,
		} = process;
		const topic = process.topic(topicName);
		if (topic === undefined) {
			return undefined;
		}

		records.ask(id);
		witness.tell(() => `process ${process.number}: asked to acknowledge ${id} (${delivery ?? 'by hand'})`);
		const waiting = {id, topic, isLost: false};
		this.#waiting.add(waiting);
		try {
			await topic.acknowledge({id, delivery});
			witness.tell(() => `process ${process.number}: ${id} is confirmed`);
			records.accept(id);
			if (!retarus.heard.has(id)) {
				witness.violated('broken', `${id} is said to be confirmed, and the service never heard of it`);
			}

			return 'done';
		} catch (error) {
			if (!(error instanceof RetarusError) || !refusals.includes(error.code)) {
				witness.violated('broken', `an acknowledge of ${id} was refused with ${String(error)}`);
			}

			witness.tell(() => `process ${process.number}: acknowledge of ${id} was refused with ${String(error)}`);
			return 'refused';
		} finally {
			this.#waiting.delete(waiting);
		}
	}

	/** These topics are closed: what they accepted goes on with the next ones, what they did not is lost with the node. */
	closed(topics: ReadonlySet<Topic>): void {
		for (const waiting of this.#waiting) {
			waiting.isLost ||= topics.has(waiting.topic) && !this.#process.records.isAccepted(waiting.id);
		}
	}
}
