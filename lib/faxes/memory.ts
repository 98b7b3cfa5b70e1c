/** What the process remembers of a topic while single nodes are redeployed. A full deploy ends it. */
import type {Clock} from '../environment';
import {DeletionWarnings} from './deletion-warnings';
import {Leases} from './leases';
import {PartGathering} from './part-gathering';
import {ChurnMap} from '../churn-map';

/** Since the process started. */
export interface Counts {
	delivered: number;
	acknowledged: number;
	redelivered: number;
	failed: number;
	/** ISO 8601. */
	lastPollAt?: string;
	lastFaxAt?: string;
}

interface Waiting {
	readonly resolve: () => void;
	readonly reject: (error: Error) => void;
}

/** Who waits for the service to confirm an acknowledge. */
export class Confirmations {
	readonly #waiting = new ChurnMap<Waiting[]>();

	wait(id: string): Promise<void> {
		return new Promise((resolve, reject) => {
			const others = this.#waiting.get(id) ?? [];
			others.push({resolve, reject});
			this.#waiting.set(id, others);
		});
	}

	confirm(id: string): void {
		for (const {resolve} of this.#take(id)) {
			resolve();
		}
	}

	/** Whoever waits for what is confirmed already: the topic may have heard it just before it was closed. */
	confirmAll(isConfirmed: (id: string) => boolean): void {
		for (const id of [...this.#waiting.keys()].filter((id) => isConfirmed(id))) {
			this.confirm(id);
		}
	}

	refuse(id: string, error: Error): void {
		for (const {reject} of this.#take(id)) {
			reject(error);
		}
	}

	#take(id: string): readonly Waiting[] {
		const waiting = this.#waiting.get(id) ?? [];
		this.#waiting.delete(id);
		return waiting;
	}
}

export class TopicMemory {
	readonly leases: Leases;
	readonly parts: PartGathering;
	readonly confirmations = new Confirmations();
	readonly deletionWarnings = new DeletionWarnings();
	readonly counts: Counts = {delivered: 0, acknowledged: 0, redelivered: 0, failed: 0};
	/** Faxes that a flow has had in trial mode: they stay on the service and are not shown again. */
	readonly seen = new Set<string>();

	constructor(clock: Clock) {
		this.leases = new Leases(clock);
		this.parts = new PartGathering(clock);
	}

	/** The flows were stopped: nobody works on anything any more. */
	endLeases(): void {
		this.leases.clear();
		this.parts.clear();
		this.seen.clear();
	}
}
