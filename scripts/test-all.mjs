// `npm run test:all`: the tests that take longer or need more than Node and npm.
import {Counts} from './counts.mjs';
import {tellProblems} from './problem.mjs';
import {setUp} from './setup.mjs';

const counts = new Counts();
await tellProblems(async () => {
	await setUp(step => console.log(`  ${step} ...`));
	const {runMocha} = await import('./mocha.mjs');
	counts.add(await runMocha(['test/all/**/*.test.ts']));
});
if (process.exitCode) {
	counts.count(false);
}

counts.conclude();
