/**
 * One process per state folder. The owner listens on a socket in the folder: the kernel frees it with the process, whatever killed that,
 * where a file with a process id would outlive it and block a container that gets the same id again.
 */
import {createHash, randomBytes} from 'node:crypto';
import {promises as fs} from 'node:fs';
import {connect, createServer, type Server, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {basename, dirname, join} from 'node:path';
import {folderError, StateError} from '../errors';

/** Gives the folder up. */
export type Release = () => Promise<void>;

/** The longest path of a socket that Linux and macOS both take, with room for our suffix. */
const longestSocketPath = 88;

/** How long another candidate is given to make up its mind: a process that is stopped never does. */
const patienceMs = 2000;

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

const hasCode = (error: unknown, ...codes: string[]): boolean =>
	error instanceof Error && 'code' in error && codes.includes(String(error.code));

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

/** Whether a process listens there. */
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

/** A name of a pipe exists as long as its process, and only once. */
const ownPipe = async (folder: string): Promise<Release> => {
	try {
		const server = await listen(`\\\\.\\pipe\\retarus-fax-${digest(folder)}`, (socket) => {
			socket.destroy();
		});
		return () => close(server);
	} catch (error) {
		throw hasCode(error, 'EADDRINUSE', 'EACCES') ? taken(folder) : error;
	}
};

const ownSocket = async (folder: string): Promise<Release> => {
	const inFolder = join(folder, 'owner');
	const elsewhere = join(tmpdir(), `retarus-fax-${digest(folder)}`);
	if (Buffer.byteLength(inFolder) > longestSocketPath) {
		return ownAt(elsewhere, folder);
	}

	try {
		return await ownAt(inFolder, folder);
	} catch (error) {
		// Some network and container volumes have no sockets: then only processes of this machine can be told apart.
		if (hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL')) {
			return ownAt(elsewhere, folder);
		}

		throw error;
	}
};

/**
 * A candidate listens under a name of its own, beside the name that all agree on, before it looks for others. So of two that begin together at least one
 * sees the other: the lower name waits, the higher gives way. Who is left takes the agreed name. No name is used twice: whoever finds a dead one removes it.
 * @param agreed the name of the owner's socket
 */
const ownAt = async (agreed: string, folder: string): Promise<Release> => {
	const own = `${agreed}-${randomBytes(4).toString('hex')}`;
	const waiting = new Set<Socket>();
	let isDecided = false;
	const server = await listen(own, (socket) => {
		if (isDecided) {
			socket.destroy();
		} else {
			waiting.add(socket);
		}
	});
	const decide = (): void => {
		isDecided = true;
		for (const socket of waiting) {
			socket.destroy();
		}
	};
	try {
		await fs.chmod(own, 0o600);
		await outlast(own, agreed, folder);
		// After the candidates: one that has become the owner meanwhile is none any more.
		if (await isAlive(agreed)) {
			throw taken(folder);
		}

		await fs.rename(own, agreed);
	} catch (error) {
		decide();
		await close(server);
		// Without its name, which another took for that of a dead one just before it listened, nobody would see this one.
		throw hasCode(error, 'ENOENT') ? taken(folder) : error;
	}

	decide();
	return async () => {
		await fs.rm(agreed, {force: true});
		await close(server);
	};
};

/** @throws StateError when another candidate comes first */
const outlast = async (own: string, agreed: string, folder: string): Promise<void> => {
	for (let isAlone = false; !isAlone;) {
		isAlone = true;
		const names = (await fs.readdir(dirname(agreed))).filter((name) => name.startsWith(`${basename(agreed)}-`));
		const others = names
			.map((name) => join(dirname(agreed), name))
			.filter((path) => path !== own)
			.sort();
		for (const other of others) {
			const socket = await call(other);
			if (!socket) {
				await fs.rm(other, {force: true});
				continue;
			}

			isAlone = false;
			if (other < own || !(await isEnded(socket))) {
				socket.destroy();
				throw taken(folder);
			}
		}
	}
};
