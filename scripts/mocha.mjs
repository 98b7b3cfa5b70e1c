import {join} from 'node:path';
import {runNode} from './command.mjs';
import {root} from './setup.mjs';

/** How long a process may take to end after its last test: what a test has left open would keep it for ever. */
const endLimitMs = 10_000;

/**
 * Runs tests and shows them as they go.
 * @param args patterns and options of Mocha's command line
 * @param show takes what it prints
 * @returns their counts, as the closing line of the reporter gives them
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
					// The only signal that Mocha passes on to the process in which it runs the tests.
					child.kill('SIGINT');
				}, endLimitMs);
			}
		},
	});
	clearTimeout(timer);
	const counts = countsIn(lastLine.held);
	if (!counts) {
		show(`${lastLine.held}\nMocha ended with exit code ${code} before all tests were done.\n`);
		return {passed: 0, failed: 1};
	}

	if (isLeftOpen) {
		show('The tests have left something open that keeps their process from ending.\n');
		return {...counts, failed: counts.failed + 1};
	}

	return counts;
}

const countsIn = (line) => {
	const [, passed, failed] = /^(\d+) passed, (\d+) failed\n$/.exec(line) ?? [];
	return passed === undefined ? undefined : {passed: Number(passed), failed: Number(failed)};
};

/** Keeps back the last line of a text that comes in pieces. */
class LastLine {
	held = '';

	/** @returns what is certainly not part of the last line */
	hold(text) {
		const all = this.held + text;
		const end = all.lastIndexOf('\n', all.length - 2) + 1;
		this.held = all.slice(end);
		return all.slice(0, end);
	}
}
