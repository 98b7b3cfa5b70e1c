// `npm run screenshots`: takes the pictures for README and docs from the current build, in the installed browser.
import {join} from 'node:path';
import {runNode} from './command.mjs';
import {Problem} from './problem.mjs';
import {root, setUp} from './setup.mjs';

try {
	await setUp((step) => console.log(`${step} ...`));
	const {code} = await runNode(['--require', 'tsx/cjs', join('test', 'editor', 'browser', 'screenshots.ts')], {
		cwd: root,
		onOutput: (text) => process.stdout.write(text),
	});
	process.exitCode = code;
} catch (error) {
	if (!(error instanceof Problem)) {
		throw error;
	}

	console.error(error.message);
	process.exitCode = 1;
}
