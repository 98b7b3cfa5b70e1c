/**
 * What the core needs from outside. The real one is in this file; a simulation gives its own, and the same core runs
 * in both.
 */
import {promises as fs, type BigIntStats} from 'node:fs';
import {dirname, resolve} from 'node:path';
import {codeOf, hasCode} from './errors';

/** A moment on both clocks: the wall clock may jump, the steady one stands still while the machine sleeps. */
export interface Instant {
	readonly wallMs: number;
	readonly steadyMs: number;
}

export interface Clock {
	now(): Instant;
	/** Calls back once, not before `delayMs` have passed; returns what cancels it. A callback must not throw. */
	setTimer(callback: () => void, delayMs: number): () => void;
}

/** A file that grows at its end. */
export interface AppendFile {
	append(data: Uint8Array): Promise<void>;
	/** Resolves when everything appended would survive a power cut. */
	sync(): Promise<void>;
	/** Whether this is the file under the path, and holds no less and no more than it should. */
	isStillAt(path: string): Promise<boolean>;
	close(): Promise<void>;
}

export interface Files {
	/**
	 * Makes the folder, mode 0700, so that a power cut does not take it away.
	 * @param onUnprotected told the system's code where the mode cannot be set, as on many network shares
	 */
	makeFolder(folder: string, onUnprotected?: (detail: string) => void): Promise<void>;
	list(folder: string): Promise<readonly string[]>;
	/** Up to `bytes` bytes, none at the end of the file; `undefined` when there is no such file. */
	read(path: string, from: number, bytes: number): Promise<Buffer | undefined>;
	/** Opens for appending and creates with mode 0600. */
	open(path: string): Promise<AppendFile>;
	rename(from: string, to: string): Promise<void>;
	remove(path: string): Promise<void>;
	/** Makes renames and new files in the folder durable. */
	syncFolder(folder: string): Promise<void>;
}

export interface Environment {
	readonly clock: Clock;
	/** From 0 up to, not including, 1. */
	readonly random: () => number;
	readonly files: Files;
}

/** The age of a lock must never be underestimated: the larger of what the two clocks say. */
export const elapsedMs = (now: Instant, since: Instant): number =>
	Math.max(now.wallMs - since.wallMs, now.steadyMs - since.steadyMs);

/** Time in which this process could work: the time asleep does not count. */
export const workedMs = (now: Instant, since: Instant): number => now.steadyMs - since.steadyMs;

/** `setTimeout` fires at once above this. */
export const longestTimerMs = 2 ** 31 - 1;

const realClock: Clock = {
	now: () => ({wallMs: Date.now(), steadyMs: performance.now()}),
	setTimer(callback, delayMs) {
		const timer = setTimeout(callback, Math.min(Math.max(0, Math.ceil(delayMs)), longestTimerMs));
		return () => {
			clearTimeout(timer);
		};
	},
};

/** How the system says that only the owner of a volume sets its modes, or that it has none. */
const modeless: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** `undefined` when there is no such file. */
const statOf = async (path: string): Promise<BigIntStats | undefined> => {
	try {
		return await fs.stat(path, {bigint: true});
	} catch (error) {
		if (hasCode(error, 'ENOENT', 'ENOTDIR')) {
			return undefined;
		}

		throw error;
	}
};

/**
 * A file is known by the number that its path had when it was opened: some systems give an open file another one.
 * In-place
 * changes by others, such as `cp` of a backup over it, show in its size.
 */
class RealAppendFile implements AppendFile {
	readonly #handle: fs.FileHandle;
	readonly #opened: BigIntStats;
	/** `undefined` after a failed write: then it is unknown. */
	#size: bigint | undefined;

	constructor(handle: fs.FileHandle, opened: BigIntStats) {
		this.#handle = handle;
		this.#opened = opened;
		this.#size = opened.size;
	}

	async append(data: Uint8Array): Promise<void> {
		const size = this.#size;
		this.#size = undefined;
		// A disk that is nearly full takes less than all.
		for (let written = 0; written < data.length;) {
			const {bytesWritten} = await this.#handle.write(data, written);
			written += bytesWritten;
		}

		this.#size = size === undefined ? undefined : size + BigInt(data.length);
	}

	sync(): Promise<void> {
		return this.#handle.datasync();
	}

	async isStillAt(path: string): Promise<boolean> {
		const there = await statOf(path);
		return (
			there !== undefined &&
			there.ino === this.#opened.ino &&
			there.dev === this.#opened.dev &&
			(this.#size === undefined || there.size === this.#size)
		);
	}

	close(): Promise<void> {
		return this.#handle.close();
	}
}

const realFiles: Files = {
	async makeFolder(folder, onUnprotected) {
		const first = await fs.mkdir(folder, {recursive: true, mode: 0o700});
		const {mode} = await fs.stat(folder);
		if ((mode & 0o777) !== 0o700) {
			await fs.chmod(folder, 0o700).catch((error: unknown) => {
				const detail = codeOf(error);
				if (detail === undefined || !modeless.includes(detail)) {
					throw error;
				}

				onUnprotected?.(detail);
			});
		}

		// As durable as what is put into it, with every folder that was made on the way.
		for (let path = resolve(folder); first !== undefined && path.length >= first.length; path = dirname(path)) {
			await realFiles.syncFolder(dirname(path));
		}
	},
	list: (folder) => fs.readdir(folder),
	async read(path, from, bytes) {
		const handle = await fs.open(path, 'r').catch((error: unknown) => {
			if (hasCode(error, 'ENOENT')) {
				return undefined;
			}

			throw error;
		});
		try {
			const read = await handle?.read(Buffer.allocUnsafe(bytes), 0, bytes, from);
			return read?.buffer.subarray(0, read.bytesRead);
		} finally {
			await handle?.close();
		}
	},
	async open(path) {
		const handle = await fs.open(path, 'a', 0o600);
		try {
			return new RealAppendFile(handle, await fs.stat(path, {bigint: true}));
		} catch (error) {
			await handle.close();
			throw error;
		}
	},
	rename: (from, to) => fs.rename(from, to),
	remove: (path) => fs.rm(path, {force: true}),
	async syncFolder(folder) {
		// Windows can neither open nor sync a folder, and does not need it.
		if (process.platform === 'win32') {
			return;
		}

		const handle = await fs.open(folder, 'r');
		try {
			await handle.sync();
		} finally {
			await handle.close();
		}
	},
};

export const realEnvironment: Environment = {clock: realClock, random: Math.random, files: realFiles};
