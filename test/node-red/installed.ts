import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {root} from '../../scripts/setup.mjs';

/** Outside of what the project installs: a Node there would take the place of the one that runs its scripts. */
const cache = join(root, 'node_modules', '.cache');

interface InstallOptions {
	/** Whether what is installed may run something, e.g. a compiler. */
	readonly runsScripts: boolean;
}

/**
 * Installs packages, given with their versions, once into a folder of the cache.
 * @returns the folder with the modules
 */
export const installed = (name: string, packages: readonly string[], {runsScripts}: InstallOptions): string => {
	const folder = join(cache, name);
	const done = 'installed';
	if (!existsSync(join(folder, done))) {
		// Test files that run beside each other may want the same: the folder is there only when it is complete.
		const making = `${folder}.${process.pid}`;
		mkdirSync(making, {recursive: true});
		writeFileSync(join(making, 'package.json'), '{"private": true}');
		const options = [
			'--prefix',
			making,
			'--no-audit',
			'--no-fund',
			'--loglevel=error',
			'--save-exact',
			...(runsScripts ? [] : ['--ignore-scripts']),
		];
		execFileSync('npm', ['install', ...options, ...packages], {
			cwd: making,
			shell: process.platform === 'win32',
			stdio: ['ignore', 'ignore', 'inherit'],
			// A compiler may use all processors.
			env: {...process.env, JOBS: 'max'},
		});
		writeFileSync(join(making, done), '');
		if (existsSync(join(folder, done))) {
			rmSync(making, {recursive: true});
		} else {
			rmSync(folder, {recursive: true, force: true});
			renameSync(making, folder);
		}
	}

	return join(folder, 'node_modules');
};
