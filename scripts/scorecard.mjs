// `npm run scorecard`: runs Node-RED's own scorecard on the package as it would be published.
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {runNode} from './command.mjs';
import {copyPackage} from './node-red/package.mjs';
import {Problem} from './problem.mjs';
import {root, setUp} from './setup.mjs';
import {installed} from './tools.mjs';

/** D03 demands the latest version of every dependency, but undici 8 does not load on Node 20, which we support. */
const accepted = ['D03'];

const report = (step) => {
	console.error(`  ${step} ...`);
};

const folder = mkdtempSync(join(tmpdir(), 'retarus-fax-scorecard-'));
try {
	await setUp(report);
	const tool = join(await installed('node-red-dev', '0.1.6', report), 'node-red-dev', 'bin', 'run');
	const card = join(folder, 'card.json');
	const {code, output} = await runNode([
		'--require',
		join(root, 'scripts', 'scorecard', 'answers.cjs'),
		tool,
		'validate',
		'-p',
		copyPackage(folder),
		'-o',
		card,
	]);
	console.log(output.trim());
	if (code !== 0) {
		throw new Problem(`The scorecard exited with code ${code}.`);
	}

	// It exits with 0 even if checks fail.
	const checks = Object.entries(JSON.parse(readFileSync(card, 'utf8'))).filter(([, {test}]) => test !== undefined);
	const failed = checks.filter(([, {test}]) => !test).map(([id]) => id);
	console.log(`${checks.length} checks, failed: ${failed.join(', ') || 'none'}`);
	process.exitCode = failed.every((id) => accepted.includes(id)) ? 0 : 1;
} catch (error) {
	if (!(error instanceof Problem)) {
		throw error;
	}

	console.error(error.message);
	process.exitCode = 1;
} finally {
	rmSync(folder, {recursive: true, force: true});
}
