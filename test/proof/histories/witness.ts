/** What must never happen, checked whenever something does. */
import type {Tally} from './tally';

/** Ends a history. */
export class Violation extends Error {
	readonly kind: ViolationKind;

	constructor(kind: ViolationKind, text: string) {
		super(`${kind}: ${text}`);
		this.name = 'Violation';
		this.kind = kind;
	}
}

export type ViolationKind = 'early' | 'lost' | 'stuck' | 'broken';

/** What became of a delivery, as far as its own process knows. */
export type Outcome = 'working' | 'accepted' | 'givenBack' | 'overdue' | 'ended';

export interface DeliveryRecord {
	readonly client: number;
	readonly process: number;
	readonly delivery: number;
	readonly sinceMs: number;
	outcome: Outcome;
}

export class Witness {
	readonly #tally: Tally;
	readonly #trace: ((text: string) => void) | undefined;
	/** Ids that some ack node was asked to acknowledge. */
	readonly #asked = new Set<string>();
	readonly #last = new Map<string, DeliveryRecord>();
	/** The first thing that must not have happened. */
	violation: Violation | undefined;

	constructor(tally: Tally, trace: ((text: string) => void) | undefined) {
		this.#tally = tally;
		this.#trace = trace;
	}

	get isTracing(): boolean {
		return this.#trace !== undefined;
	}

	tell(text: () => string): void {
		this.#trace?.(text());
	}

	violated(kind: ViolationKind, text: string): void {
		this.tell(() => `VIOLATION ${kind}: ${text}`);
		this.violation ??= new Violation(kind, text);
	}

	asked(id: string): void {
		this.#asked.add(id);
	}

	/** The service counts the fax as acknowledged from now on. */
	acknowledged(id: string): void {
		this.tell(() => `service: ${id} is acknowledged`);
		if (!this.#asked.has(id)) {
			this.violated('early', `${id} was acknowledged though no ack node asked for it`);
		}
	}

	/** A delivery to a flow that its own process may make. Counts the cause of a repeated one. */
	delivered(id: string, record: DeliveryRecord, isProcessOver: (process: number) => boolean): void {
		this.#tally.deliveries += 1;
		const last = this.#last.get(id);
		this.#last.set(id, record);
		if (last === undefined) {
			return;
		}

		switch (true) {
			case last.outcome === 'givenBack':
				this.#tally.repeat('given back');
				break;
			case last.outcome === 'overdue':
				this.#tally.repeat('overdue');
				break;
			case last.outcome === 'ended':
				this.#tally.repeat('deploy or restart');
				break;
			case isProcessOver(last.process):
				this.#tally.repeat('crash');
				break;
			case last.client !== record.client:
				this.#tally.repeat('lock expired');
				break;
			default:
				this.violated(
					'broken',
					`${id} was delivered by process ${record.process} again, though its delivery ${last.delivery} was ${last.outcome}`,
				);
		}
	}
}
