import {createHash, randomBytes} from 'node:crypto';
import {promises as fs} from 'node:fs';
import {connect, createServer, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join, resolve, win32} from 'node:path';
import {hasCode, StateError} from '../errors';

/** What the kernel frees with the process. Gives it up before. */
export type Close = () => Promise<void>;

/** Candidates have this name too, with a hyphen and something of their own behind it. */
const agreedName = 'owner';

/** The longest path of a socket that Linux and macOS both take, with room for the suffix of a candidate. */
const longestSocketPath = 88;

/** How long another candidate is given to make up its mind: a process that is stopped never does. */
const patienceMs = 2000;

const taken = (folder: string): StateError => new StateError('folderTaken', {folder});

const listen = (path: string, onConnection: (socket: Socket) => void): Promise<Server> =>
	new Promise((resolve, reject) => {
		const server = createServer((socket) => {
			socket.on('error', () => undefined);
			onConnection(socket);
		});
		server.unref();
		server.on('error', reject);
		server.listen(path, () => {
			resolve(server);
		});
	});

const close = (server: Server): Promise<void> =>
	new Promise((resolve) => {
		server.close(() => {
			resolve();
		});
	});

/** `undefined` when no process listens there. */
const call = (path: string): Promise<Socket | undefined> =>
	new Promise((resolve, reject) => {
		const socket = connect(path, () => {
			socket.off('error', fail);
			socket.on('error', () => undefined);
			resolve(socket);
		});
		const fail = (error: Error): void => {
			if (hasCode(error, 'ECONNREFUSED', 'ENOENT', 'ENOTSOCK')) {
				resolve(undefined);
			} else if (hasCode(error, 'ECONNRESET')) {
				// It has just stopped listening, before it saw this connection.
				resolve(call(path));
			} else {
				reject(error);
			}
		};
		socket.on('error', fail);
	});

const isAlive = async (path: string): Promise<boolean> => {
	const socket = await call(path);
	socket?.destroy();
	return socket !== undefined;
};

/** Resolves to whether the other side ended the connection, and did not just keep silent. */
const isEnded = (socket: Socket): Promise<boolean> =>
	new Promise((resolve) => {
		socket.setTimeout(patienceMs, () => {
			resolve(false);
			socket.destroy();
		});
		socket.once('close', () => {
			resolve(true);
		});
		socket.resume();
	});

/** A folder by another path, short enough for a socket in it. */
interface Alias {
	readonly path: string;
	readonly remove: () => Promise<void>;
}

const fits = (path: string): boolean => Buffer.byteLength(join(path, agreedName)) <= longestSocketPath;

/**
 * The kernel takes only short paths for a socket, but follows links on the way: Linux has one for each open folder, and
 * elsewhere a link in the temporary folder does.
 * @returns `undefined` when there is no way to make one
 */
export const shortPath = async (folder: string, platform: string = process.platform): Promise<Alias | undefined> => {
	if (fits(folder)) {
		return {path: folder, remove: () => Promise.resolve()};
	}

	try {
		if (platform === 'linux') {
			const handle = await fs.open(folder, 'r');
			return {path: `/proc/self/fd/${handle.fd}`, remove: () => handle.close()};
		}

		const link = join(tmpdir(), `retarus-fax-${randomBytes(4).toString('hex')}`);
		if (fits(link)) {
			await fs.symlink(resolve(folder), link);
			return {path: link, remove: () => fs.rm(link, {force: true})};
		}
	} catch {
		// Without a socket the folder's record says who owns it.
	}

	return undefined;
};

/** The same for every spelling of a path that Windows takes for the same. */
export const pipeName = (realPath: string): string => {
	const path = win32
		.normalize(realPath)
		.replace(/^\\\\\?\\(UNC\\)?/i, (_, unc?: string) => (unc === undefined ? '' : '\\\\'))
		.replace(/\\+$/, '')
		.toLowerCase();
	return `\\\\.\\pipe\\retarus-fax-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
};

/** A pipe's name exists as long as its process, and only once. */
export const holdPipe = async (folder: string): Promise<Close> => {
	try {
		const server = await listen(pipeName(await fs.realpath(folder)), (socket) => {
			socket.destroy();
		});
		return () => close(server);
	} catch (error) {
		throw hasCode(error, 'EADDRINUSE', 'EACCES') ? taken(folder) : error;
	}
};

/**
 * A socket in the folder, which the kernel frees with the process, whatever killed that. A file with a process id would
 * outlive it, and block a container that gets the same id again.
 * @param assertAbandoned asked before the socket of one that seems dead is replaced; throws when it is not
 * @returns `undefined` where the folder can hold no socket
 */
export const holdSocket = async (folder: string, assertAbandoned: () => Promise<void>): Promise<Close | undefined> => {
	const alias = await shortPath(folder);
	try {
		return alias && (await elect(folder, alias.path, assertAbandoned));
	} finally {
		await alias?.remove();
	}
};

/**
 * A candidate listens under a name of its own, beside the name that all agree on, before it looks for others. So of two
 * that begin together at least one sees the other: the lower name waits, the higher gives way. The one left takes the
 * agreed name. No name is used twice, so a dead one may be removed.
 */
const elect = async (
	folder: string,
	shortFolder: string,
	assertAbandoned: () => Promise<void>,
): Promise<Close | undefined> => {
	const ownName = `${agreedName}-${randomBytes(4).toString('hex')}`;
	const agreed = join(folder, agreedName);
	const waiting = new Set<Socket>();
	let isDecided = false;
	const server = await listen(join(shortFolder, ownName), (socket) => {
		if (isDecided) {
			socket.destroy();
		} else {
			waiting.add(socket);
		}
	}).catch((error: unknown) => {
		// Some network and container volumes have no sockets.
		if (hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL')) {
			return undefined;
		}

		throw error;
	});
	if (!server) {
		return undefined;
	}

	const decide = (): void => {
		isDecided = true;
		for (const socket of waiting) {
			socket.destroy();
		}
	};
	try {
		// Some volumes know no modes.
		await fs.chmod(join(folder, ownName), 0o600).catch(() => undefined);
		await outlast(ownName, folder, shortFolder);
		// After the candidates: one that has become the owner meanwhile is none any more.
		if (await isAlive(join(shortFolder, agreedName))) {
			throw taken(folder);
		}

		await assertAbandoned();
		await fs.rename(join(folder, ownName), agreed);
	} catch (error) {
		decide();
		await close(server);
		// Without its name, which another took for that of a dead one just before it listened, nobody would see this one.
		throw hasCode(error, 'ENOENT') ? taken(folder) : error;
	}

	decide();
	const {ino} = await fs.lstat(agreed);
	return async () => {
		const there = await fs.lstat(agreed).catch(() => undefined);
		// Whoever took the folder over has a socket there.
		if (there?.ino === ino) {
			await fs.rm(agreed, {force: true});
		}

		await close(server);
	};
};

/** @throws StateError when another candidate comes first */
const outlast = async (ownName: string, folder: string, shortFolder: string): Promise<void> => {
	for (let isAlone = false; !isAlone;) {
		isAlone = true;
		const others = (await fs.readdir(folder))
			.filter((name) => name.startsWith(`${agreedName}-`) && name !== ownName)
			.sort();
		for (const other of others) {
			const socket = await call(join(shortFolder, other));
			if (!socket) {
				await fs.rm(join(folder, other), {force: true});
				continue;
			}

			isAlone = false;
			if (other < ownName || !(await isEnded(socket))) {
				socket.destroy();
				throw taken(folder);
			}
		}
	}
};
