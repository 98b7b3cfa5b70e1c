import {mkdirSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {installed} from '../../node-red/installed';

/** Nodes that examples name beside those of Node-RED itself. */
const versions = {'node-red-node-email': '5.2.5', 'node-red-node-sqlite': '1.1.1'} as const;
export type PaletteModule = keyof typeof versions;

/** Each has a folder of its own, filled once: SQLite may have to be compiled. By Node-API it is the same for every Node. */
const modulesFor = (name: PaletteModule): string => {
	const wanted = `${name}@${versions[name]}`;
	return installed(join('palette', wanted), [wanted], {runsScripts: true});
};

/** Makes a node of the palette one of a user directory, as *Manage palette* does. */
export const linkModule = (userDirectory: string, name: PaletteModule): void => {
	const modules = join(userDirectory, 'node_modules');
	mkdirSync(modules, {recursive: true});
	symlinkSync(join(modulesFor(name), name), join(modules, name), 'junction');
};

/** What a node of the palette brings along, for a test to look at the same things. */
export const modulesOf = (name: PaletteModule): string => join(modulesFor(name), name, 'package.json');
