/** The one way to write: records appended to a file, so that kill -9, a full disk or a torn tail cannot hurt. */
import {dirname} from 'node:path';
import type {AppendFile, Files} from '../environment';
import {encode, JournalReader, readPieces} from './journal-lines';

/** `written` survives a crash of the process, `durable` a power cut too. */
export type Durability = 'written' | 'durable';

export interface JournalOptions {
	readonly files: Files;
	readonly path: string;
	/**
	 * Takes a record into memory, at recovery and as soon as it is as safe as asked. In the same turn as the write, so that a snapshot never misses a record
	 * that the file holds.
	 */
	readonly apply: (record: unknown) => void;
	/** Whether a new file can say the same: a copy of one that says more is kept. */
	readonly isUnderstood?: (record: unknown) => boolean;
	/** The records that say all that must survive, in order. Asked for when the file is written anew. */
	readonly snapshot: () => Iterable<unknown>;
	/** Wall time for the name of a file that is set aside. */
	readonly wallMs: () => number;
}

interface Waiting {
	readonly record: unknown;
	readonly durability: Durability;
	readonly resolve: () => void;
	readonly reject: (cause: unknown) => void;
}

/** Written anew when it holds this many lines more than twice those of the last snapshot. */
const compactionSlack = 2000;

export class Journal {
	readonly #options: JournalOptions;
	/** `undefined` after a failed write or sync: what the file holds is then unknown, and it is written anew before anything is confirmed. */
	#file: AppendFile | undefined;
	#lines = 0;
	#compactAt = compactionSlack;
	#queue: Waiting[] = [];
	/** Set while the queue is being written. Its end is awaited by close. */
	#flushing: Promise<void> | undefined;
	#closed = false;
	/** What is in the file must be in memory before the file may be written anew. */
	#isRecovered = false;
	/** Why the file could not be written anew; `undefined` while it can. */
	#failure: Error | undefined;

	constructor(options: JournalOptions) {
		this.#options = options;
	}

	get isRecovered(): boolean {
		return this.#isRecovered;
	}

	/** False while the disk refuses: what is appended now is attempted all the same. */
	get isUsable(): boolean {
		return this.#file !== undefined;
	}

	/**
	 * Reads the file, before anything is written; {@link heal} writes it anew, because nobody knows what the process before has synced.
	 * Resolves to where a copy of a damaged one was put; a torn tail alone is cut and not worth a word.
	 */
	async recover(): Promise<string | undefined> {
		const {files, path, apply, isUnderstood = () => true, wallMs} = this.#options;
		let foreign = 0;
		const reader = new JournalReader((record) => {
			foreign += isUnderstood(record) ? 0 : 1;
			apply(record);
		});
		for await (const piece of readPieces(files, path)) {
			reader.take(piece);
		}

		let setAside: string | undefined;
		if (reader.isDamaged || foreign > 0) {
			setAside = `${path}.damaged-${wallMs()}`;
			await this.#copy(setAside);
		}

		this.#isRecovered = true;
		return setAside;
	}

	/** Resolves when the record is as safe as asked; rejects when it could not be made so, and then it must count as not written. */
	append(record: unknown, durability: Durability): Promise<void> {
		if (this.#closed || !this.#isRecovered) {
			return Promise.reject(new Error(this.#closed ? 'the journal is closed' : 'the journal was not read yet'));
		}

		return new Promise((resolve, reject) => {
			this.#queue.push({record, durability, resolve, reject});
			this.#flushing ??= this.#flush();
		});
	}

	/** Writes the file anew if it was lost. Rejects with why the disk refuses. */
	async heal(): Promise<void> {
		if (this.isUsable || this.#closed) {
			return;
		}

		if (!this.#isRecovered) {
			throw new Error('the journal was not read yet');
		}

		this.#flushing ??= this.#flush();
		await this.#flushing;
		const failure = this.#failure;
		if (failure !== undefined) {
			throw failure;
		}
	}

	/** Writes what is waiting and closes the file. */
	async close(): Promise<void> {
		this.#closed = true;
		await this.#flushing;
		await this.#abandonFile();
	}

	/** All that gathered while the last batch was written goes with the next one. Never rejects. */
	async #flush(): Promise<void> {
		do {
			const batch = this.#queue;
			this.#queue = [];
			try {
				await this.#store(batch);
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
		const file = this.#file;
		let rest = batch;
		if (file !== undefined) {
			try {
				await file.append(Buffer.from(batch.map(({record}) => encode(record)).join('')));
				this.#lines += batch.length;
				this.#settle(batch.filter(({durability}) => durability === 'written'));
				rest = batch.filter(({durability}) => durability === 'durable');
				if (rest.length > 0) {
					await file.sync();
				}

				this.#settle(rest);
				await this.#compact();
				return;
			} catch {
				// After a failed write or sync nobody knows what the file holds.
				await this.#abandonFile();
			}
		}

		await this.#rewrite(rest.map(({record}) => record));
		this.#settle(rest);
	}

	async #abandonFile(): Promise<void> {
		const file = this.#file;
		this.#file = undefined;
		await file?.close().catch(() => undefined);
	}

	#settle(batch: readonly Waiting[]): void {
		for (const {record, resolve} of batch) {
			this.#options.apply(record);
			resolve();
		}
	}

	async #compact(): Promise<void> {
		if (this.#lines > this.#compactAt) {
			// The old file is whole: if the new one cannot take its place, it stays.
			await this.#rewrite([]).catch(() => {
				this.#compactAt = 2 * this.#lines;
			});
		}
	}

	/** A copy, because the readable rest must have its name until the new file takes it over. */
	async #copy(to: string): Promise<void> {
		const {files, path} = this.#options;
		const file = await files.open(to);
		try {
			for await (const piece of readPieces(files, path)) {
				await file.append(piece);
			}

			await file.sync();
		} catch (error) {
			await files.remove(to).catch(() => undefined);
			throw error;
		} finally {
			await file.close().catch(() => undefined);
		}
	}

	/** A new file beside the old one, complete before it takes its place. */
	async #rewrite(records: readonly unknown[]): Promise<void> {
		const {files, path, snapshot} = this.#options;
		const fresh = `${path}.new`;
		const lines = [...snapshot(), ...records].map((record) => encode(record));
		await files.remove(fresh);
		const file = await files.open(fresh);
		let isInPlace = false;
		try {
			await file.append(Buffer.from(lines.join('')));
			await file.sync();
			await files.rename(fresh, path);
			isInPlace = true;
			await files.syncFolder(dirname(path));
		} catch (error) {
			await file.close().catch(() => undefined);
			if (isInPlace) {
				// The old file has lost its name: what is appended to it would be gone with the process.
				await this.#abandonFile();
			}

			throw error;
		}

		const old = this.#file;
		this.#file = file;
		this.#failure = undefined;
		this.#lines = lines.length;
		this.#compactAt = 2 * lines.length + compactionSlack;
		await old?.close().catch(() => undefined);
	}
}
