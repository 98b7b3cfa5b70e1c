/** What the core needs from outside. The real one is in this file; a simulation gives its own, and the same core runs in both. */
import {promises as fs} from 'node:fs';
import {dirname, resolve} from 'node:path';

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
	close(): Promise<void>;
}

export interface Files {
	/** Makes the folder, mode 0700, so that a power cut does not take it away. */
	makeFolder(folder: string): Promise<void>;
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

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const realFiles: Files = {
	async makeFolder(folder) {
		const first = await fs.mkdir(folder, {recursive: true, mode: 0o700});
		await fs.chmod(folder, 0o700);
		// As durable as what is put into it, with every folder that was made on the way.
		for (let path = resolve(folder); first !== undefined && path.length >= first.length; path = dirname(path)) {
			await realFiles.syncFolder(dirname(path));
		}
	},
	list: (folder) => fs.readdir(folder),
	async read(path, from, bytes) {
		const handle = await fs.open(path, 'r').catch((error: unknown) => {
			if (isMissing(error)) {
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
		return {
			async append(data) {
				// A disk that is nearly full takes less than all.
				for (let written = 0; written < data.length;) {
					const {bytesWritten} = await handle.write(data, written);
					written += bytesWritten;
				}
			},
			sync: () => handle.datasync(),
			close: () => handle.close(),
		};
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
