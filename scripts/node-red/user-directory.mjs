// @ts-check
import {cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {root} from '../setup.mjs';

/** An empty folder outside the project, where Node finds nothing that the project has installed. */
export const makeFolder = () => mkdtempSync(join(tmpdir(), 'retarus-fax-'));

/** @param {string} folder */
export const removeFolder = (folder) => {
	rmSync(folder, {recursive: true, force: true});
};

/**
 * Makes the built project an installed package of a user directory.
 * @param {string} userDirectory
 * @param {string} [project]
 */
export const linkPackage = (userDirectory, project = root) => {
	const {name} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	const link = join(userDirectory, 'node_modules', name);
	mkdirSync(dirname(link), {recursive: true});
	rmSync(link, {recursive: true, force: true});
	symlinkSync(project, link, 'junction');
};

/** The project as built now, for runs so long that somebody may build meanwhile. */
export const copyBuild = () => {
	const folder = makeFolder();
	cpSync(join(root, 'dist'), join(folder, 'dist'), {recursive: true});
	cpSync(join(root, 'package.json'), join(folder, 'package.json'));
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
	return folder;
};
