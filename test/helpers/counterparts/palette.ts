import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {root} from '../node-red';

/** Nodes that examples name beside those of Node-RED itself. */
const versions = {'node-red-node-email': '5.2.5', 'node-red-node-sqlite': '1.1.1'} as const;
export type PaletteModule = keyof typeof versions;

/** Each has a folder of its own, filled once: one of them may have to be compiled. */
const folderOf = (name: PaletteModule): string => join(root, 'node_modules', '.cache', 'palette', `${name}@${versions[name]}`);

const install = (name: PaletteModule): string => {
	const folder = folderOf(name);
	const done = join(folder, 'installed');
	if (!existsSync(done)) {
		mkdirSync(folder, {recursive: true});
		writeFileSync(join(folder, 'package.json'), '{"private": true}');
		const options = ['--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', '--save-exact'];
		execFileSync('npm', ['install', ...options, `${name}@${versions[name]}`], {cwd: folder, shell: process.platform === 'win32', stdio: ['ignore', 'ignore', 'inherit']});
		writeFileSync(done, '');
	}

	return join(folder, 'node_modules', name);
};

/** Makes a node of the palette one of a user directory, as *Manage palette* does. */
export const linkModule = (userDirectory: string, name: PaletteModule): void => {
	const modules = join(userDirectory, 'node_modules');
	mkdirSync(modules, {recursive: true});
	symlinkSync(install(name), join(modules, name), 'junction');
};

/** What a node of the palette brings along, for a test to look at the same things. */
export const modulesOf = (name: PaletteModule): string => join(install(name), 'package.json');
