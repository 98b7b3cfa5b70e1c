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
		raise(this.repeats, cause, 1);
	}
}

const raise = <Name>(counts: Map<Name, number>, name: Name, by: number): void => {
	counts.set(name, (counts.get(name) ?? 0) + by);
};

const summed = [
	'histories',
	'failed',
	'faxes',
	'deliveries',
	'givenUp',
	'kills',
	'powerCuts',
	'deploys',
	'lost',
	'early',
	'stuck',
	'broken',
	'simulatedMs',
] as const;

/** What several processes have counted. */
export const merge = (tallies: readonly Tally[]): Tally => {
	const all = new Tally();
	for (const tally of tallies) {
		for (const name of summed) {
			all[name] += tally[name];
		}

		all.worstRecoveryMs = Math.max(all.worstRecoveryMs, tally.worstRecoveryMs);
		for (const [kind, count] of tally.faults) {
			raise(all.faults, kind, count);
		}

		for (const [cause, count] of tally.repeats) {
			raise(all.repeats, cause, count);
		}
	}

	return all;
};
