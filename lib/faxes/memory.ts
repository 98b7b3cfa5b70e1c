/** What the process remembers of a topic while single nodes are redeployed. A full deploy ends it. */
import type {Clock} from '../environment';
import {Confirmations} from './confirmations';
import {DeletionWarnings} from './deletion-warnings';
import {Leases} from './leases';
import {PartGathering} from './part-gathering';

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

export class TopicMemory {
	readonly leases: Leases;
	readonly parts: PartGathering;
	readonly confirmations = new Confirmations();
	readonly deletionWarnings = new DeletionWarnings();
	readonly counts: Counts = {delivered: 0, acknowledged: 0, redelivered: 0, failed: 0};
	/** No polls until somebody resumes them. Outlives every deploy. */
	isPaused = false;
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
