import type {Tally} from './tally';

const minutes = (ms: number): string => `${Math.round(ms / 60_000).toLocaleString('en-US')} min`;

const list = (counts: ReadonlyMap<string, number>): string =>
	[...counts].sort(([, one], [, other]) => other - one).map(([name, count]) => `${name} ${count.toLocaleString('en-US')}`).join(', ');

/** The figures of a campaign, for people. */
export const table = (tally: Tally, realMs: number): string => {
	const rows: readonly (readonly [string, string | number])[] = [
		['histories', `${tally.histories.toLocaleString('en-US')} (${(1000 * tally.histories / realMs).toFixed(1)}/s)`],
		['simulated time', `${Math.round(tally.simulatedMs / 86_400_000).toLocaleString('en-US')} days`],
		['faxes', tally.faxes],
		['deliveries', tally.deliveries],
		['  of these by output 2', tally.givenUp],
		['kills', tally.kills],
		['power cuts', tally.powerCuts],
		['deploys and restarts', tally.deploys],
		['faults, habits, odd flows', [...tally.faults.values()].reduce((sum, count) => sum + count, 0)],
		['lost', tally.lost],
		['acknowledged early', tally.early],
		['stuck', tally.stuck],
		['other violations', tally.broken],
		['repeated deliveries', list(tally.repeats)],
		['worst recovery', `${(tally.worstRecoveryMs / 1000).toFixed(0)} s (${minutes(tally.worstRecoveryMs)}), virtual`],
		['by kind', list(tally.faults)],
	];
	return rows.map(([name, value]) => `${name.padEnd(28)}${typeof value === 'number' ? value.toLocaleString('en-US') : value}`).join('\n');
};
