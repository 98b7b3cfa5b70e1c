// `npm test`: build, lint, type checks and all tests that need nothing but Node and npm.
import {join} from 'node:path';
import {runNode} from './command.mjs';
import {runChecks} from './counts.mjs';
import {runMocha} from './mocha.mjs';
import {install, root} from './setup.mjs';

const tool = (...names) => join(root, 'node_modules', ...names);

/** Runs a tool and prints its output only if it fails. */
const check = async (name, args) => {
	const begin = Date.now();
	const {code, output} = await runNode(args, {cwd: root});
	console.log(`  ${code === 0 ? '✔' : '✖'} ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
	if (code !== 0) {
		console.log(`\n${output}`);
	}

	return code === 0;
};

/** Runs tests and prints their output at the end, so that the output of both lanes does not mix. */
const runTests = async (args) => {
	let output = '';
	const counts = await runMocha(args, (text) => {
		output += text;
	});
	console.log(output);
	return counts;
};

/** Tests that start Node-RED or a package manager, and mostly wait. */
const waiting = ['nodes', 'package', 'security', 'proof/kills', 'examples'].map((room) => `test/${room}/**/*.test.ts`);
const histories = 'test/proof/histories/**/*.test.ts';
const apart = ['--ignore', 'test/**/*.slow.test.ts'];
const elsewhere = [histories, ...waiting].flatMap((pattern) => ['--ignore', pattern]);

// Two lanes, for two cores.
await runChecks(async (counts) => {
	await install((step) => console.log(`  ${step} ...`));
	let built = () => undefined;
	const isBuilt = new Promise((resolve) => {
		built = resolve;
	});
	const first = async () => {
		counts.count(await check('lint', [tool('oxlint', 'bin', 'oxlint')]));
		await isBuilt;
		counts.add(await runTests([...apart, ...waiting]));
	};
	const second = async () => {
		counts.count(await check('build', [join('scripts', 'build.mjs')]));
		built();
		counts.count(await check('types of the tests', [tool('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json']));
		counts.add(await runTests([...apart, histories]));
		counts.add(await runTests([...apart, ...elsewhere, 'test/**/*.test.ts']));
	};
	await Promise.all([first(), second()]);
});
