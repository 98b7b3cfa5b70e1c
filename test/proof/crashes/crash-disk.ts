import {Disk, diskError, MountedDisk, type Call, type Inode, type Names} from '../../world/disk';

/** The call in which the process ends: before the call does anything, or after it did everything but return. */
export interface Crash {
	/** Counted from 1. */
	readonly call: number;
	readonly moment: 'before' | 'after';
}

/** A disk as the next process may find it. */
export interface Remains {
	readonly cause: 'kill' | 'power cut';
	/** For people. */
	readonly name: string;
	/** A block is missing although later bytes are there. */
	readonly hasHole: boolean;
	readonly contents: ReadonlyMap<string, Buffer>;
}

/** A longer torn write is looked at in this many places, the first and the last included. */
const mostTears = 240;
const mostHoles = 12;

/** Every length from one to another; evenly spread ones where there are too many. */
const lengths = (from: number, to: number, most: number): readonly number[] => {
	const count = Math.min(to - from, most);
	return count === 0
		? [from]
		: Array.from({length: count + 1}, (_, index) => from + Math.round((index * (to - from)) / count));
};

const never = (): Promise<never> => new Promise(() => undefined);

/** A disk that counts the calls of one process and ends it in one of them. */
export class CrashDisk extends MountedDisk {
	/** Resolves when the process has ended. */
	readonly crashed: Promise<void>;
	calls = 0;
	/** The call in which the process ended. */
	lastCall = '';
	/** The next call of this kind fails; an append writes one half. */
	failNext: 'append' | 'sync' | undefined;
	readonly #crash: Crash | undefined;
	#isDown = false;
	#onCrash: () => void = () => undefined;
	/** The append under way when the process ended. */
	#torn: {readonly inode: Inode; readonly data: Uint8Array} | undefined;

	/** @param contents by path, all durable */
	constructor(contents?: ReadonlyMap<string, Buffer>, crash?: Crash) {
		super(new Disk(contents));
		this.#crash = crash;
		this.crashed = new Promise((resolve) => {
			this.#onCrash = resolve;
		});
	}

	/** The least a power cut can leave. */
	afterPowerCut(): CrashDisk {
		return new CrashDisk(this.disk.durableContents);
	}

	/** Everything the end of the process can leave of a file, and of the changes of its name. */
	*remains(path: string, most = mostTears): Iterable<Remains> {
		const {names} = this.disk;
		const {inode, data = Buffer.alloc(0)} = this.#torn ?? {};
		// An append to another file is not read before that file takes the name.
		const tears = inode === names.get(path) ? most : 2;
		for (const bytes of lengths(0, data.length, tears)) {
			const contents = withFile(names, inode, (content) => Buffer.concat([content, data.subarray(0, bytes)]));
			yield {cause: 'kill', name: `${bytes} bytes of the last write`, hasHole: false, contents};
		}

		for (const [changes, possible] of [...this.disk.possibleNames()].entries()) {
			const own = possible.get(path);
			const synced = own?.durableSize ?? 0;
			const size = own?.size ?? 0;
			for (const end of lengths(synced, size, most)) {
				const contents = withFile(possible, own, (content) => content.subarray(0, end));
				yield {cause: 'power cut', name: `${end} bytes and ${changes} changes of names`, hasHole: false, contents};
			}

			for (const end of lengths(synced, size, mostHoles).slice(1)) {
				const contents = withFile(possible, own, (content) => Buffer.from(content).fill(0, synced, end));
				const name = `a hole up to byte ${end} and ${changes} changes of names`;
				yield {cause: 'power cut', name, hasHole: true, contents};
			}
		}
	}

	/** Never settles once the process has ended. */
	protected async perform<Result>(call: Call, effect: () => Result): Promise<Result> {
		await Promise.resolve();
		this.calls += 1;
		if (this.#isDown) {
			return never();
		}

		const crash = this.#crash?.call === this.calls ? this.#crash : undefined;
		if (crash?.moment === 'before') {
			this.#torn = call.kind === 'append' ? call : undefined;
			return this.#end(call);
		}

		this.#failOnce(call);
		const result = effect();
		return crash ? this.#end(call) : result;
	}

	#failOnce(call: Call): void {
		if (call.kind !== this.failNext) {
			return;
		}

		this.failNext = undefined;
		if (call.kind === 'append') {
			call.inode.append(call.data.subarray(0, call.data.length / 2));
		} else {
			call.inode.failSync();
		}

		throw diskError('EIO');
	}

	#end(call: Call): Promise<never> {
		this.lastCall = `${call.kind} ${call.path}`;
		this.#isDown = true;
		this.#onCrash();
		return never();
	}
}

/** The contents of a disk on which one file differs. */
const withFile = (
	names: Names,
	inode: Inode | undefined,
	change: (content: Buffer) => Buffer,
): ReadonlyMap<string, Buffer> =>
	new Map([...names].map(([path, at]) => [path, at === inode ? change(at.content) : at.content]));
