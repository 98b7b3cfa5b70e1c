import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
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
	const {name} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
	const link = join(folder, 'node_modules', name);
	mkdirSync(dirname(link), {recursive: true});
	rmSync(link, {recursive: true, force: true});
	symlinkSync(root, link, 'junction');
	const manifest = {name: 'demo', private: true, dependencies: {[name]: `file:${relative(folder, root)}`}};
	writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, '\t')}\n`);
}
