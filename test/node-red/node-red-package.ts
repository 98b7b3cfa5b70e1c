import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {root} from './node-red';

/** What `npm pack` tells about a tarball. */
export interface Tarball {
	readonly file: string;
	readonly bytes: number;
	/** Paths inside. */
	readonly entries: readonly string[];
}

/** npm tells the scripts it starts where it is. */
const npm = async (cwd: string, ...args: string[]): Promise<string> => {
	const script = process.env.npm_execpath;
	const {stdout} = await (script === undefined
		? promisify(execFile)('npm', args, {cwd, shell: process.platform === 'win32'})
		: promisify(execFile)(process.execPath, [script, ...args], {cwd}));
	return stdout;
};

/** Packs the project as its publisher does. */
export const pack = async (folder: string): Promise<Tarball> => {
	const output = await npm(root, 'pack', '--json', '--pack-destination', folder);
	const [{filename, size, files}] = JSON.parse(output) as [
		{filename: string; size: number; files: readonly {path: string}[]},
	];
	return {file: join(folder, filename), bytes: size, entries: files.map(({path}) => path)};
};

/** Installs a tarball as its user does. */
export const install = async (tarball: Tarball, userDirectory: string): Promise<void> => {
	await npm(
		userDirectory,
		'install',
		tarball.file,
		'--prefix',
		userDirectory,
		'--prefer-offline',
		'--no-audit',
		'--no-fund',
	);
};
