import {dirname} from 'node:path';
import type {AppendFile, Files} from '../environment';
import {hasCode, StateError} from '../errors';
import {copyFile, encode, readRecords, writeRecords} from './journal-lines';

export interface JournalFileOptions {
	readonly files: Files;
	readonly path: string;
	/**
	 * The records that say all that must survive, in order; `undefined` for a step without one. Asked for by each
	 * rewrite.
	 */
	readonly snapshot: () => Iterable<unknown>;
	/** Takes a record from a file that was put in the place of ours. It may be older than what is in memory. */
	readonly merge: (record: unknown) => void;
	/** Whether this version can write the record again. A copy of a file with others is kept. */
	readonly isUnderstood: (record: unknown) => boolean;
	/** Resolves while the folder is this process's. Rejects with why it is not. */
	readonly confirmOwner: () => Promise<void>;
	/** Wall time, for the name of a file that is set aside. */
	readonly wallMs: () => number;
	readonly steadyMs: () => number;
	/** Told each time a sync took a second or more. */
	readonly onSlowSync: (tookMs: number) => void;
}

/** Compact once the file exceeds twice the last snapshot by this many lines. */
const compactionSlack = 2000;

const slowSyncMs = 1000;

/**
 * The file of a journal, which trusts nothing it has not just seen. After every sync the file must still be the one
 * under its path, in a folder that is still ours: `rm -rf`, a restore, an unmounted volume or a second process would
 * otherwise leave us writing to a file that no later process finds.
 * A file that cannot be trusted is written again, complete, beside the path before it takes the name. What was put in
 * its
 * place is merged first, so a restored backup loses nothing either. The same goes after a failed write or sync, because
 * then nobody knows what the file holds.
 */
export class JournalFile {
	readonly #options: JournalFileOptions;
	/** Kept while it is not trusted: only an open file can be told from one that took its place. */
	#file: AppendFile | undefined;
	#isTrusted = false;
	/** Without an open file: what is under the path was read, and nothing was written since. */
	#isRead = false;
	#lines = 0;
	#compactAt = compactionSlack;
	#setAside: string | undefined;
	#loss: StateError | undefined;

	constructor(options: JournalFileOptions) {
		this.#options = options;
	}

	get #opened(): AppendFile {
		if (!this.#file) {
			throw new Error('the file is not open');
		}

		return this.#file;
	}

	/** What is appended now goes to a file that was found in order. */
	get isTrusted(): boolean {
		return this.#isTrusted;
	}

	/** {@link isTrusted}, and no loss of our file is to be reported. */
	get isInOrder(): boolean {
		return this.#isTrusted && this.#loss === undefined;
	}

	/** That our file was removed or replaced. Says so once. */
	takeLoss(): StateError | undefined {
		const loss = this.#loss;
		this.#loss = undefined;
		return loss;
	}

	/** Where a copy of a file was put that could not be read in full. Says so once. */
	takeSetAside(): string | undefined {
		const setAside = this.#setAside;
		this.#setAside = undefined;
		return setAside;
	}

	/** What the file holds is no longer known. */
	distrust(): void {
		this.#isTrusted = false;
	}

	/** Reads what is under the path. A torn tail is not worth a word; a file of which more is unreadable is set aside. */
	async read(take: (record: unknown) => void): Promise<void> {
		const {files, path, isUnderstood, wallMs} = this.#options;
		let newer = 0;
		const {isDamaged} = await readRecords(files, path, (record) => {
			newer += isUnderstood(record) ? 0 : 1;
			take(record);
		});
		if (isDamaged || newer > 0) {
			const setAside = `${path}.${isDamaged ? 'damaged' : 'newer'}-${wallMs()}`;
			// A copy, because the readable rest must keep its name until a new file takes it over.
			await copyFile(files, path, setAside);
			this.#setAside = setAside;
		}

		this.#isRead = true;
	}

	/** Survives a crash of the process once it resolves. */
	async append(records: readonly unknown[]): Promise<void> {
		await this.#opened.append(Buffer.from(records.map((record) => encode(record)).join('')));
		this.#lines += records.length;
	}

	/** What was appended is found by every later process once it resolves. */
	async sync(): Promise<void> {
		const file = this.#opened;
		await this.#sync(file);
		await this.#verify(file);
	}

	async compact(): Promise<void> {
		if (this.#lines > this.#compactAt) {
			// The old file is whole: if the new one cannot take its place, it stays.
			await this.rewrite([]).catch(() => {
				this.#compactAt = 2 * this.#lines;
			});
		}
	}

	/** Writes a new file with the snapshot and these records. Every later process finds them once it resolves. */
	async rewrite(records: readonly unknown[]): Promise<void> {
		const {files, path, snapshot, confirmOwner} = this.#options;
		await confirmOwner();
		const isOurs = this.#file ? await this.#file.isStillAt(path) : this.#isRead;
		this.#isRead = false;
		if (!isOurs) {
			await this.#mergeFound();
		}

		const fresh = `${path}.new`;
		await files.remove(fresh);
		const file = await files.open(fresh);
		try {
			const lines = await writeRecords(file, inTurn(snapshot(), records));
			await this.#sync(file);
			// A process that was stopped until now must not put its file in the place of its successor's.
			await confirmOwner();
			if (isOurs && this.#file && !(await this.#file.isStillAt(path))) {
				throw replaced();
			}

			await this.#takePlace(file, fresh);
			this.#lines = lines;
			this.#compactAt = 2 * lines + compactionSlack;
			this.#isTrusted = true;
		} catch (error) {
			if (this.#file !== file) {
				await file.close().catch(() => undefined);
			}

			throw error;
		}
	}

	async close(): Promise<void> {
		const file = this.#file;
		this.#file = undefined;
		this.#isTrusted = false;
		await file?.close().catch(() => undefined);
	}

	async #mergeFound(): Promise<void> {
		const {path, merge} = this.#options;
		this.#isTrusted = false;
		if (this.#file) {
			this.#loss ??= new StateError('folderReplaced', {folder: dirname(path)});
		}

		await this.read(merge);
	}

	async #takePlace(file: AppendFile, fresh: string): Promise<void> {
		const {files, path} = this.#options;
		try {
			await files.rename(fresh, path);
		} catch (error) {
			// Windows renames over no open file.
			if (!hasCode(error, 'EPERM', 'EACCES', 'EBUSY')) {
				throw error;
			}

			await this.close();
			await files.rename(fresh, path);
		}

		await this.close();
		this.#file = file;
		await files.syncFolder(dirname(path));
		await this.#verify(file);
	}

	async #sync(file: AppendFile): Promise<void> {
		const {steadyMs, onSlowSync} = this.#options;
		const beganMs = steadyMs();
		await file.sync();
		const tookMs = steadyMs() - beganMs;
		if (tookMs >= slowSyncMs) {
			onSlowSync(tookMs);
		}
	}

	async #verify(file: AppendFile): Promise<void> {
		const {path, confirmOwner} = this.#options;
		const [isStillThere] = await Promise.all([file.isStillAt(path), confirmOwner()]);
		if (!isStillThere) {
			throw replaced();
		}
	}
}

function* inTurn(...parts: readonly Iterable<unknown>[]): Iterable<unknown> {
	for (const part of parts) {
		yield* part;
	}
}

/** As the system says it of a file that is no longer where it was opened. */
const replaced = (): Error => Object.assign(new Error('the file was replaced'), {code: 'ESTALE'});
