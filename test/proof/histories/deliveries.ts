import type {RetarusError} from '../../../lib/errors';
import type {DeliveredFax, FaxSummary} from '../../../lib/faxes/events';
import type {Process} from './process';
import type {DeliveryRecord, Outcome} from './witness';

/** A flow works on it. */
interface Work {
	readonly topic: string;
	readonly record: DeliveryRecord;
	/** Of the steady clock. */
	readonly sinceMs: number;
	readonly timeoutMs: number;
	isHandedOver: boolean;
}

/** What the flows of one process hold, seen from outside the core. */
export class Deliveries {
	readonly #process: Process;
	readonly #works = new Map<string, Work>();
	/** Faxes beyond `maxInFlight` that may be listed, by topic. */
	readonly #surplus = new Map<string, number>();

	constructor(process: Process) {
		this.#process = process;
	}

	begin(topic: string, fax: DeliveredFax): void {
		const process = this.#process;
		const {
			world: {witness, tally, schedule, census},
			records,
			life,
		} = process;
		const {id, delivery, givenUp} = fax;
		const receiving = process.receiving(topic);
		const {steadyMs} = life.machine.now();
		witness.tell(() => `process ${process.number}: delivers ${id} (${delivery})${givenUp ? ' by output 2' : ''}`);
		if (life.isOver || receiving === undefined) {
			witness.violated('broken', `${id} was delivered where nobody receives`);
			return;
		}

		this.#endWork(id, steadyMs);
		records.checkDelivery(fax);
		this.#checkDocuments(fax);
		this.#checkLock(fax);
		const record: DeliveryRecord = {
			client: process.client,
			process: process.number,
			delivery,
			sinceMs: schedule.nowMs,
			outcome: 'working',
		};
		witness.delivered(id, record, (number) => !census.isAlive(number));
		tally.givenUp += givenUp ? 1 : 0;
		this.#works.set(id, {
			topic,
			record,
			sinceMs: steadyMs,
			timeoutMs: receiving.processingTimeoutMs,
			isHandedOver: false,
		});
		let count = 0;
		for (const work of this.#works.values()) {
			count += work.topic === topic && !work.isHandedOver ? 1 : 0;
		}

		if (count > receiving.maxInFlight) {
			witness.violated('broken', `the flow of ${topic} has ${count} faxes of at most ${receiving.maxInFlight}`);
		}
	}

	failed({id, delivery}: FaxSummary, error: RetarusError): void {
		const {
			world: {witness},
			life,
			number,
			records,
		} = this.#process;
		witness.tell(() => `process ${number}: delivery ${delivery} of ${id} failed: ${error.message}`);
		const work = this.#works.get(id);
		if (work?.record.delivery !== delivery) {
			records.failed(id, delivery);
		} else if (life.machine.now().steadyMs - work.sinceMs < work.timeoutMs - 1) {
			witness.violated('broken', `delivery ${delivery} of ${id} failed before its time was over: ${error.message}`);
		} else {
			this.end(id, 'overdue');
		}
	}

	handOver(id: string): void {
		const work = this.#works.get(id);
		if (work) {
			work.isHandedOver = true;
		}
	}

	/** Nobody works on it any more; without an id, on none. */
	end(id?: string, outcome: Outcome = 'ended'): void {
		for (const [key, {record}] of this.#works) {
			if (id === undefined || id === key) {
				record.outcome = outcome;
				this.#works.delete(key);
			}
		}
	}

	/**
	 * A poll goes out. What is held already may be among the answer, so it asks for as much more: what comes instead is
	 * more than there is room for.
	 */
	asks(topic: string, fetch: number): void {
		const room = (this.#process.receiving(topic)?.maxInFlight ?? 0) - this.#process.memory(topic).leases.inFlight;
		this.allow(topic, fetch - room);
	}

	/** So many faxes may come for which there is no room. */
	allow(topic: string, count: number): void {
		if (count > 0) {
			this.#surplus.set(topic, (this.#surplus.get(topic) ?? 0) + count);
		}
	}

	checkRoom(topic: string): void {
		const process = this.#process;
		const {
			world: {witness, scenario},
			budget,
		} = process;
		const receiving = process.receiving(topic);
		const {inFlight} = process.memory(topic).leases;
		if (receiving && inFlight > receiving.maxInFlight + (this.#surplus.get(topic) ?? 0)) {
			witness.violated(
				'broken',
				`process ${process.number} has ${inFlight} faxes of ${topic} in flight, of at most ${receiving.maxInFlight}`,
			);
		}

		if (budget.used < 0 || budget.used > scenario.budgetBytes) {
			witness.violated(
				'broken',
				`process ${process.number} holds ${budget.used} bytes of at most ${scenario.budgetBytes}`,
			);
		}
	}

	#endWork(id: string, steadyMs: number): void {
		const work = this.#works.get(id);
		if (work === undefined) {
			return;
		}

		if (steadyMs - work.sinceMs < work.timeoutMs - 1) {
			this.#process.world.witness.violated('broken', `${id} was delivered again while a flow works on it`);
		}

		this.end(id, 'overdue');
	}

	/** A flow that is told of a longer lock than there is works on what is somebody else's. */
	#checkLock({id, lockedUntilMs}: DeliveredFax): void {
		const {
			world: {retarus, witness},
			life: {machine},
		} = this.#process;
		const toldMs = lockedUntilMs - machine.now().wallMs;
		const lockedMs = retarus.lockedForMs(id);
		if (machine.isWallTrue && toldMs > lockedMs + 1) {
			witness.violated('broken', `${id} is delivered as locked for ${toldMs} ms, and is for ${lockedMs} ms`);
		}
	}

	#checkDocuments({id, documents, givenUp}: DeliveredFax): void {
		const {retarus, witness} = this.#process.world;
		const sent = [...(retarus.faxes.get(id)?.documents.values() ?? [])];
		const isWhole =
			documents.length === sent.length && documents.every(({content}, index) => sent[index]?.equals(content));
		if (!isWhole && !(givenUp && documents.length === 0)) {
			witness.violated(
				'broken',
				`${id} was delivered with ${documents.length} of ${sent.length} documents, or with other bytes`,
			);
		}
	}
}
