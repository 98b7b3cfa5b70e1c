/** Simulated histories in as many processes as the machine has cores. */
import {fork} from 'node:child_process';
import {once} from 'node:events';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {replayCommand, shrink, type CampaignOptions, type Failure} from './campaign';
import {merge, type Tally} from './tally';
import type {CampaignResult} from '../campaign-result';

/** What one process is asked for. */
export type PartOptions = Required<Pick<CampaignOptions, 'seed' | 'stride' | 'histories' | 'limitMs'>>;

interface Outcome {
	readonly tally: Tally;
	readonly failures: readonly Failure[];
}

/** What one process tells. */
export type PartMessage =
	| ({readonly kind: 'outcome'} & Outcome)
	| {readonly kind: 'progress'; readonly histories: number; readonly failed: number};

export interface HistoriesInput {
	/** `Infinity` when the time is the limit. */
	readonly count: number;
	readonly seed: number;
	readonly limitMs?: number;
	readonly progress?: (text: string) => void;
}

/** Failures that are made small. */
const mostShrunk = 3;

const runPart = async (
	options: PartOptions,
	onProgress: (histories: number, failed: number) => void,
): Promise<Outcome> => {
	const child = fork(join(__dirname, 'histories-process.ts'), {
		execArgv: ['--require', 'tsx/cjs'],
		serialization: 'advanced',
	});
	let outcome: Outcome | undefined;
	child.on('message', (message: PartMessage) => {
		if (message.kind === 'outcome') {
			outcome = message;
		} else {
			onProgress(message.histories, message.failed);
		}
	});
	child.send(options);
	await once(child, 'exit');
	if (!outcome) {
		throw new Error(`The process with the histories from seed ${options.seed} ended before its time.`);
	}

	return outcome;
};

const describe = async (failure: Failure, isShrunk: boolean): Promise<string> => {
	const shown = isShrunk ? await shrink(failure) : {...failure, faxes: undefined, without: new Set<never>()};
	return `seed ${failure.seed}: ${shown.message.slice(0, 500)}\n  ${replayCommand(shown)}`;
};

const figuresOf = (tally: Tally): CampaignResult['figures'] => ({
	histories: tally.histories,
	faxes: tally.faxes,
	deliveries: tally.deliveries,
	kills: tally.kills,
	powerCuts: tally.powerCuts,
	deploys: tally.deploys,
	faults: [...tally.faults.values()].reduce((sum, count) => sum + count, 0),
	lost: tally.lost,
	early: tally.early,
	stuck: tally.stuck,
	otherViolations: tally.broken,
	...Object.fromEntries([...tally.repeats].map(([cause, count]) => [`again: ${cause}`, count])),
	worstRecoveryMs: tally.worstRecoveryMs,
});

export const runHistories = async ({
	count,
	seed,
	limitMs = Infinity,
	progress,
}: HistoriesInput): Promise<CampaignResult> => {
	const begin = performance.now();
	const parts = Math.min(count, availableParallelism());
	const done = new Map<number, {readonly histories: number; readonly failed: number}>();
	const outcomes = await Promise.all(
		Array.from({length: parts}, (_, part) =>
			runPart(
				{seed: seed + part, stride: parts, histories: Math.ceil((count - part) / parts), limitMs},
				(histories, failed) => {
					done.set(part, {histories, failed});
					const all = [...done.values()].reduce((sum, one) => ({
						histories: sum.histories + one.histories,
						failed: sum.failed + one.failed,
					}));
					progress?.(
						`${all.histories} histories, ${all.failed} failed, ${((1000 * all.histories) / (performance.now() - begin)).toFixed(1)}/s`,
					);
				},
			),
		),
	);
	const problems: string[] = [];
	for (const failure of outcomes.flatMap(({failures}) => failures)) {
		problems.push(await describe(failure, problems.length < mostShrunk));
	}

	return {figures: figuresOf(merge(outcomes.map(({tally}) => tally))), problems};
};
