import {Disk, diskError, MountedDisk, type Call, type Inode} from '../../world/disk';
import type {Random} from '../../world/random';
import type {FaultKind} from './faults';
import type {Life} from './machine';
import type {Weather} from './weather';

const settledLine = /"type":"(?:accepted|confirmed|refused)","id":"([^"]+)"[^\n]*\n/g;

/** The process that owns the state folder. */
export interface Owner {
	readonly life: Life;
}

/** Decisions that a journal holds, read on as it grows. */
class Decisions {
	readonly #inode: Inode;
	readonly #settled = new Set<string>();
	#scanned = 0;

	constructor(inode: Inode) {
		this.#inode = inode;
	}

	/** Whether a power cut leaves the decision about this fax. */
	has(id: string): boolean {
		const {content, durableSize} = this.#inode;
		if (this.#scanned < durableSize) {
			const text = content.toString('latin1', this.#scanned, durableSize);
			const end = text.lastIndexOf('\n') + 1;
			for (const [, settled = ''] of text.slice(0, end).matchAll(settledLine)) {
				this.#settled.add(settled);
			}

			this.#scanned += end;
		}

		return this.#settled.has(id);
	}
}

const isJournal = (path: string): boolean => path.endsWith('.journal');

/** The disk of one client. It outlives the processes that mount it. */
export class ClientDisk {
	readonly #random: Random;
	readonly #weather: Weather;
	#disk = new Disk();
	readonly #mounts = new Set<Mount>();
	readonly #decisions = new WeakMap<Inode, Decisions>();
	#owner: Owner | undefined;

	constructor(random: Random, weather: Weather) {
		this.#random = random;
		this.#weather = weather;
	}

	/** Whether the decision about this fax survives everything. */
	isSettled(id: string): boolean {
		for (const [path, inode] of this.#disk.durableNames) {
			if (isJournal(path) && this.#decisionsOf(inode).has(id)) {
				return true;
			}
		}

		return false;
	}

	/** Ids a journal holds a decision about, as the next process will find it. */
	settledIds(): readonly string[] {
		return [...this.#disk.names]
			.filter(([path]) => isJournal(path))
			.flatMap(([, {content}]) => [...content.toString('latin1').matchAll(settledLine)])
			.map(([, id = '']) => id);
	}

	/** Whether the folder is this owner's now. The system frees it when the owner's process ends. */
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

	mount(life: Life): MountedDisk {
		const mount = new Mount(this.#disk, life, this.#random, this.#weather);
		this.#mounts.add(mount);
		return mount;
	}

	/** The process was killed: what it had written stays, and a part of each write under way. */
	killed(life: Life): void {
		for (const mount of this.#mounts) {
			if (mount.life === life) {
				mount.tear();
				this.#mounts.delete(mount);
			}
		}
	}

	/** What is left is another disk, so that nothing from before reaches it. */
	powerCut(life: Life): void {
		this.killed(life);
		const possible = [...this.#disk.possibleNames()];
		const names = possible[this.#random.integer(0, possible.length - 1)] ?? new Map<string, Inode>();
		this.#disk = new Disk(new Map([...names].map(([path, inode]) => [path, this.#cut(inode)])));
	}

	/** Bytes that were not synced stay up to some point, and may have a hole. */
	#cut({content, size, durableSize}: Inode): Buffer {
		const random = this.#random;
		const kept = random.integer(durableSize, size);
		const left = Buffer.from(content.subarray(0, kept));
		if (kept > durableSize && random.chance(0.3)) {
			const hole = random.integer(durableSize, kept - 1);
			left.fill(0, hole, random.integer(hole, kept));
		}

		return left;
	}

	#decisionsOf(inode: Inode): Decisions {
		const decisions = this.#decisions.get(inode) ?? new Decisions(inode);
		this.#decisions.set(inode, decisions);
		return decisions;
	}
}

/** The fault that may strike a call, and the system's code for it. */
const calls: Readonly<Record<Call['kind'], {readonly kind?: FaultKind; readonly code: string}>> = {
	makeFolder: {code: 'EROFS'},
	list: {kind: 'readError', code: 'EIO'},
	read: {kind: 'readError', code: 'EIO'},
	identify: {code: 'EIO'},
	open: {kind: 'openError', code: 'EMFILE'},
	append: {code: 'EIO'},
	sync: {code: 'EIO'},
	close: {code: 'EIO'},
	rename: {kind: 'renameError', code: 'EIO'},
	remove: {kind: 'removeError', code: 'EIO'},
	syncFolder: {kind: 'folderSyncError', code: 'EIO'},
};

/** The disk as one process sees it, with the faults its history draws. */
class Mount extends MountedDisk {
	readonly life: Life;
	readonly #random: Random;
	readonly #weather: Weather;
	/** Appends under way. */
	readonly #appending = new Set<Extract<Call, {kind: 'append'}>>();

	constructor(disk: Disk, life: Life, random: Random, weather: Weather) {
		super(disk);
		this.life = life;
		this.#random = random;
		this.#weather = weather;
	}

	/** Appends under way reach the disk up to some point. */
	tear(): void {
		for (const {inode, data} of this.#appending) {
			inode.append(data.subarray(0, this.#random.integer(0, data.length)));
		}

		this.#appending.clear();
	}

	protected perform<Result>(call: Call, effect: () => Result): Promise<Result> {
		const weather = this.#weather;
		const random = this.#random;
		if (call.kind === 'append') {
			this.#appending.add(call);
		}

		const delayMs = weather.strikes('slowDisk') ? random.scaled(100, 20_000) : random.between(0, 3);
		return this.life.operate(delayMs, () => {
			if (call.kind === 'append') {
				this.#appending.delete(call);
			}

			const {kind, code} = calls[call.kind];
			if (weather.lasts('brokenDisk') || (kind !== undefined && weather.strikes(kind))) {
				throw diskError(code);
			}

			if (call.kind === 'append') {
				this.#append(call);
			} else if (call.kind === 'sync' && weather.strikes('syncError')) {
				call.inode.failSync();
				throw diskError('EIO');
			}

			return effect();
		});
	}

	/** @throws Error of the disk, with a part written */
	#append({inode, data}: Extract<Call, {kind: 'append'}>): void {
		const isFull = this.#weather.lasts('fullDisk');
		if (isFull || this.#weather.strikes('appendError')) {
			inode.append(data.subarray(0, this.#random.integer(0, data.length)));
			throw diskError(isFull ? 'ENOSPC' : 'EIO');
		}
	}
}
