// `npm run mutation`: breaks the core in one place after another and checks that a test notices.
// `-- --mutate lib/faxes/leases.ts` breaks one module. Stryker and the older Mocha it needs are installed below
// node_modules/.cache on first use: they are a third of the size of all other dependencies, and neither the demo nor
// the tests should wait for them.
import {copyFileSync, existsSync, mkdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {runNode, runNpm} from './command.mjs';
import {Problem} from './problem.mjs';
import {install, root} from './setup.mjs';

const home = join(root, 'scripts', 'mutation');
const tools = join(root, 'node_modules', '.cache', 'mutation');
const manifests = ['package.json', 'package-lock.json'];
const report = join(root, 'artefacts', 'mutation', 'report.json');

const isInstalled = () => {
	const same = (name) =>
		existsSync(join(tools, name)) && readFileSync(join(tools, name)).equals(readFileSync(join(home, name)));
	return manifests.every(same) && existsSync(join(tools, 'node_modules', '.package-lock.json'));
};

const installTools = async () => {
	rmSync(tools, {recursive: true, force: true});
	mkdirSync(tools, {recursive: true});
	for (const name of manifests) {
		copyFileSync(join(home, name), join(tools, name));
	}

	const {code, output} = await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], {cwd: tools});
	if (code !== 0) {
		throw new Problem(`npm could not install Stryker:\n\n${output.trim()}`);
	}
};

const runStryker = async (options) => {
	rmSync(report, {force: true});
	const stryker = join(tools, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
	const {code} = await runNode([stryker, 'run', join(home, 'stryker.config.mjs'), ...options], {
		cwd: root,
		onOutput: (text) => process.stdout.write(text),
	});
	return code;
};

const printScores = ({readMutatedModules, scoreOf}) => {
	const modules = readMutatedModules();
	if (!modules) {
		throw new Problem('Stryker wrote no report.');
	}

	const sum = (field) => modules.reduce((total, one) => total + one[field], 0);
	console.log(
		`\n${modules
			.flatMap(({survivors}) => survivors)
			.map((survivor) => `survived ${survivor}`)
			.join('\n')}\n`,
	);
	for (const {path, all, found} of [...modules, {path: 'all', all: sum('all'), found: sum('found')}]) {
		const score = scoreOf([{all, found}]).toFixed(1);
		console.log(`${path.padEnd(16)}${String(found).padStart(5)} of ${String(all).padStart(4)}  ${score.padStart(5)} %`);
	}
};

try {
	await install((step) => console.log(`${step} ...`));
	if (!isInstalled()) {
		console.log('installing Stryker ...');
		await installTools();
	}

	const {require: load} = await import('tsx/cjs/api');
	const score = load('../test/proof/mutation-score.ts', import.meta.url);
	const options = process.argv.slice(2);
	process.exitCode = await runStryker(
		options.includes('--mutate') ? options : ['--mutate', score.mutatedPaths.join(','), ...options],
	);
	printScores(score);
} catch (error) {
	if (!(error instanceof Problem)) {
		throw error;
	}

	console.error(error.message);
	process.exitCode = 1;
}
