// `npm test`: build, lint, type checks and all tests that need nothing but Node and npm.
import {join} from 'node:path';
import {runNode} from './command.mjs';
import {Counts} from './counts.mjs';
import {tellProblems} from './problem.mjs';
import {install, root} from './setup.mjs';

const tool = (...names) => join(root, 'node_modules', ...names);
const counts = new Counts();

const check = async (name, args) => {
	const begin = Date.now();
	const {code, output} = await runNode(args, {cwd: root});
	counts.count(code === 0);
	console.log(`  ${code === 0 ? '✔' : '✖'} ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
	if (code !== 0) {
		console.log(`\n${output}`);
	}
};

const test = async () => {
	await install(step => console.log(`  ${step} ...`));
	const {runMocha} = await import('./mocha.mjs');
	await Promise.all([
		check('lint', [tool('eslint', 'bin', 'eslint.js'), '.']),
		check('build', [join('scripts', 'build.mjs')])
			.then(() => check('types of the tests', [tool('typescript', 'bin', 'tsc'), '-p', 'tsconfig.test.json'])),
	]);
	counts.add(await runMocha(['--ignore', 'test/all/**', 'test/**/*.test.ts']));
};

await tellProblems(test);
if (process.exitCode) {
	counts.count(false);
}

counts.conclude();
