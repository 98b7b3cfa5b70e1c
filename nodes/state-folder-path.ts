/** Where this Node-RED keeps its state. */
import {homedir} from 'node:os';
import {join, resolve} from 'node:path';
import {ConfigError} from '../lib/errors';

/** What decides about the folder. `retarusAccountStateFolder` is an entry of settings.js. */
export interface StateFolderSettings {
	readonly userDir?: string | undefined;
	readonly retarusAccountStateFolder?: unknown;
}

export interface StateFolderChoice {
	readonly path: string;
	/** Nothing may be received with this choice. */
	readonly problem?: ConfigError;
}

/** A name of a folder that can lead nowhere else, on any file system. */
const isInstance = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) && !name.endsWith('.');

/**
 * The setting, else the environment variable `RETARUS_FAX_STATE_FOLDER`, else `retarus-fax` in the user directory.
 * Relative paths start in the user directory. Each replica on a shared volume has a name in `RETARUS_FAX_INSTANCE`, and
 * a subfolder of that name. It is never guessed, for example from a host name: a replica that comes back under another
 * name would know nothing of what it has accepted.
 */
export const chooseStateFolder = (
	{userDir = join(homedir(), '.node-red'), retarusAccountStateFolder: setting}: StateFolderSettings,
	{RETARUS_FAX_STATE_FOLDER: variable, RETARUS_FAX_INSTANCE: instance}: NodeJS.ProcessEnv = process.env,
): StateFolderChoice => {
	const isSet = typeof setting === 'string' && setting.trim() !== '';
	const path = resolve(userDir, isSet ? setting.trim() : variable?.trim() || 'retarus-fax');
	if (instance === undefined || instance === '') {
		return {path};
	}

	return isInstance(instance)
		? {path: join(path, instance)}
		: {path, problem: new ConfigError('instanceInvalid', {instance})};
};
