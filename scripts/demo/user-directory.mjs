import {mkdirSync, mkdtempSync, writeFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {manifest} from '../node-red/package.mjs';
import {linkPackage} from '../node-red/user-directory.mjs';
import {Problem} from '../problem.mjs';
import {root} from '../setup.mjs';

const parent = join(root, '.demo');

/**
 * Makes a user directory for Node-RED with this package installed in it, as a link.
 * @param isKept whether what is drawn in the editor is there again next time
 * @throws Problem
 */
export function makeUserDirectory(isKept) {
	try {
		mkdirSync(parent, {recursive: true});
		const folder = isKept ? join(parent, 'node-red') : mkdtempSync(join(parent, 'once-'));
		installPackage(folder);
		return folder;
	} catch (error) {
		if (['EACCES', 'EPERM', 'EROFS'].includes(error.code)) {
			throw new Problem(
				`The folder ${error.path} cannot be written: give this user the right to, or clone the project to a place of your own.`,
			);
		}

		throw error;
	}
}

function installPackage(folder) {
	linkPackage(folder);
	const dependencies = {[manifest.name]: `file:${relative(folder, root)}`};
	const own = {name: 'demo', private: true, dependencies};
	writeFileSync(join(folder, 'package.json'), `${JSON.stringify(own, undefined, '\t')}\n`);
}
