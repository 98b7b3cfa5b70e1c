import type {AppendFile, Files} from '../../../lib/environment';
import type {FaultKind} from './faults';
import {Inode} from './inode';
import type {Life} from './machine';
import type {Random} from './random';
import type {Weather} from './weather';

const diskError = (code: string): Error => Object.assign(new Error(`disk: ${code}`), {code});

type Names = Map<string, Inode>;

/** Of the folder with the state. */
export interface Owner {
	readonly life: Life;
}

/** A disk that outlives the processes on it. What was synced survives a power cut, of the rest a part from its beginning. */
export class Disk {
	readonly #random: Random;
	readonly #weather: Weather;
	#names: Names = new Map();
	#durableNames: Names = new Map();
	/** Changes of names that a power cut may undo, oldest first. */
	#pendingNames: ((names: Names) => void)[] = [];
	/** Appends under way: a kill leaves a part of each. */
	readonly #appending = new Map<object, {readonly life: Life; readonly inode: Inode; readonly data: Uint8Array}>();
	#owner: Owner | undefined;

	constructor(random: Random, weather: Weather) {
		this.#random = random;
		this.#weather = weather;
	}

	/** Whether the decision about this fax survives whatever happens. */
	isSettled(id: string): boolean {
		for (const [path, inode] of this.#durableNames) {
			if (path.endsWith('.journal') && inode.isSettled(id)) {
				return true;
			}
		}

		return false;
	}

	/** Ids about which a journal holds a decision, as the next process will find it. */
	settledIds(): readonly string[] {
		return [...this.#names].filter(([path]) => path.endsWith('.journal')).flatMap(([, inode]) => inode.settledIds());
	}

	/** Whether the folder belongs to this one now. The system frees it with the owner's process. */
	own(owner: Owner): boolean {
		if (this.#owner && !this.#owner.life.isOver) {
			return false;
		}

		this.#owner = owner;
		return true;
	}

	isOwnedBy(owner: Owner): boolean {
		return this.#owner === owner;
	}

	disown(owner: Owner): void {
		if (this.#owner === owner) {
			this.#owner = undefined;
		}
	}

	/** The process was killed: what it had written stays. */
	killed(life: Life): void {
		for (const [key, {life: writer, inode, data}] of this.#appending) {
			if (writer === life) {
				inode.append(data.subarray(0, this.#random.integer(0, data.length)));
				this.#appending.delete(key);
			}
		}
	}

	powerCut(life: Life): void {
		this.killed(life);
		const kept = this.#random.integer(0, this.#pendingNames.length);
		for (const change of this.#pendingNames.splice(0).slice(0, kept)) {
			change(this.#durableNames);
		}

		this.#names = new Map(this.#durableNames);
		for (const inode of new Set(this.#names.values())) {
			inode.cutPower(this.#random);
		}
	}

	/** The disk as a process sees it. */
	mount(life: Life): Files {
		return {
			makeFolder: () => this.#operate(life, undefined, 'EROFS', () => undefined),
			list: (folder) =>
				this.#operate(life, 'readError', 'EIO', () =>
					[...this.#names.keys()]
						.filter((path) => path.startsWith(`${folder}/`))
						.map((path) => path.slice(folder.length + 1)),
				),
			read: (path, from, bytes) =>
				this.#operate(life, 'readError', 'EIO', () => {
					const inode = this.#names.get(path);
					return inode && Buffer.from(inode.content.subarray(from, from + bytes));
				}),
			open: (path) => this.#operate(life, 'openError', 'EMFILE', () => this.#open(life, path)),
			rename: (from, to) =>
				this.#operate(life, 'renameError', 'EIO', () => {
					const inode = this.#names.get(from);
					if (!inode) {
						throw diskError('ENOENT');
					}

					this.#change((names) => {
						names.delete(from);
						names.set(to, inode);
					});
				}),
			remove: (path) =>
				this.#operate(life, 'removeError', 'EIO', () => {
					this.#change((names) => {
						names.delete(path);
					});
				}),
			syncFolder: () =>
				this.#operate(life, 'folderSyncError', 'EIO', () => {
					this.#durableNames = new Map(this.#names);
					this.#pendingNames = [];
				}),
		};
	}

	#open(life: Life, path: string): AppendFile {
		const inode = this.#names.get(path) ?? new Inode();
		if (!this.#names.has(path)) {
			this.#change((names) => {
				names.set(path, inode);
			});
		}

		let isOpen = true;
		return {
			append: (data) => {
				const key = {};
				this.#appending.set(key, {life, inode, data});
				return this.#operate(life, undefined, 'EIO', () => {
					this.#appending.delete(key);
					this.#append(inode, data, isOpen);
				});
			},
			sync: () =>
				this.#operate(life, undefined, 'EIO', () => {
					if (this.#weather.strikes('syncError')) {
						inode.failSync();
						throw diskError('EIO');
					}

					inode.sync();
				}),
			isStillAt: (name) => this.#operate(life, undefined, 'EIO', () => this.#names.get(name) === inode),
			close: () =>
				this.#operate(life, undefined, 'EIO', () => {
					isOpen = false;
				}),
		};
	}

	#append(inode: Inode, data: Uint8Array, isOpen: boolean): void {
		if (!isOpen) {
			throw diskError('EBADF');
		}

		const isFull = this.#weather.lasts('fullDisk');
		if (isFull || this.#weather.strikes('appendError')) {
			inode.append(data.subarray(0, this.#random.integer(0, data.length)));
			throw diskError(isFull ? 'ENOSPC' : 'EIO');
		}

		inode.append(data);
	}

	#change(change: (names: Names) => void): void {
		change(this.#names);
		this.#pendingNames.push(change);
	}

	#operate<Result>(life: Life, kind: FaultKind | undefined, code: string, effect: () => Result): Promise<Result> {
		const delayMs = this.#weather.strikes('slowDisk') ? this.#random.scaled(100, 20_000) : this.#random.between(0, 3);
		return life.operate(delayMs, () => {
			if (this.#weather.lasts('brokenDisk') || (kind !== undefined && this.#weather.strikes(kind))) {
				throw diskError(code);
			}

			return effect();
		});
	}
}
