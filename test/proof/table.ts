import {sum, type Board, type Entries} from './board';

const number = (value: number): string => value.toLocaleString('en-US');

/** Adds up one figure of all campaigns, or of one. */
const total = (entries: Entries, figure: string, campaign?: string): number =>
	Object.entries(entries).reduce(
		(value, [name, {figures}]) =>
			campaign === undefined || name === campaign ? value + (figures[figure] ?? 0) : value,
		0,
	);

const duration = (ms: number): string =>
	ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${number(Math.round(ms / 60_000))} min`;

const worst = (entries: Entries, campaign: string, figure: string): string => {
	const value = entries[campaign]?.figures[figure];
	return value === undefined ? '-' : duration(value);
};

const again = 'again: ';

/** Deliveries that were not the first of their fax, by what caused them. */
const repeats = (entries: Entries): string => {
	const causes = Object.entries(entries.histories?.figures ?? {})
		.filter(([name]) => name.startsWith(again))
		.sort(([, one], [, other]) => other - one);
	return causes.length === 0
		? '-'
		: causes.map(([name, count]) => `${name.slice(again.length)} ${number(count)}`).join(', ');
};

type Row = readonly [string, (entries: Entries) => string];

const count = (label: string, figure: string, campaign?: string): Row => [
	label,
	(entries) => number(total(entries, figure, campaign)),
];

const rows: readonly Row[] = [
	count('simulated histories', 'histories', 'histories'),
	count('faxes in them', 'faxes', 'histories'),
	[
		'kills and power cuts in them',
		(entries) => number(total(entries, 'kills', 'histories') + total(entries, 'powerCuts', 'histories')),
	],
	count('faults in them', 'faults', 'histories'),
	count('kills of a real Node-RED', 'nodeRedKills'),
	count('kills of a worker with the core', 'workerKills'),
	count('crashes of the journal, at each system call', 'journalCrashes'),
	[
		'kinds of faults over real sockets; kinds x phases; faults in all',
		(entries) => ['faultKinds', 'faultCells', 'faultRuns'].map((name) => number(total(entries, name))).join('; '),
	],
	count('fuzzed bodies', 'fuzzedBodies'),
	count('fuzzed names', 'fuzzedNames'),
	count('redeploys under load', 'redeploys'),
	[
		'their slowest close, and the 99th percentile',
		(entries) => `${worst(entries, 'redeploys', 'worstCloseMs')}, ${worst(entries, 'redeploys', 'worstP99CloseMs')}`,
	],
	count('runs with 2 and 4 processes on a topic', 'processRuns'),
	count('**lost**', 'lost'),
	count('**acknowledged early**', 'early'),
	['stuck, or another rule broken', (entries) => number(total(entries, 'stuck') + total(entries, 'otherViolations'))],
	['deliveries that came again, by cause (histories)', repeats],
	[
		'slowest recovery after the last fault (histories, virtual time)',
		(entries) => worst(entries, 'histories', 'worstRecoveryMs'),
	],
];

/** As Markdown, which a terminal shows as well. */
export const table = (board: Board): string => {
	const {core, mutationScore} = board;
	const columns = [board.cores[core] ?? {}, sum(board)];
	const lines = rows.map(([label, value]) => [label, ...columns.map((entries) => value(entries))]);
	const score =
		mutationScore === undefined ? [] : [['mutants of the core that tests notice', `${mutationScore.toFixed(1)} %`, '']];
	const all = [['', `core ${core}`, `all cores of ${board.version}`], ['---', '---:', '---:'], ...lines, ...score];
	return all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};
