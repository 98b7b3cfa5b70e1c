// `npm run test:all`: the tests that take longer or need more than Node and npm.
import {runChecks} from './counts.mjs';
import {runMocha} from './mocha.mjs';
import {setUp} from './setup.mjs';

await runChecks(async (counts) => {
	await setUp(step => console.log(`  ${step} ...`));
	counts.add(await runMocha(['test/all/**/*.test.ts']));
});
