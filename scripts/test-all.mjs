// `npm run test:all`: the tests that take longer or need more than Node and npm.
import {readdirSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {runChecks} from './counts.mjs';
import {runMocha} from './mocha.mjs';
import {root, setUp} from './setup.mjs';

const folder = 'test';
/** Tests that need the default ports of the demo and the simulator. */
const alone = [join('package', 'demo.slow.test.ts')];

const files = readdirSync(join(root, folder), {recursive: true})
	.filter((name) => name.endsWith('.slow.test.ts'))
	.sort();

/** Runs a file and prints its output at the end, so that the output of parallel files does not mix. */
async function runFile(name, counts) {
	const begin = Date.now();
	let output = '';
	counts.add(
		await runMocha([join(folder, name)], (text) => {
			output += text;
		}),
	);
	console.log(`${output}\n  ${name}: ${((Date.now() - begin) / 1000).toFixed(0)} s\n`);
}

await runChecks(async (counts) => {
	await setUp((step) => console.log(`  ${step} ...`));
	const waiting = files.filter((name) => !alone.includes(name));
	const lane = async () => {
		for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
			await runFile(name, counts);
		}
	};

	await Promise.all(Array.from({length: availableParallelism()}, lane));
	for (const name of files.filter((one) => alone.includes(one))) {
		await runFile(name, counts);
	}
});
