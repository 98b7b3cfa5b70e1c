import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {root, type Runtime} from './node-red';

/** Node-RED 5 wants a newer Node than the package does. */
const versions = {'node-red': '5.0.7', [`node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`]: '24.21.0'};

/** Outside of what the project installs, for that Node would take the place of the one that runs its scripts. */
const folder = join(root, 'node_modules', '.cache', 'node-red-5');

/** Node-RED 5 on Node 24, installed once. */
export const nodeRed5 = (): Runtime => {
	const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
	const done = join(folder, `installed ${wanted.join(' ')}`);
	if (!existsSync(done)) {
		mkdirSync(folder, {recursive: true});
		writeFileSync(join(folder, 'package.json'), '{"private": true}');
		const options = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
		execFileSync('npm', ['install', ...options, ...wanted], {cwd: folder, shell: process.platform === 'win32', stdio: ['ignore', 'ignore', 'inherit']});
		writeFileSync(done, '');
	}

	const modules = join(folder, 'node_modules');
	const [, node = ''] = Object.keys(versions);
	return {
		node: join(modules, node, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
		script: join(modules, 'node-red', 'red.js'),
	};
};
