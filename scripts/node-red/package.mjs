// @ts-check
import {cpSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {run, runNpm} from '../command.mjs';
import {Problem} from '../problem.mjs';
import {root} from '../setup.mjs';

/**
 * What `npm pack` says about a tarball.
 * @typedef {{readonly file: string, readonly bytes: number, readonly entries: readonly string[]}} Tarball
 */

/** @type {{readonly name: string, readonly files: readonly string[]}} */
export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * Copies what is published, since a build may replace dist/ meanwhile.
 * @param {string} folder
 * @returns {string} the folder of the copy
 */
export function copyPackage(folder) {
	const copy = join(folder, 'package');
	mkdirSync(copy);
	for (const name of ['package.json', 'README.md', 'LICENSE', ...manifest.files].filter((one) =>
		existsSync(join(root, one)),
	)) {
		cpSync(join(root, name), join(copy, name), {recursive: true});
	}

	return copy;
}

/**
 * Packs what is built.
 * @param {string} folder where the tarball goes
 */
export const packBuild = (folder) => pack(folder, copyPackage(folder), ['--ignore-scripts']);

/**
 * Packs the project as its publisher does: npm builds it first.
 * @param {string} folder where the tarball goes
 */
export const packProject = (folder) => pack(folder, root, []);

/**
 * Packs the simulator, as built.
 * @param {string} folder where the tarball goes
 */
export const packSimulator = (folder) => pack(folder, join(root, 'simulator'), ['--ignore-scripts']);

/**
 * @param {string} folder
 * @param {string} source
 * @param {readonly string[]} options
 * @returns {Promise<Tarball>}
 * @throws {Problem}
 */
async function pack(folder, source, options) {
	const args = ['pack', '--json', '--loglevel=error', '--pack-destination', folder, ...options];
	const {code, output} = await runNpm(args, {cwd: source});
	if (code !== 0) {
		throw new Problem(`npm could not pack the package:\n\n${output.trim()}`);
	}

	/** @type {[{filename: string, size: number, files: readonly {path: string}[]}]} */
	const [{filename, size, files}] = JSON.parse(output.slice(output.indexOf('[\n')));
	return {file: join(folder, filename), bytes: size, entries: files.map(({path}) => path)};
}

/**
 * Installs a tarball as its user does. A package that does not want this Node is an error.
 * @param {Tarball} tarball
 * @param {string} userDirectory
 * @param {string} [node] the Node that runs npm
 * @throws {Problem}
 */
export async function install({file}, userDirectory, node = process.execPath) {
	const manifestFile = join(userDirectory, 'package.json');
	if (!existsSync(manifestFile)) {
		writeFileSync(manifestFile, '{"name": "node-red-project", "private": true}');
	}

	const quiet = ['--no-audit', '--no-fund', '--loglevel=warn'];
	const args = ['install', file, '--prefix', userDirectory, '--engine-strict', '--prefer-offline', ...quiet];
	const options = {cwd: userDirectory};
	const {code, output} = await (node === process.execPath
		? runNpm(args, options)
		: run(node, [npmScript(), ...args], options));
	if (code !== 0) {
		throw new Problem(`npm could not install ${basename(file)}:\n\n${output.trim()}`);
	}
}

/** npm as a script, for a Node that has none of its own. */
const npmScript = () => {
	const beside = dirname(process.execPath);
	const folders = [join(beside, '..', 'lib'), beside].map((folder) =>
		join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
	);
	const found = [process.env.npm_execpath, ...folders].find((path) => path !== undefined && existsSync(path));
	if (found === undefined) {
		throw new Problem('npm was not found: start this with npm run.');
	}

	return found;
};
