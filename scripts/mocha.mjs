import {join} from 'node:path';
import {runNode} from './command.mjs';
import {root} from './setup.mjs';

/**
 * Runs tests and shows them as they go.
 * @param args patterns and options of Mocha's command line
 * @returns their counts, as the closing line of the reporter gives them
 */
export async function runMocha(args) {
	const colour = process.stdout.isTTY ? ['--color'] : [];
	const lastLine = new LastLine();
	const {code} = await runNode([join(root, 'node_modules', 'mocha', 'bin', 'mocha.js'), ...colour, ...args], {
		cwd: root,
		onOutput: (text) => {
			process.stdout.write(lastLine.hold(text));
		},
	});
	const [, passed, failed] = /^(\d+) passed, (\d+) failed\n$/.exec(lastLine.held) ?? [];
	if (passed === undefined) {
		process.stdout.write(lastLine.held);
		return {passed: 0, failed: 1};
	}

	const counts = {passed: Number(passed), failed: Number(failed)};
	return code !== 0 && counts.failed === 0 ? {...counts, failed: 1} : counts;
}

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
