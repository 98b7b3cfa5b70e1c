import {cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import manifest from '../../package.json';
import {root} from './node-red';

/** An empty folder outside of the project, where nothing is found that the project has installed. */
export const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'retarus-fax-'));

export const removeFolder = (folder: string): void => {
	rmSync(folder, {recursive: true, force: true});
};

/** Makes the built project an installed package of a user directory. */
export const linkPackage = (userDirectory: string, project = root): void => {
	const link = join(userDirectory, 'node_modules', manifest.name);
	mkdirSync(dirname(link), {recursive: true});
	symlinkSync(project, link, 'junction');
};

/** The project as built now, for tests that take so long that somebody may build meanwhile. */
export const copyBuild = (): string => {
	const folder = makeFolder();
	cpSync(join(root, 'dist'), join(folder, 'dist'), {recursive: true});
	cpSync(join(root, 'package.json'), join(folder, 'package.json'));
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
	return folder;
};
