/** `npm run campaign -- --histories N --seed S`: simulated histories, a table of what they met, and how to replay what failed. */
import {parseArgs} from 'node:util';
import {replayCommand, runCampaign, shrink} from './campaign';
import {isFaultKind} from './faults';
import {table} from './table';

const usage = `npm run campaign -- [--histories 1000] [--seconds N] [--seed S] [--faxes N] [--without kind,kind] [--trace]`;
const progressMs = 10_000;
/** Failures that are made small. */
const mostShrunk = 3;

const wholeNumber = (name: string, text: string | undefined): number | undefined => {
	if (text !== undefined && !/^\d+$/.test(text)) {
		throw new Error(`--${name} takes a whole number\n${usage}`);
	}

	return text === undefined ? undefined : Number(text);
};

// Histories throw and catch many errors.
Error.stackTraceLimit = 3;

const main = async (): Promise<void> => {
	const text = {type: 'string'} as const;
	const {values} = parseArgs({options: {histories: text, seconds: text, seed: text, faxes: text, without: text, trace: {type: 'boolean', default: false}}});
	const unknown = values.without?.split(',').find(kind => !isFaultKind(kind));
	if (unknown !== undefined) {
		throw new Error(`--without does not know ${unknown}\n${usage}`);
	}

	const without = new Set(values.without?.split(',').filter(kind => isFaultKind(kind)));
	const seed = wholeNumber('seed', values.seed) ?? Math.floor(Math.random() * 2 ** 31);
	const seconds = wholeNumber('seconds', values.seconds);
	const faxes = wholeNumber('faxes', values.faxes);
	const histories = wholeNumber('histories', values.histories) ?? (seconds === undefined ? 1000 : Infinity);
	console.log(`seed ${seed}`);
	const begin = performance.now();
	let shown = begin;
	const {tally, failures} = await runCampaign({
		seed, histories, faxes, without,
		limitMs: seconds === undefined ? Infinity : 1000 * seconds,
		...(values.trace && {
			trace(line: string) {
				console.log(line);
			},
		}),
		progress({histories: done, failed}) {
			const now = performance.now();
			if (now - shown > progressMs) {
				shown = now;
				console.log(`${done} histories, ${failed} failed, ${(1000 * done / (now - begin)).toFixed(1)}/s`);
			}
		},
	});
	console.log(`\n${table(tally, performance.now() - begin)}`);
	for (const [index, failure] of failures.entries()) {
		const isShrinking = index < mostShrunk && !values.trace && faxes === undefined && without.size === 0;
		const shrunk = isShrinking ? await shrink(failure) : {...failure, faxes, without};
		console.log(`\nseed ${failure.seed}: ${shrunk.violation.message.slice(0, 500)}\n  ${replayCommand(shrunk)}`);
	}

	process.exitCode = failures.length > 0 ? 1 : 0;
};

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
