import {faultKinds, type FaultKind} from './faults';
import {History} from './history';
import {Tally} from './tally';
import type {ViolationKind} from './witness';

/** Plain data, for it may come from another process. */
export interface Failure {
	readonly seed: number;
	readonly kind: ViolationKind;
	readonly message: string;
}

export interface CampaignOptions {
	readonly seed: number;
	/** From one seed to the next; 1 unless others run those between. */
	readonly stride?: number;
	/** Stops after so many. */
	readonly histories: number;
	/** Stops after so long, in real time. */
	readonly limitMs?: number;
	readonly faxes?: number | undefined;
	readonly without?: ReadonlySet<FaultKind>;
	readonly trace?: (text: string) => void;
	/** Told after each history. */
	readonly progress?: (tally: Tally, failures: readonly Failure[]) => void;
}

/** Histories that take turns, so that they share the turns of the event loop. */
const lanes = 4;

/** Runs histories, each with a seed of its own. */
export const runCampaign = async (
	options: CampaignOptions,
): Promise<{readonly tally: Tally; readonly failures: readonly Failure[]}> => {
	const {seed, stride = 1, histories, limitMs = Infinity, progress} = options;
	const tally = new Tally();
	const failures: Failure[] = [];
	const begin = performance.now();
	let next = 0;
	const lane = async (): Promise<void> => {
		while (next < histories && performance.now() - begin < limitMs) {
			const own = seed + stride * next;
			next += 1;
			const {faxes, without, trace} = options;
			const history = new History({seed: own, faxes, ...(without && {without}), ...(trace && {trace})}, tally);
			const violation = await history.run();
			tally.histories += 1;
			if (violation) {
				tally.failed += 1;
				tally[violation.kind] += 1;
				failures.push({seed: own, kind: violation.kind, message: violation.message});
			}

			progress?.(tally, failures);
		}
	};
	await Promise.all(Array.from({length: lanes}, lane));
	return {tally, failures};
};

export interface Shrunk extends Failure {
	readonly faxes: number | undefined;
	readonly without: ReadonlySet<FaultKind>;
}

/** Leaves out kinds of faults, and faxes, as long as the same seed goes on failing in the same way. */
export const shrink = async ({seed, kind: failedBy, message}: Failure): Promise<Shrunk> => {
	let best: Shrunk = {seed, kind: failedBy, message, faxes: undefined, without: new Set()};
	const attempt = async (faxes: number | undefined, without: ReadonlySet<FaultKind>): Promise<boolean> => {
		const found = await new History({seed, faxes, without}, new Tally()).run();
		if (found?.kind !== failedBy) {
			return false;
		}

		best = {seed, kind: failedBy, message: found.message, faxes, without};
		return true;
	};
	for (const kind of faultKinds) {
		await attempt(best.faxes, new Set([...best.without, kind]));
	}

	for (const faxes of [1, 2, 3, 5, 8, 13, 20, 30, 45]) {
		if (await attempt(faxes, best.without)) {
			break;
		}
	}

	return best;
};

/** What shows a history again, step by step. */
export const replayCommand = ({seed, faxes, without}: Pick<Shrunk, 'seed' | 'faxes' | 'without'>): string => {
	const few = faxes === undefined ? '' : ` --faxes ${faxes}`;
	const less = without.size === 0 ? '' : ` --without ${[...without].join(',')}`;
	return `npm run campaign -- --seed ${seed} --histories 1${few}${less} --trace`;
};
