/**
 * What `npm run mutation` found: each mutant is the code broken in one place, and counts as found when a test then
 * fails or hangs.
 */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {isRecord} from '../../lib/json';

const root = join(__dirname, '..', '..');
const reportPath = join(root, 'artefacts', 'mutation', 'report.json');
/** The modules on which the promise rests. A report of fewer is from somebody who works on one of them. */
export const mutatedPaths: readonly string[] = [
	'lib/faxes/decisions.ts',
	'lib/faxes/leases.ts',
	'lib/ledger/ledger.ts',
	'lib/ledger/ledger-state.ts',
	'lib/exchange/suspects.ts',
	'lib/pacing/gate.ts',
	'lib/account/topic.ts',
	'lib/retarus/wire.ts',
];

export interface MutatedModule {
	readonly path: string;
	/** Mutants, and how many of them a test found. */
	readonly all: number;
	readonly found: number;
	/** Where, and what the code became. */
	readonly survivors: readonly string[];
	/** The code has not changed since. */
	readonly isCurrent: boolean;
}

/** In per cent. */
export const scoreOf = (modules: readonly Pick<MutatedModule, 'all' | 'found'>[]): number => {
	const sum = (field: 'all' | 'found'): number => modules.reduce((total, one) => total + one[field], 0);
	return (100 * sum('found')) / sum('all');
};

/** Reads Stryker's report; `undefined` when there is none. */
export const readMutatedModules = (): readonly MutatedModule[] | undefined => {
	const text = read(reportPath);
	const report: unknown = text === undefined ? undefined : JSON.parse(text);
	return isRecord(report) && isRecord(report.files)
		? Object.entries(report.files).map(([path, file]) => toModule(path, file))
		: undefined;
};

/**
 * The score of all modules together in per cent; `undefined` when the code as it stands was not measured as a whole.
 */
export const readMutationScore = (): number | undefined => {
	const modules = readMutatedModules()?.filter(({path, isCurrent}) => isCurrent && mutatedPaths.includes(path));
	return modules?.length === mutatedPaths.length ? scoreOf(modules) : undefined;
};

const toModule = (path: string, file: unknown): MutatedModule => {
	const {source, mutants} = isRecord(file) ? file : {};
	const lines = String(source).split('\n');
	const survivors: {readonly line: number; readonly text: string}[] = [];
	let found = 0;
	for (const mutant of Array.isArray(mutants) ? (mutants as unknown[]) : []) {
		const {status, replacement, location} = isRecord(mutant) ? mutant : {};
		if (status === 'Killed' || status === 'Timeout') {
			found += 1;
		} else if (status === 'Survived' || status === 'NoCoverage') {
			survivors.push({
				line: position(location, 'start').line,
				text: describe(path, lines, location, String(replacement)),
			});
		}
	}

	survivors.sort((one, other) => one.line - other.line);
	return {
		path,
		all: found + survivors.length,
		found,
		survivors: survivors.map(({text}) => text),
		isCurrent: source === read(join(root, path)),
	};
};

const describe = (path: string, lines: readonly string[], location: unknown, replacement: string): string => {
	const {line, column} = position(location, 'start');
	const end = position(location, 'end');
	const text = lines[line - 1]?.slice(column - 1, end.line === line ? end.column - 1 : undefined) ?? '';
	return `${path}:${line}:${column} ${text} -> ${replacement.replaceAll(/\s+/g, ' ')}`;
};

const position = (location: unknown, side: 'start' | 'end'): {readonly line: number; readonly column: number} => {
	const place = isRecord(location) ? location[side] : undefined;
	return isRecord(place) ? {line: Number(place.line), column: Number(place.column)} : {line: 0, column: 0};
};

const read = (path: string): string | undefined => {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
};
