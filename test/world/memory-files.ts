import {Disk, diskError, MountedDisk, type Call} from './disk';

/** How the disk fails, until it is mended. */
export interface Faults {
	/** An append writes this many bytes, then fails. */
	appendAfterBytes?: number;
	/** Bytes that still fit on the disk. */
	freeBytes?: number;
	sync?: boolean;
	syncFolder?: boolean;
	open?: boolean;
	rename?: boolean;
	read?: boolean;
}

/** A disk that fails as the test says. */
export class MemoryFiles extends MountedDisk {
	faults: Faults = {};
	/** Calls that write, in order. */
	readonly calls: string[] = [];
	#gate: Promise<void> | undefined;

	constructor(contents?: ReadonlyMap<string, Buffer>) {
		super(new Disk(contents));
	}

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
		this.faults = {};
	}

	/** Puts a durable file there. */
	put(path: string, content: string | Buffer): void {
		this.disk.put(path, Buffer.from(content));
	}

	get(path: string): string | undefined {
		return this.disk.names.get(path)?.content.toString('utf8');
	}

	names(): readonly string[] {
		return [...this.disk.names.keys()].sort();
	}

	/** The disk as another process finds it after this one was killed. */
	afterKill(): MemoryFiles {
		return new MemoryFiles(this.disk.contents);
	}

	/** The disk after a power cut that took everything that was not synced. */
	afterPowerCut(): MemoryFiles {
		return new MemoryFiles(this.disk.durableContents);
	}

	protected async perform<Result>(call: Call, effect: () => Result): Promise<Result> {
		this.#note(call);
		await Promise.resolve();
		if (call.kind === 'append') {
			await this.#gate;
		}

		const code = this.#fail(call);
		if (code !== undefined) {
			throw diskError(code);
		}

		return effect();
	}

	#note(call: Call): void {
		switch (call.kind) {
			case 'append':
			case 'sync':
				this.calls.push(call.kind);
				break;
			case 'open':
			case 'syncFolder':
				this.calls.push(`${call.kind} ${call.path}`);
				break;
			case 'rename':
				this.calls.push(`rename ${call.path} ${call.to}`);
				break;
			default:
		}
	}

	/** Why the call fails, if it does. */
	#fail(call: Call): string | undefined {
		switch (call.kind) {
			case 'append':
				return this.#tear(call);
			case 'open':
				return this.faults.open ? 'EACCES' : undefined;
			case 'sync':
				if (this.faults.sync) {
					call.inode.failSync();
				}

				return this.faults.sync ? 'EIO' : undefined;
			case 'rename':
			case 'read':
			case 'syncFolder':
				return this.faults[call.kind] ? 'EIO' : undefined;
			default:
				return undefined;
		}
	}

	#tear({inode, data}: Extract<Call, {kind: 'append'}>): string | undefined {
		const {appendAfterBytes = Infinity, freeBytes = Infinity} = this.faults;
		const bytes = Math.min(appendAfterBytes, freeBytes, data.length);
		if (freeBytes !== Infinity) {
			this.faults.freeBytes = freeBytes - bytes;
		}

		if (bytes === data.length && appendAfterBytes === Infinity) {
			return undefined;
		}

		inode.append(data.subarray(0, bytes));
		return appendAfterBytes === Infinity ? 'ENOSPC' : 'EIO';
	}
}
