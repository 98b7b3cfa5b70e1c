// `npm test`: build, lint, type checks and all tests that need nothing but Node and npm.
import {join} from 'node:path';
import {runNode} from './command.mjs';
import {runChecks} from './counts.mjs';
import {runMocha} from './mocha.mjs';
import {install, root} from './setup.mjs';

const tool = (...names) => join(root, 'node_modules', ...names);

/** Runs a tool; its words matter only when it fails. */
const check = async (name, args) => {
	const begin = Date.now();
	const {code, output} = await runNode(args, {cwd: root});
	console.log(`  ${code === 0 ? '✔' : '✖'} ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
	if (code !== 0) {
		console.log(`\n${output}`);
	}

	return code === 0;
};

await runChecks(async (counts) => {
	await install(step => console.log(`  ${step} ...`));
	const lint = check('lint', [tool('eslint', 'bin', 'eslint.js'), '.']);
	counts.count(await check('build', [join('scripts', 'build.mjs')]));
	counts.count(await check('types of the tests', [tool('typescript', 'bin', 'tsc'), '-p', 'tsconfig.test.json']));
	counts.count(await lint);
	// The simulated histories keep one core busy for half a minute; the other tests mostly wait.
	let held = '';
	const histories = runMocha(['test/campaign/**/*.test.ts'], (text) => {
		held += text;
	});
	counts.add(await runMocha(['--ignore', 'test/all/**', '--ignore', 'test/campaign/**', 'test/**/*.test.ts']));
	counts.add(await histories);
	console.log(held);
});
