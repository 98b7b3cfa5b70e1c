import type {FaultKind} from './faults';

export type RepeatCause = 'lock expired' | 'crash' | 'given back' | 'overdue' | 'deploy or restart';

/** The figures of many histories. */
export class Tally {
	histories = 0;
	failed = 0;
	faxes = 0;
	deliveries = 0;
	/** By output 2. */
	givenUp = 0;
	kills = 0;
	powerCuts = 0;
	deploys = 0;
	lost = 0;
	early = 0;
	stuck = 0;
	/** Other things that must not happen. */
	broken = 0;
	/** Virtual. */
	simulatedMs = 0;
	worstRecoveryMs = 0;
	readonly faults = new Map<FaultKind, number>();
	readonly repeats = new Map<RepeatCause, number>();

	repeat(cause: RepeatCause): void {
		this.repeats.set(cause, (this.repeats.get(cause) ?? 0) + 1);
	}
}
