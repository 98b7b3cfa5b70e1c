import {dirname, join} from 'node:path';
import type {AppendFile, Files} from '../../lib/environment';

/** What a disk does wrong, until it is told to stop. */
export interface Faults {
	/** An append writes so many bytes of its data and fails. */
	appendAfterBytes?: number;
	/** Bytes that still fit on the disk. */
	freeBytes?: number;
	sync?: boolean;
	syncFolder?: boolean;
	open?: boolean;
	rename?: boolean;
	read?: boolean;
}

/** What a name points to. As on a real disk, an open handle keeps it alive when the name is given to another. */
interface Inode {
	content: Buffer;
	/** What a power cut leaves. */
	durable: Buffer;
}

export const diskError = (code: string): Error => Object.assign(new Error(`disk: ${code}`), {code});

export class MemoryFiles implements Files {
	readonly faults: Faults = {};
	/** Every call that changes something, by name. */
	readonly calls: string[] = [];
	openHandles = 0;
	readonly #files = new Map<string, Inode>();
	/** Files that a power cut leaves. */
	#durableNames = new Map<string, Inode>();
	#gate: Promise<void> | undefined;

	/** Holds every append until the returned function is called. */
	holdAppends(): () => void {
		let release = (): void => undefined;
		this.#gate = new Promise((resolve) => {
			release = () => {
				this.#gate = undefined;
				resolve();
			};
		});
		return release;
	}

	mend(): void {
		for (const fault of Object.keys(this.faults) as (keyof Faults)[]) {
			// eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the keys are those of Faults
			delete this.faults[fault];
		}
	}

	put(path: string, content: string | Buffer): void {
		const bytes = Buffer.from(content);
		this.#files.set(path, {content: bytes, durable: bytes});
		this.#durableNames = new Map(this.#files);
	}

	get(path: string): string | undefined {
		return this.#files.get(path)?.content.toString('utf8');
	}

	names(): readonly string[] {
		return [...this.#files.keys()].sort();
	}

	/** The disk as another process finds it after this one was killed. */
	afterKill(): MemoryFiles {
		const copy = new MemoryFiles();
		for (const [path, {content}] of this.#files) {
			copy.put(path, content);
		}

		return copy;
	}

	/** The disk after a power cut: what was not synced is gone. */
	afterPowerCut(): MemoryFiles {
		const copy = new MemoryFiles();
		for (const [path, {durable}] of this.#durableNames) {
			copy.put(path, durable);
		}

		return copy;
	}

	makeFolder(): Promise<void> {
		return Promise.resolve();
	}

	list(folder: string): Promise<readonly string[]> {
		return Promise.resolve(
			[...this.#files.keys()]
				.filter((path) => dirname(path) === join(folder))
				.map((path) => path.slice(join(folder).length + 1)),
		);
	}

	async read(path: string, from = 0, bytes = Infinity): Promise<Buffer | undefined> {
		await Promise.resolve();
		if (this.faults.read) {
			throw diskError('EIO');
		}

		const inode = this.#files.get(path);
		return inode && Buffer.from(inode.content.subarray(from, from + bytes));
	}

	async open(path: string): Promise<AppendFile> {
		this.calls.push(`open ${path}`);
		await Promise.resolve();
		if (this.faults.open) {
			throw diskError('EACCES');
		}

		const inode = this.#files.get(path) ?? {content: Buffer.alloc(0), durable: Buffer.alloc(0)};
		this.#files.set(path, inode);
		this.openHandles += 1;
		let isOpen = true;
		return {
			append: async (data) => {
				this.calls.push('append');
				await Promise.resolve();
				await this.#gate;
				this.#append(inode, data, isOpen);
			},
			sync: async () => {
				this.calls.push('sync');
				await Promise.resolve();
				if (this.faults.sync) {
					throw diskError('EIO');
				}

				inode.durable = inode.content;
			},
			isStillAt: (name) => Promise.resolve(this.#files.get(name) === inode),
			close: async () => {
				await Promise.resolve();
				this.openHandles -= isOpen ? 1 : 0;
				isOpen = false;
			},
		};
	}

	async rename(from: string, to: string): Promise<void> {
		this.calls.push(`rename ${from} ${to}`);
		await Promise.resolve();
		const inode = this.#files.get(from);
		if (this.faults.rename || inode === undefined) {
			throw diskError(inode === undefined ? 'ENOENT' : 'EIO');
		}

		this.#files.set(to, inode);
		this.#files.delete(from);
	}

	async remove(path: string): Promise<void> {
		await Promise.resolve();
		this.#files.delete(path);
	}

	async syncFolder(folder: string): Promise<void> {
		this.calls.push(`syncFolder ${folder}`);
		await Promise.resolve();
		if (this.faults.syncFolder) {
			throw diskError('EIO');
		}

		this.#durableNames = new Map(this.#files);
	}

	#append(inode: Inode, data: Uint8Array, isOpen: boolean): void {
		if (!isOpen) {
			throw diskError('EBADF');
		}

		const fits = Math.min(
			this.faults.appendAfterBytes ?? data.length,
			this.faults.freeBytes ?? data.length,
			data.length,
		);
		inode.content = Buffer.concat([inode.content, data.subarray(0, fits)]);
		if (this.faults.freeBytes !== undefined) {
			this.faults.freeBytes -= fits;
		}

		if (fits < data.length || this.faults.appendAfterBytes !== undefined) {
			throw diskError(this.faults.appendAfterBytes === undefined ? 'ENOSPC' : 'EIO');
		}
	}
}
