/** `npm run bench`: runs the clients side by side on this machine for each question, and prints one table. */
import {writeFileSync} from 'node:fs';
import {cpus, totalmem} from 'node:os';
import {parseArgs} from 'node:util';
import {a} from './questions/a-drain';
import {b} from './questions/b-requests';
import {c} from './questions/c-cpu';
import {d} from './questions/d-delay';
import {e} from './questions/e-memory';
import {f} from './questions/f-idle';
import {g} from './questions/g-load';
import {h} from './questions/h-latency';
import {i} from './questions/i-formula';
import {j} from './questions/j-soak';
import {k} from './questions/k-processes';
import {isMet, type Question, type Result} from './result';

const questions: Readonly<Record<string, Question>> = {a, b, c, d, e, f, g, h, i, j, k};
/** All but the soak, which takes an hour and runs only by name. */
const usual = 'abcdefghik';
const usage = 'npm run bench -- [--only ABC] [--rounds 5] [--minutes 60] [--json FILE]';

const machine = (): string => {
	const [cpu] = cpus();
	return [
		`${cpus().length} x ${cpu?.model ?? 'unknown processor'}`,
		`${Math.round(totalmem() / 2 ** 30)} GB`,
		`Node ${process.version}`,
		`${process.platform} ${process.arch}`,
	].join(', ');
};

const figure = (value: number): string =>
	value.toLocaleString('en-US', {maximumFractionDigits: Math.abs(value) < 10 ? 3 : 1});

const goalText = ({goal}: Result): string => {
	const parts = [
		goal?.least !== undefined && `>= ${figure(goal.least)}`,
		goal?.most !== undefined && `<= ${figure(goal.most)}`,
	];
	return parts.filter((part) => part !== false).join(', ');
};

const table = (results: readonly Result[]): string =>
	[
		['', 'what', 'measured', 'goal', 'met', 'against'],
		['---', '---', '---:', '---', '---', '---'],
		...results.map((result) => [
			result.question,
			result.what,
			`${figure(result.measured)} ${result.unit}`.trim(),
			goalText(result),
			{true: 'yes', false: '**no**', undefined: ''}[String(isMet(result))] ?? '',
			result.against,
		]),
	]
		.map((cells) => `| ${cells.join(' | ')} |`)
		.join('\n');

const positive = (name: string, text: string): number => {
	const value = Number(text);
	if (!(value > 0)) {
		throw new Error(`--${name} must be a number above 0.\n${usage}`);
	}

	return value;
};

const main = async (): Promise<void> => {
	const text = {type: 'string'} as const;
	const {values} = parseArgs({
		options: {
			only: {...text, default: usual},
			rounds: {...text, default: '5'},
			minutes: {...text, default: '60'},
			json: text,
		},
	});
	const asked = Array.from(values.only.toLowerCase(), (letter) => {
		const question = questions[letter];
		if (!question) {
			throw new Error(`There is no question ${letter.toUpperCase()}.\n${usage}`);
		}

		return {letter: letter.toUpperCase(), question};
	});
	const options = {
		rounds: positive('rounds', values.rounds),
		minutes: positive('minutes', values.minutes),
		isShort: false,
	};
	const results: Result[] = [];
	console.log(machine());
	for (const {letter, question} of asked) {
		results.push(
			...(await question({
				...options,
				progress(line) {
					console.log(`  ${letter}  ${line}`);
				},
			})),
		);
	}

	console.log(`\n${table(results)}`);
	if (values.json !== undefined) {
		writeFileSync(values.json, `${JSON.stringify({machine: machine(), ...options, results}, undefined, '\t')}\n`);
	}

	process.exitCode = results.some((result) => isMet(result) === false) ? 1 : 0;
};

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
