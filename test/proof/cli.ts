/**
 * `npm run campaign`: proves the promise as long as you like, and adds what was shown to docs/reliability.json and the
 * README.
 */
import {runCampaign} from './histories/campaign';
import {runHistories} from './histories/histories';
import {readMutationScore} from './mutation-score';
import type {CampaignResult} from './campaign-result';
import {coreDigest, readBoard, withRun, writeBoard} from './board';
import {campaigns} from './campaigns';
import {parseOptions, type Options} from './options';
import {quote} from './readme';
import {table} from './table';

const progressMs = 10_000;

/** At most one line in a while. */
const throttled = (): ((text: string) => void) => {
	let shownMs = performance.now();
	return (text) => {
		if (performance.now() - shownMs > progressMs) {
			shownMs = performance.now();
			console.log(`  ${text}`);
		}
	};
};

/** Shows histories again; they are not counted. */
const replay = async ({seed, counts, replay: changes}: Options): Promise<boolean> => {
	const {failures} = await runCampaign({
		seed,
		histories: counts.get('histories') ?? 1,
		faxes: changes?.faxes,
		without: changes?.without ?? new Set(),
		...(changes?.isTraced && {
			trace(line: string) {
				console.log(line);
			},
		}),
	});
	for (const failure of failures) {
		console.log(`\nseed ${failure.seed}: ${failure.message}`);
	}

	return failures.length === 0;
};

const runAll = async ({counts, seed, limitMs}: Options): Promise<boolean> => {
	const core = coreDigest();
	let isGood = true;
	for (const {name, run} of campaigns) {
		const count = counts.get(name);
		if (count === undefined) {
			continue;
		}

		console.log(
			`${name}: ${Number.isFinite(count) ? count.toLocaleString('en-US') : `${limitMs / 1000} s`}, seed ${seed}`,
		);
		const input = {count, seed, progress: throttled()};
		const result: CampaignResult = await (name === 'histories' ? runHistories({...input, limitMs}) : run(input));
		for (const problem of result.problems) {
			console.log(`  ${problem}`);
		}

		isGood &&= result.problems.length === 0;
		// Read again: another campaign may have ended meanwhile.
		writeBoard(withRun(readBoard(), core, name, seed, result));
	}

	const mutationScore = readMutationScore();
	if (mutationScore !== undefined) {
		writeBoard({...readBoard(), mutationScore});
	}

	const text = table(readBoard());
	quote(text);
	console.log(`\n${text}`);
	return isGood;
};

const main = async (): Promise<void> => {
	const options = parseOptions(process.argv.slice(2));
	const isGood = await (options.replay ? replay(options) : runAll(options));
	process.exitCode = isGood ? 0 : 1;
};

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
