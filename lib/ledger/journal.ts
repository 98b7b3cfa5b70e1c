import type {StateError} from '../errors';
import {JournalFile, type JournalFileOptions} from './journal-file';

/** `written` survives a crash of the process, `durable` a power cut too. */
export type Durability = 'written' | 'durable';

type Defaulted = 'merge' | 'isUnderstood' | 'confirmOwner' | 'steadyMs' | 'onSlowSync';

export interface JournalOptions
	extends Omit<JournalFileOptions, Defaulted>, Partial<Pick<JournalFileOptions, Defaulted>> {
	/**
	 * Takes a record into memory, at recovery and as soon as it is as safe as asked. In the same turn as the write, so
	 * that a snapshot never misses a record that the file holds.
	 */
	readonly apply: (record: unknown) => void;
}

/** For a journal that has its folder to itself. `merge` is `apply` by default. */
const defaults: Omit<Pick<JournalFileOptions, Defaulted>, 'merge'> = {
	isUnderstood: () => true,
	confirmOwner: () => Promise.resolve(),
	steadyMs: () => performance.now(),
	onSlowSync: () => undefined,
};

interface Waiting {
	readonly record: unknown;
	readonly durability: Durability;
	readonly resolve: () => void;
	readonly reject: (cause: unknown) => void;
}

/**
 * The one way to write: records appended to a file, so that kill -9, a full disk or a torn tail cannot hurt.
 * All that gathers while a batch is written goes with the next one, under one sync. A batch that the file refuses is
 * written into a new file; only if that fails too are its records rejected, and then they count as never written.
 */
export class Journal {
	readonly #apply: (record: unknown) => void;
	readonly #file: JournalFile;
	#queue: Waiting[] = [];
	/** Set while the queue is being written. Its end is awaited by close. */
	#flushing: Promise<void> | undefined;
	#isClosed = false;
	/** What is in the file must be in memory before the file may be written again. */
	#isRecovered = false;
	/** Why the file could not be written; `undefined` while it can. */
	#failure: Error | undefined;

	constructor(options: JournalOptions) {
		this.#apply = options.apply;
		this.#file = new JournalFile({merge: options.apply, ...defaults, ...options});
	}

	get isRecovered(): boolean {
		return this.#isRecovered;
	}

	/**
	 * False while {@link heal} has something to do, or {@link takeLoss} something to say. What is appended meanwhile is
	 * attempted all the same.
	 */
	get isUsable(): boolean {
		return this.#file.isInOrder;
	}

	/**
	 * Reads the file before anything is written. {@link heal} then writes it again, because nobody knows what the last
	 * process has synced.
	 */
	async recover(): Promise<void> {
		await this.#file.read(this.#apply);
		this.#isRecovered = true;
	}

	/** Resolves when the record is as safe as asked; rejects when it could not be made so: it counts as not written. */
	append(record: unknown, durability: Durability): Promise<void> {
		if (this.#isClosed || !this.#isRecovered) {
			return Promise.reject(new Error(this.#isClosed ? 'the journal is closed' : 'the journal was not read yet'));
		}

		return new Promise((resolve, reject) => {
			this.#queue.push({record, durability, resolve, reject});
			this.#flushing ??= this.#flush();
		});
	}

	/** Writes the file again if that is needed. Rejects with why it cannot. */
	async heal(): Promise<void> {
		if (this.isUsable || this.#isClosed) {
			return;
		}

		if (!this.#isRecovered) {
			throw new Error('the journal was not read yet');
		}

		if (!this.#file.isTrusted) {
			this.#flushing ??= this.#flush();
			await this.#flushing;
		}

		if (this.#failure) {
			throw this.#failure;
		}
	}

	/** The folder was lost, or may have been: nothing is accepted until the file was written again. */
	distrust(): void {
		this.#file.distrust();
	}

	/** Where a copy of a file was put that could not be read in full. Says so once. */
	takeSetAside(): string | undefined {
		return this.#file.takeSetAside();
	}

	/** That the file was removed or replaced, and why nothing is lost. Says so once. */
	takeLoss(): StateError | undefined {
		return this.#file.takeLoss();
	}

	/** Writes what waits and closes the file. */
	async close(): Promise<void> {
		this.#isClosed = true;
		await this.#flushing;
		await this.#file.close();
	}

	/** Never rejects. */
	async #flush(): Promise<void> {
		do {
			const batch = this.#queue;
			this.#queue = [];
			try {
				await this.#store(batch);
				this.#failure = undefined;
			} catch (cause) {
				this.#failure = cause instanceof Error ? cause : new Error('the disk refuses');
				for (const waiting of batch) {
					waiting.reject(cause);
				}
			}
		} while (this.#queue.length > 0);

		this.#flushing = undefined;
	}

	async #store(batch: readonly Waiting[]): Promise<void> {
		const durable = batch.filter(({durability}) => durability === 'durable');
		let rest = batch;
		if (this.#file.isTrusted) {
			try {
				await this.#file.append(recordsOf(batch));
				this.#settle(batch.filter(({durability}) => durability === 'written'));
				rest = durable;
				if (durable.length > 0) {
					await this.#file.sync();
				}

				this.#settle(durable);
				await this.#file.compact();
				return;
			} catch {
				this.#file.distrust();
			}
		}

		await this.#file.rewrite(recordsOf(rest));
		this.#settle(rest);
	}

	#settle(batch: readonly Waiting[]): void {
		for (const {record, resolve} of batch) {
			this.#apply(record);
			resolve();
		}
	}
}

const recordsOf = (batch: readonly Waiting[]): readonly unknown[] => batch.map(({record}) => record);
