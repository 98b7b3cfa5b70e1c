import {mkdirSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {installed} from '../../node-red/installed';

/** The modules that examples need in addition to Node-RED itself. */
const versions = {'node-red-node-email': '5.2.5', 'node-red-node-sqlite': '1.1.1'} as const;
export type PaletteModule = keyof typeof versions;

/** Each module has its own folder, filled once: SQLite may have to be compiled, but Node-API suits every Node. */
const modulesFor = (name: PaletteModule): string => {
	const wanted = `${name}@${versions[name]}`;
	return installed(join('palette', wanted), [wanted], {runsScripts: true});
};

/** Adds a palette module to a user directory, as *Manage palette* does. */
export const linkModule = (userDirectory: string, name: PaletteModule): void => {
	const modules = join(userDirectory, 'node_modules');
	mkdirSync(modules, {recursive: true});
	symlinkSync(join(modulesFor(name), name), join(modules, name), 'junction');
};

/** The manifest of a palette module, through which a test can load that module's own dependencies. */
export const modulesOf = (name: PaletteModule): string => join(modulesFor(name), name, 'package.json');
