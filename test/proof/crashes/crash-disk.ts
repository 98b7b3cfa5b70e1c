import {dirname} from 'node:path';
import type {AppendFile, Files} from '../../../lib/environment';

/** What a name points to. An open handle keeps it when the name is given to another. */
interface Inode {
	content: Buffer;
	/** So many bytes survive a power cut; of the rest any number may. */
	durableBytes: number;
}

type Names = ReadonlyMap<string, Inode>;

/** The call in which the process ends: before it does anything, or when it has done all but return. */
export interface Crash {
	/** From 1. */
	readonly call: number;
	readonly moment: 'before' | 'after';
}

/** A disk as the next process may find it. */
export interface Remains {
	readonly cause: 'kill' | 'power cut';
	/** For people. */
	readonly name: string;
	/** Bytes of a block in the middle are missing, while later ones are there. */
	readonly hasHole: boolean;
	readonly disk: CrashDisk;
}

/** Above this a torn write is looked at in so many places only, the first and last included. */
const mostTears = 240;
const mostHoles = 12;

const diskError = (code: string): Error => Object.assign(new Error(`disk: ${code}`), {code});

/** Every length from one to another, or evenly spread ones where they are very many. */
const lengths = (from: number, to: number, most: number): readonly number[] => {
	const count = Math.min(to - from, most);
	return count === 0
		? [from]
		: Array.from({length: count + 1}, (_, index) => from + Math.round((index * (to - from)) / count));
};

/** A disk that counts the calls of one process and ends it in one of them. */
export class CrashDisk implements Files {
	/** Resolves when the process has ended. */
	readonly crashed: Promise<void>;
	calls = 0;
	/** What the call in which the process ended was. */
	lastCall = '';
	/** The next append, or sync, fails; of an append one half is written. */
	failNext: 'append' | 'sync' | undefined;
	readonly #crash: Crash | undefined;
	#isDown = false;
	#onCrash: () => void = () => undefined;
	#names: Map<string, Inode>;
	#durableNames: Map<string, Inode>;
	/** What each change of names since the last sync of the folder has led to. */
	#pendingNames: Names[] = [];
	/** The append that was under way when the process ended. */
	#torn: {readonly inode: Inode; readonly data: Uint8Array} | undefined;

	/** @param contents by path, all durable */
	constructor(contents: ReadonlyMap<string, Buffer> = new Map(), crash?: Crash) {
		this.#crash = crash;
		this.#names = new Map([...contents].map(([path, content]) => [path, {content, durableBytes: content.length}]));
		this.#durableNames = new Map(this.#names);
		this.crashed = new Promise((resolve) => {
			this.#onCrash = resolve;
		});
	}

	get contents(): ReadonlyMap<string, Buffer> {
		return new Map([...this.#names].map(([path, {content}]) => [path, content]));
	}

	/** With what a power cut leaves at least. */
	afterPowerCut(): CrashDisk {
		return new CrashDisk(
			new Map(
				[...this.#durableNames].map(([path, {content, durableBytes}]) => [path, content.subarray(0, durableBytes)]),
			),
		);
	}

	/** All that the end of the process can leave of a file, and of the changes of its name. */
	*remains(path: string, most = mostTears): Iterable<Remains> {
		const {inode, data} = this.#torn ?? {};
		// What was appended to another file is not read before that takes the name.
		const tears = inode === this.#names.get(path) ? most : 2;
		for (const bytes of lengths(0, data?.length ?? 0, tears)) {
			const disk = withFile(this.#names, inode, (content) =>
				Buffer.concat([content, data?.subarray(0, bytes) ?? Buffer.alloc(0)]),
			);
			yield {cause: 'kill', name: `${bytes} bytes of the last write`, hasHole: false, disk};
		}

		for (const [changes, names] of [this.#durableNames, ...this.#pendingNames].entries()) {
			const own = names.get(path);
			const synced = own?.durableBytes ?? 0;
			const ends = lengths(synced, own?.content.length ?? 0, most);
			for (const end of ends) {
				const disk = withFile(names, own, (content) => content.subarray(0, end));
				yield {cause: 'power cut', name: `${end} bytes and ${changes} changes of names`, hasHole: false, disk};
			}

			for (const end of lengths(synced, own?.content.length ?? 0, mostHoles).slice(1)) {
				const disk = withFile(names, own, (content) => Buffer.from(content).fill(0, synced, end));
				yield {
					cause: 'power cut',
					name: `a hole up to byte ${end} and ${changes} changes of names`,
					hasHole: true,
					disk,
				};
			}
		}
	}

	makeFolder(): Promise<void> {
		return Promise.resolve();
	}

	list(folder: string): Promise<readonly string[]> {
		return Promise.resolve(
			[...this.#names.keys()].filter((path) => dirname(path) === folder).map((path) => path.slice(folder.length + 1)),
		);
	}

	read(path: string, from: number, bytes: number): Promise<Buffer | undefined> {
		return this.#call(`read ${path}`, () => {
			const inode = this.#names.get(path);
			return inode && Buffer.from(inode.content.subarray(from, from + bytes));
		});
	}

	open(path: string): Promise<AppendFile> {
		return this.#call(`open ${path}`, () => {
			const inode = this.#names.get(path) ?? {content: Buffer.alloc(0), durableBytes: 0};
			if (!this.#names.has(path)) {
				this.#rename((names) => names.set(path, inode));
			}

			return this.#handle(inode);
		});
	}

	rename(from: string, to: string): Promise<void> {
		return this.#call(`rename ${from}`, () => {
			const inode = this.#names.get(from);
			if (!inode) {
				throw diskError('ENOENT');
			}

			this.#rename((names) => {
				names.delete(from);
				names.set(to, inode);
			});
		});
	}

	remove(path: string): Promise<void> {
		return this.#call(`remove ${path}`, () => {
			if (this.#names.has(path)) {
				this.#rename((names) => names.delete(path));
			}
		});
	}

	syncFolder(): Promise<void> {
		return this.#call('syncFolder', () => {
			this.#durableNames = new Map(this.#names);
			this.#pendingNames = [];
		});
	}

	#handle(inode: Inode): AppendFile {
		return {
			append: (data) =>
				this.#call(
					'append',
					() => {
						this.#fail('append', () => {
							inode.content = Buffer.concat([inode.content, data.subarray(0, data.length / 2)]);
						});
						inode.content = Buffer.concat([inode.content, data]);
					},
					{inode, data},
				),
			sync: () =>
				this.#call('sync', () => {
					this.#fail('sync');
					inode.durableBytes = inode.content.length;
				}),
			isStillAt: (path) => Promise.resolve(this.#names.get(path) === inode),
			close: () => this.#call('close', () => undefined),
		};
	}

	#fail(kind: 'append' | 'sync', half: () => void = () => undefined): void {
		if (this.failNext === kind) {
			this.failNext = undefined;
			half();
			throw diskError('EIO');
		}
	}

	#rename(change: (names: Map<string, Inode>) => void): void {
		change(this.#names);
		this.#pendingNames.push(new Map(this.#names));
	}

	/** Never settles once the process has ended. */
	async #call<Result>(
		name: string,
		effect: () => Result,
		torn?: {readonly inode: Inode; readonly data: Uint8Array},
	): Promise<Result> {
		await Promise.resolve();
		this.calls += 1;
		const isLast = !this.#isDown && this.#crash?.call === this.calls;
		if (isLast) {
			this.lastCall = name;
			if (this.#crash.moment === 'before') {
				this.#torn = torn;
				this.#end();
			}
		}

		if (this.#isDown) {
			return new Promise(() => undefined);
		}

		const result = effect();
		if (isLast) {
			this.#end();
			return new Promise(() => undefined);
		}

		return result;
	}

	#end(): void {
		this.#isDown = true;
		this.#onCrash();
	}
}

/** A disk on which one file differs. */
const withFile = (names: Names, inode: Inode | undefined, change: (content: Buffer) => Buffer): CrashDisk =>
	new CrashDisk(new Map([...names].map(([path, at]) => [path, at === inode ? change(at.content) : at.content])));
