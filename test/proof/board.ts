import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import manifest from '../../package.json';
import type {CampaignResult} from './campaign-result';

const root = join(__dirname, '..', '..');
const file = join(root, 'docs', 'reliability.json');

type Figures = Readonly<Record<string, number>>;

/** All runs of one campaign on one state of the core. */
export interface Entry {
	readonly runs: number;
	/** Of its runs, oldest first. */
	readonly seeds: readonly number[];
	/** Things that must not have happened. */
	readonly problems: number;
	readonly figures: Figures;
}

/** By name of the campaign. */
export type Entries = Readonly<Record<string, Entry>>;

/** What all campaigns have shown, as docs/reliability.json keeps it. */
export interface Board {
	readonly version: string;
	/** The one that ran last. */
	readonly core: string;
	/** Of the modules that `npm run mutation` mutates: percent of the mutants that tests notice. */
	readonly mutationScore?: number;
	/** By digest of the core: a changed core has still to show what the one before it has shown. */
	readonly cores: Readonly<Record<string, Entries>>;
}

/** Tells one state of lib/ from another. */
export const coreDigest = (): string => {
	const hash = createHash('sha256');
	for (const name of readdirSync(join(root, 'lib'), {encoding: 'utf8', recursive: true})
		.filter((one) => one.endsWith('.ts'))
		.sort()) {
		hash.update(`${name}\0`).update(readFileSync(join(root, 'lib', name)));
	}

	return hash.digest('hex').slice(0, 12);
};

/** What is no count of what happened: times, and the size of the table of faults, which is the same in each run. */
const isLargest = (name: string): boolean => name.startsWith('worst') || name === 'faultKinds' || name === 'faultCells';

const mergeFigures = (one: Figures, other: Figures): Figures => {
	const merged = new Map(Object.entries(one));
	for (const [name, value] of Object.entries(other)) {
		const before = merged.get(name) ?? 0;
		merged.set(name, isLargest(name) ? Math.max(before, value) : before + value);
	}

	return Object.fromEntries(merged);
};

const none: Entry = {runs: 0, seeds: [], problems: 0, figures: {}};

const mergeEntries = (one: Entry, other: Entry): Entry => ({
	runs: one.runs + other.runs,
	seeds: [...one.seeds, ...other.seeds],
	problems: one.problems + other.problems,
	figures: mergeFigures(one.figures, other.figures),
});

export const withRun = (
	board: Board,
	core: string,
	campaign: string,
	seed: number,
	{figures, problems}: CampaignResult,
): Board => {
	const entries = board.cores[core] ?? {};
	const entry = mergeEntries(entries[campaign] ?? none, {runs: 1, seeds: [seed], problems: problems.length, figures});
	const {mutationScore, ...rest} = board;
	// It says nothing about another core.
	const kept = mutationScore !== undefined && board.core === core ? {mutationScore} : {};
	return {...rest, ...kept, core, cores: {...board.cores, [core]: {...entries, [campaign]: entry}}};
};

/** Of all states of the core together. */
export const sum = (board: Board): Entries => {
	const sums = new Map<string, Entry>();
	for (const [name, entry] of Object.values(board.cores).flatMap((entries) => Object.entries(entries))) {
		sums.set(name, mergeEntries(sums.get(name) ?? none, entry));
	}

	return Object.fromEntries(sums);
};

/** Of the version in the manifest: another one begins anew. */
export const readBoard = (): Board => {
	const empty: Board = {version: manifest.version, core: coreDigest(), cores: {}};
	if (!existsSync(file)) {
		return empty;
	}

	// Written by nobody but `writeBoard`.
	const board = JSON.parse(readFileSync(file, 'utf8')) as Board;
	return board.version === manifest.version ? board : empty;
};

export const writeBoard = (board: Board): void => {
	writeFileSync(file, `${JSON.stringify(board, undefined, '\t')}\n`);
};
