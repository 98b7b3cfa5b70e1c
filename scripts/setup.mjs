// Prepares a fresh clone for its tests and its demo. An old Node must be able to run this file, and nothing is
// installed yet: it uses only modules and syntax of Node 16.
import {accessSync, constants, existsSync, readFileSync, readdirSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {runNode, runNpm} from './command.mjs';
import {Problem} from './problem.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const path = (...names) => join(root, ...names);

/**
 * Installs and builds what is missing or out of date.
 * @param report called before each slow step @default does nothing
 * @throws Problem
 */
export async function setUp(report = () => undefined) {
	checkNode();
	checkWritable();
	await install(report);
	if (timeOf(path('dist', 'nodes', 'retarus-account.js')) < newest(sources)) {
		report('building');
		await succeed(runNode([path('scripts', 'build.mjs')], {cwd: root}), 'The build failed');
	}
}

/** @throws Problem */
export async function install(report = () => undefined) {
	checkNode();
	if (timeOf(path('node_modules', '.package-lock.json')) < timeOf(path('package-lock.json'))) {
		checkWritable();
		report('installing');
		await succeed(
			runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], {cwd: root}),
			'npm could not install the dependencies',
		);
	}
}

function checkNode() {
	const {node} = JSON.parse(readFileSync(path('package.json'), 'utf8')).engines;
	const wanted = node.replace('>=', '').split('.').map(Number);
	const actual = process.versions.node.split('.').map(Number);
	const different = wanted.findIndex((part, index) => part !== actual[index]);
	if (different !== -1 && actual[different] < wanted[different]) {
		const oldest = wanted.join('.');
		throw new Problem(
			`This is Node ${process.versions.node}, but ${oldest} or newer is required. Get it from https://nodejs.org`,
		);
	}
}

function checkWritable() {
	try {
		accessSync(root, constants.W_OK);
	} catch {
		throw new Problem(`The folder ${root} is not writable: clone the project into a folder of your own.`);
	}
}

async function succeed(running, sentence) {
	const {code, output} = await running;
	if (code !== 0) {
		throw new Problem(`${sentence}:\n\n${output.trim()}`);
	}
}

/** Everything the build reads. */
const sources = [
	'lib',
	'nodes',
	'simulator',
	'icons',
	'locales',
	'package.json',
	'tsconfig.json',
	'tsconfig.build.json',
	join('scripts', 'build.mjs'),
];

const newest = (names) => Math.max(...names.flatMap((name) => filesOf(path(name))).map(timeOf));

const filesOf = (file) =>
	statSync(file).isDirectory()
		? readdirSync(file)
				.filter((name) => name !== 'dist')
				.flatMap((name) => filesOf(join(file, name)))
		: [file];

/** When a file was last modified; 0 if it does not exist. */
const timeOf = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);
