import {cpSync, existsSync, mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {runNpm} from './command.mjs';
import {Problem} from './problem.mjs';
import {root} from './setup.mjs';

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Copies what is published, since a build may replace dist/ meanwhile. @returns the folder of the copy */
export function copyPackage(folder) {
	const copy = join(folder, 'package');
	mkdirSync(copy);
	for (const name of ['package.json', 'README.md', 'LICENSE', ...manifest.files].filter((one) =>
		existsSync(join(root, one)),
	)) {
		cpSync(join(root, name), join(copy, name), {recursive: true});
	}

	return copy;
}

/**
 * Packs what is built.
 * @returns the path of the tarball
 * @throws Problem
 */
export async function pack(folder) {
	const {code, output} = await runNpm(
		['pack', '--ignore-scripts', '--json', '--loglevel=error', '--pack-destination', folder],
		{cwd: copyPackage(folder)},
	);
	if (code !== 0) {
		throw new Problem(`npm could not pack the package:\n\n${output.trim()}`);
	}

	return join(folder, JSON.parse(output.slice(output.indexOf('[')))[0].filename);
}
