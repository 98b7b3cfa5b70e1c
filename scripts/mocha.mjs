import {join} from 'node:path';
import {runNode} from './command.mjs';
import {root} from './setup.mjs';

/** How long the process may live on after its last test: a handle left open would keep it alive for ever. */
const endLimitMs = 10_000;

/**
 * Runs tests and shows their output as it comes.
 * @param args patterns and options for Mocha's command line
 * @param show called with the output @default writes it to stdout
 * @returns the counts in the reporter's last line
 */
export async function runMocha(args, show = (text) => process.stdout.write(text)) {
	const colour = process.stdout.isTTY ? ['--color'] : [];
	const lastLine = new LastLine();
	let isLeftOpen = false;
	let timer;
	const {code} = await runNode([join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'), ...colour, ...args], {
		cwd: root,
		onOutput(text, child) {
			show(lastLine.hold(text));
			if (countsIn(lastLine.held)) {
				timer = setTimeout(() => {
					isLeftOpen = true;
					// The only signal that Mocha passes on to the process that runs the tests.
					child.kill('SIGINT');
				}, endLimitMs);
			}
		},
	});
	clearTimeout(timer);
	const counts = countsIn(lastLine.held);
	if (!counts) {
		show(`${lastLine.held}\nMocha exited with code ${code} before it had run all tests.\n`);
		return {passed: 0, failed: 1};
	}

	if (isLeftOpen) {
		show('The tests left a handle open that keeps their process alive.\n');
		return {...counts, failed: counts.failed + 1};
	}

	return counts;
}

const countsIn = (line) => {
	const [, passed, failed] = /^(\d+) passed, (\d+) failed\n$/.exec(line) ?? [];
	return passed === undefined ? undefined : {passed: Number(passed), failed: Number(failed)};
};

/** Holds back the last line of a text that arrives in pieces. */
class LastLine {
	held = '';

	/** @returns the text before the last line */
	hold(text) {
		const all = this.held + text;
		const end = all.lastIndexOf('\n', all.length - 2) + 1;
		this.held = all.slice(end);
		return all.slice(0, end);
	}
}
