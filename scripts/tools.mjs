// Installs other versions of Node and Node-RED, and other tools, each once and in its own folder: among the project's
// dependencies, such a Node would shadow the one that runs the project's scripts.
import {existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {runNpm} from './command.mjs';
import {Problem} from './problem.mjs';
import {root} from './setup.mjs';

const cache = join(root, 'node_modules', '.cache', 'tools');
const isWindows = process.platform === 'win32';

/** An npm package that contains the binary of Node, so that nothing has to run to install it. */
const nodePackage = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;

/**
 * Installs a package without running its scripts.
 * @returns the folder with the package and its dependencies
 * @throws Problem
 */
export async function installed(name, version, report) {
	const folder = join(cache, `${name}-${version}`);
	const done = join(folder, 'installed');
	if (!existsSync(done)) {
		report(`installing ${name} ${version}`);
		rmSync(folder, {recursive: true, force: true});
		mkdirSync(folder, {recursive: true});
		writeFileSync(join(folder, 'package.json'), '{"private": true}');
		const options = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
		const {code, output} = await runNpm(['install', ...options, `${name}@${version}`], {cwd: folder});
		if (code !== 0) {
			throw new Problem(`npm could not install ${name} ${version}:\n\n${output.trim()}`);
		}

		writeFileSync(done, '');
	}

	return join(folder, 'node_modules');
}

/** @returns the path of the Node binary of exactly this version */
export async function findNode(version, report) {
	if (process.versions.node === version) {
		return process.execPath;
	}

	return join(await installed(nodePackage, version, report), nodePackage, 'bin', isWindows ? 'node.exe' : 'node');
}

/** @returns the path of the script that starts Node-RED */
export async function findNodeRed(version, report) {
	const modules =
		version === 'of the project' ? join(root, 'node_modules') : await installed('node-red', version, report);
	return join(modules, 'node-red', 'red.js');
}
