/**
 * A disk in memory, the same for every simulation. Synced bytes and names survive a power cut; of the others any part
 * may.
 * Each simulation puts a policy of its own before the calls: what fails, when, and how far a call got.
 */
import {dirname} from 'node:path';
import type {AppendFile, Files} from '../../lib/environment';

export const diskError = (code: string): Error => Object.assign(new Error(`disk: ${code}`), {code});

/** The bytes a name points to. An open file keeps its inode when the name is removed, or given to another. */
export class Inode {
	#chunks: Buffer[];
	#size: number;
	#durableSize: number;
	/** After a failed sync the system drops the dirty pages: later syncs succeed and save nothing. */
	#isPoisoned = false;

	/** @param content durable from the start */
	constructor(content: Buffer = Buffer.alloc(0)) {
		this.#chunks = [content];
		this.#size = content.length;
		this.#durableSize = content.length;
	}

	get content(): Buffer {
		const [first] = this.#chunks;
		if (this.#chunks.length !== 1 || first === undefined) {
			this.#chunks = [Buffer.concat(this.#chunks, this.#size)];
		}

		return this.#chunks[0] ?? Buffer.alloc(0);
	}

	get size(): number {
		return this.#size;
	}

	/** A power cut leaves at least this many bytes. */
	get durableSize(): number {
		return this.#durableSize;
	}

	append(data: Uint8Array): void {
		this.#chunks.push(Buffer.from(data));
		this.#size += data.length;
	}

	sync(): void {
		this.#durableSize = this.#isPoisoned ? this.#durableSize : this.#size;
	}

	failSync(): void {
		this.#isPoisoned = true;
	}
}

export type Names = ReadonlyMap<string, Inode>;
/** Names that change together; without an inode the name goes. */
type Change = readonly (readonly [path: string, inode: Inode | undefined])[];

const apply = (change: Change, names: Map<string, Inode>): void => {
	for (const [path, inode] of change) {
		if (inode === undefined) {
			names.delete(path);
		} else {
			names.set(path, inode);
		}
	}
};

export class Disk {
	readonly #names: Map<string, Inode>;
	readonly #durableNames: Map<string, Inode>;
	/** Changes of names since the last sync of their folder, oldest first. */
	#pendingNames: Change[] = [];
	/** Folders that somebody removed. Any other folder is there, made or not. */
	readonly #removedFolders = new Set<string>();

	/** @param contents by path, all durable */
	constructor(contents: ReadonlyMap<string, Buffer> = new Map()) {
		this.#names = new Map([...contents].map(([path, content]) => [path, new Inode(content)]));
		this.#durableNames = new Map(this.#names);
	}

	get names(): Names {
		return this.#names;
	}

	get durableNames(): Names {
		return this.#durableNames;
	}

	get contents(): ReadonlyMap<string, Buffer> {
		return new Map([...this.#names].map(([path, {content}]) => [path, content]));
	}

	/** Everything that is certain to survive a power cut. */
	get durableContents(): ReadonlyMap<string, Buffer> {
		return new Map(
			[...this.#durableNames].map(([path, {content, durableSize}]) => [path, content.subarray(0, durableSize)]),
		);
	}

	/** The names a power cut may leave, one more of the pending changes in each. */
	*possibleNames(): Iterable<Names> {
		const names = new Map(this.#durableNames);
		yield new Map(names);
		for (const change of this.#pendingNames) {
			apply(change, names);
			yield new Map(names);
		}
	}

	/** Puts a durable file there. */
	put(path: string, content: Buffer): void {
		this.#change([[path, new Inode(content)]]);
		this.syncFolder(dirname(path));
	}

	/** The folder vanishes, or a backup takes its place. Files in it that are open live on without a name. */
	replaceFolder(folder: string, contents: ReadonlyMap<string, Buffer> | undefined): void {
		const isInside = (path: string): boolean => path.startsWith(`${folder}/`);
		for (const path of [...this.#names.keys(), ...this.#durableNames.keys()].filter(isInside)) {
			this.#names.delete(path);
			this.#durableNames.delete(path);
		}

		this.#pendingNames = this.#pendingNames.filter((change) => !change.some(([path]) => isInside(path)));
		if (contents === undefined) {
			this.#removedFolders.add(folder);
		} else {
			this.#removedFolders.delete(folder);
			for (const [path, content] of contents) {
				this.put(path, content);
			}
		}
	}

	makeFolder(folder: string): void {
		this.#removedFolders.delete(folder);
	}

	list(folder: string): readonly string[] {
		this.#find(folder);
		return [...this.#names.keys()]
			.filter((path) => dirname(path) === folder)
			.map((path) => path.slice(folder.length + 1));
	}

	/** The file of that name, a new one if there is none. */
	open(path: string): Inode {
		this.#find(dirname(path));
		const inode = this.#names.get(path) ?? new Inode();
		if (!this.#names.has(path)) {
			this.#change([[path, inode]]);
		}

		return inode;
	}

	rename(from: string, to: string): void {
		const inode = this.#names.get(from);
		if (inode === undefined) {
			throw diskError('ENOENT');
		}

		this.#change([
			[from, undefined],
			[to, inode],
		]);
	}

	remove(path: string): void {
		if (this.#names.has(path)) {
			this.#change([[path, undefined]]);
		}
	}

	syncFolder(folder: string): void {
		this.#find(folder);
		const isHere = (change: Change): boolean => change.some(([path]) => dirname(path) === folder);
		for (const change of this.#pendingNames.filter(isHere)) {
			apply(change, this.#durableNames);
		}

		this.#pendingNames = this.#pendingNames.filter((change) => !isHere(change));
	}

	#find(folder: string): void {
		if (this.#removedFolders.has(folder)) {
			throw diskError('ENOENT');
		}
	}

	#change(change: Change): void {
		apply(change, this.#names);
		this.#pendingNames.push(change);
	}
}

/** What a process asks of the disk. */
export type Call =
	| {readonly kind: 'append'; readonly path: string; readonly inode: Inode; readonly data: Uint8Array}
	| {readonly kind: 'sync' | 'close'; readonly path: string; readonly inode: Inode}
	| {readonly kind: 'rename'; readonly path: string; readonly to: string}
	| {
			readonly kind: 'makeFolder' | 'list' | 'read' | 'identify' | 'open' | 'remove' | 'syncFolder';
			readonly path: string;
	  };

/** The disk as a process sees it, behind the policy of a simulation. */
export abstract class MountedDisk implements Files {
	openHandles = 0;
	readonly disk: Disk;

	constructor(disk: Disk) {
		this.disk = disk;
	}

	makeFolder(path: string): Promise<void> {
		return this.perform({kind: 'makeFolder', path}, () => {
			this.disk.makeFolder(path);
		});
	}

	list(path: string): Promise<readonly string[]> {
		return this.perform({kind: 'list', path}, () => this.disk.list(path));
	}

	read(path: string, from = 0, bytes = Infinity): Promise<Buffer | undefined> {
		return this.perform({kind: 'read', path}, () => {
			const inode = this.disk.names.get(path);
			return inode && Buffer.from(inode.content.subarray(from, from + bytes));
		});
	}

	open(path: string): Promise<AppendFile> {
		return this.perform({kind: 'open', path}, () => this.#handle(path, this.disk.open(path)));
	}

	rename(path: string, to: string): Promise<void> {
		return this.perform({kind: 'rename', path, to}, () => {
			this.disk.rename(path, to);
		});
	}

	remove(path: string): Promise<void> {
		return this.perform({kind: 'remove', path}, () => {
			this.disk.remove(path);
		});
	}

	syncFolder(path: string): Promise<void> {
		return this.perform({kind: 'syncFolder', path}, () => {
			this.disk.syncFolder(path);
		});
	}

	/** Carries the call out by `effect`, or fails it, or never returns. */
	protected abstract perform<Result>(call: Call, effect: () => Result): Promise<Result>;

	#handle(path: string, inode: Inode): AppendFile {
		this.openHandles += 1;
		let isOpen = true;
		return {
			append: (data) =>
				isOpen
					? this.perform({kind: 'append', path, inode, data}, () => {
							inode.append(data);
						})
					: Promise.reject(diskError('EBADF')),
			sync: () =>
				this.perform({kind: 'sync', path, inode}, () => {
					inode.sync();
				}),
			isStillAt: (name) => this.perform({kind: 'identify', path: name}, () => this.disk.names.get(name) === inode),
			close: () =>
				this.perform({kind: 'close', path, inode}, () => {
					this.openHandles -= isOpen ? 1 : 0;
					isOpen = false;
				}),
		};
	}
}
