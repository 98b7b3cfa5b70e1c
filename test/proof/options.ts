import {parseArgs} from 'node:util';
import {isFaultKind, type FaultKind} from './histories/faults';
import {campaigns} from './campaigns';

export interface Options {
	/** By name of the campaign. */
	readonly counts: ReadonlyMap<string, number>;
	readonly seed: number;
	/** For the histories, instead of their number. */
	readonly limitMs: number;
	/** What makes a history another one than its seed says. Such a history shows nothing for the board. */
	readonly replay:
		| {readonly faxes: number | undefined; readonly without: ReadonlySet<FaultKind>; readonly isTraced: boolean}
		| undefined;
}

const width = 30;

const line = (option: string, text: string): string => `  ${option.padEnd(width)}${text}`;

export const usage = [
	'npm run campaign                 the usual amount of each campaign',
	'npm run campaign -- OPTIONS      only those that are named',
	'',
	...campaigns.map(({name, usual, counts}) =>
		line(`--${name} N`, `${counts}; usually ${usual.toLocaleString('en-US')}`),
	),
	line('--seconds N', 'histories for so long, instead of a number'),
	line('--seed S', 'the same seed draws the same'),
	'',
	'To see one history again:',
	line('--trace', 'tells every step'),
	line('--faxes N', 'fewer faxes'),
	line('--without KIND,KIND', 'leaves out kinds of faults'),
].join('\n');

const wholeNumber = (name: string, text: string | undefined): number | undefined => {
	if (text !== undefined && !/^\d+$/.test(text)) {
		throw new Error(`--${name} takes a whole number.\n\n${usage}`);
	}

	return text === undefined ? undefined : Number(text);
};

const faultKinds = (text: string | undefined): ReadonlySet<FaultKind> => {
	const kinds = text?.split(',') ?? [];
	const unknown = kinds.find((kind) => !isFaultKind(kind));
	if (unknown !== undefined) {
		throw new Error(`--without does not know ${unknown}.\n\n${usage}`);
	}

	return new Set(kinds.filter((kind) => isFaultKind(kind)));
};

/** @throws Error with the usage, also when that is asked for */
export const parseOptions = (args: readonly string[]): Options => {
	const text = {type: 'string'} as const;
	const {values} = parseArgs({
		args: [...args],
		options: {
			...Object.fromEntries(campaigns.map(({name}) => [name, text])),
			seed: text,
			seconds: text,
			faxes: text,
			without: text,
			trace: {type: 'boolean', default: false},
			help: {type: 'boolean', default: false},
		},
	});
	if (values.help) {
		throw new Error(usage);
	}

	const named = new Map<string, string | undefined>(
		Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
	);
	const given = (name: string): number | undefined => wholeNumber(name, named.get(name));
	const seconds = given('seconds');
	const replay = {faxes: given('faxes'), without: faultKinds(values.without), isTraced: values.trace};
	const isReplay = replay.isTraced || replay.faxes !== undefined || replay.without.size > 0;
	const counts = new Map(
		campaigns.flatMap(({name}) => {
			const count = given(name) ?? (name === 'histories' && seconds !== undefined ? Infinity : undefined);
			return count === undefined ? [] : [[name, count] as const];
		}),
	);
	const isNothingNamed = counts.size === 0;
	return {
		counts: isNothingNamed ? new Map(campaigns.map(({name, usual}) => [name, usual])) : counts,
		seed: given('seed') ?? Math.floor(Math.random() * 2 ** 31),
		limitMs: seconds === undefined ? Infinity : 1000 * seconds,
		replay: isReplay ? replay : undefined,
	};
};
