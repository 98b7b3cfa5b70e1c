/**
 * One process per state folder. The owner listens on a socket in the folder: the kernel frees it with the process, whatever killed that,
 * where a file with a process id would outlive it and block a container that gets the same id again.
 */
import {createHash, randomBytes} from 'node:crypto';
import {promises as fs} from 'node:fs';
import {connect, createServer, type Server} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {folderError, StateError} from './errors';

/** Gives the folder up. */
export type Release = () => Promise<void>;

/** The longest path of a socket that Linux and macOS both take, with room for our suffix. */
const longestSocketPath = 88;

/** @throws StateError when another process owns the folder, or it cannot be used */
export const ownFolder = async (folder: string): Promise<Release> => {
	try {
		return process.platform === 'win32' ? await ownPipe(folder) : await ownSocket(folder);
	} catch (cause) {
		throw cause instanceof StateError ? cause : folderError(folder, cause);
	}
};

const digest = (folder: string): string => createHash('sha256').update(folder).digest('hex').slice(0, 16);

const taken = (folder: string): StateError => new StateError('folderTaken', {folder});

const listen = (path: string): Promise<Server> => new Promise((resolve, reject) => {
	const server = createServer((socket) => {
		socket.destroy();
	});
	server.unref();
	server.on('error', reject);
	server.listen(path, () => {
		resolve(server);
	});
});

const close = (server: Server): Promise<void> => new Promise((resolve) => {
	server.close(() => {
		resolve();
	});
});

const hasCode = (error: unknown, ...codes: string[]): boolean => error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** Whether a process listens there. */
const isAlive = (path: string): Promise<boolean> => new Promise((resolve, reject) => {
	const socket = connect(path, () => {
		socket.destroy();
		resolve(true);
	});
	socket.once('error', (error) => {
		if (hasCode(error, 'ECONNREFUSED', 'ENOENT', 'ENOTSOCK')) {
			resolve(false);
		} else {
			reject(error);
		}
	});
});

/** A name of a pipe exists as long as its process, and only once. */
const ownPipe = async (folder: string): Promise<Release> => {
	try {
		const server = await listen(`\\\\.\\pipe\\retarus-fax-${digest(folder)}`);
		return () => close(server);
	} catch (error) {
		throw hasCode(error, 'EADDRINUSE', 'EACCES') ? taken(folder) : error;
	}
};

/** Listens under a name of its own and links that to the name all agree on: only one process can make the link, and never to a socket nobody listens on. */
const ownSocket = async (folder: string): Promise<Release> => {
	const inFolder = join(folder, 'owner');
	const elsewhere = join(tmpdir(), `retarus-fax-${digest(folder)}`);
	if (Buffer.byteLength(inFolder) > longestSocketPath) {
		return ownAt(elsewhere, folder);
	}

	try {
		return await ownAt(inFolder, folder);
	} catch (error) {
		// Some network and container volumes have no sockets, or no links: then only processes of this machine can be told apart.
		if (hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL')) {
			return ownAt(elsewhere, folder);
		}

		throw error;
	}
};

/** @param agreed the name of the owner's socket */
const ownAt = async (agreed: string, folder: string): Promise<Release> => {
	const own = `${agreed}-${randomBytes(4).toString('hex')}`;
	const server = await listen(own);
	try {
		await fs.chmod(own, 0o600);
		while (!await tryLink(own, agreed)) {
			if (await isAlive(agreed)) {
				throw taken(folder);
			}

			await clearStale(agreed, own);
		}

		await fs.rm(own);
	} catch (error) {
		await close(server);
		throw error;
	}

	return async () => {
		await fs.rm(agreed, {force: true});
		await close(server);
	};
};

const tryLink = async (own: string, agreed: string): Promise<boolean> => {
	try {
		await fs.link(own, agreed);
		return true;
	} catch (error) {
		if (hasCode(error, 'EEXIST')) {
			return false;
		}

		throw error;
	}
};

/** Moves the dead socket away before it is removed: should a new owner have taken its place just now, that one is put back. */
const clearStale = async (agreed: string, own: string): Promise<void> => {
	const aside = `${own}-stale`;
	try {
		await fs.rename(agreed, aside);
	} catch (error) {
		if (hasCode(error, 'ENOENT')) {
			return;
		}

		throw error;
	}

	if (await isAlive(aside)) {
		await tryLink(aside, agreed);
	}

	await fs.rm(aside, {force: true});
};
