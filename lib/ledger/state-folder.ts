import {EventEmitter} from 'node:events';
import {join} from 'node:path';
import type {Environment} from '../environment';
import {folderError, StateError} from '../errors';
import {ownFolder, type OwnOptions, type Release} from './folder-owner';

/** Worth one warning. */
export type FolderNotice =
	/** Making a record durable took so long. */
	| {readonly kind: 'diskSlow'; readonly folder: string; readonly seconds: number}
	/** Its mode cannot be set. `detail` is the system's code. */
	| {readonly kind: 'folderUnprotected'; readonly folder: string; readonly detail: string};

export interface StateFolderEvents {
	/** The folder is not available. Emitted once; then it is tried again until it is. */
	trouble: [StateError];
	/** It was ours, and had to be taken again: what lies in it may be another's by now. */
	lost: [];
}

/** How a process becomes the owner of a folder. */
export type Own = (path: string, options: OwnOptions) => Promise<Release>;

/**
 * The folder with all state, owned by this process. Owning it is not for ever: it may be removed, replaced by a
 * backup or unmounted, and a process that was stopped may find another one in it. So whoever writes asks again each
 * time ({@link StateFolder.confirm}), and a folder that was lost is taken again as if it were new.
 */
export class StateFolder extends EventEmitter<StateFolderEvents> {
	readonly path: string;
	/** How often a folder that is not available is tried again: another process may be about to end. */
	readonly retryMs = 5000;
	/** Resolves when the folder is there and ours. Never rejects. */
	readonly ready: Promise<void>;
	/** Resolves when the folder was not available at the first attempt. Never rejects. */
	readonly refused: Promise<void>;
	readonly #environment: Environment;
	readonly #own: Own;
	readonly #closing = new AbortController();
	readonly #told = new Set<FolderNotice['kind']>();
	#error: StateError | undefined;
	/** Set while the folder is ours, as far as we know. */
	#release: Release | undefined;
	#unprotected: string | undefined;
	#cancelRetry: (() => void) | undefined;
	/** The attempt under way, or the last one. Never rejects. */
	#attempt: Promise<void> = Promise.resolve();

	/** @param own a simulation has its own way */
	constructor(path: string, environment: Environment, own: Own = ownFolder) {
		super();
		// One for each topic.
		this.setMaxListeners(0);
		this.path = path;
		this.#environment = environment;
		this.#own = own;
		this.refused = new Promise((resolve) => {
			this.once('trouble', () => {
				resolve();
			});
		});
		this.ready = new Promise((resolve) => {
			this.#attempt = this.#acquire(resolve);
		});
	}

	/** Why the folder is not available at the moment. */
	get error(): StateError | undefined {
		return this.#error;
	}

	/** Why its mode could not be set, so that others may read it: the system's code. */
	get unprotected(): string | undefined {
		return this.#unprotected;
	}

	file(name: string): string {
		return join(this.path, name);
	}

	/** True the first time that somebody asks. */
	isNews(kind: FolderNotice['kind']): boolean {
		const isNews = !this.#told.has(kind);
		this.#told.add(kind);
		return isNews;
	}

	/**
	 * Resolves when the folder under its path is ours at this moment; takes it again if it is not.
	 * @throws StateError when it cannot be ours
	 */
	async confirm(): Promise<void> {
		const release = this.#release;
		if (release) {
			const isOurs = await this.#isOurs(release);
			if (isOurs) {
				return;
			}

			this.#lose(release);
		}

		await this.#attempt;
		if (this.#error || this.#closing.signal.aborted) {
			throw this.#error ?? new StateError('folderUnusable', {folder: this.path, detail: 'closed'});
		}
	}

	/** Gives the folder up, also one that is just being acquired. Never rejects. */
	async close(): Promise<void> {
		this.#closing.abort();
		this.#cancelRetry?.();
		await this.#attempt;
		await this.#release?.().catch(() => undefined);
	}

	async #isOurs(release: Release): Promise<boolean> {
		try {
			return release.isOurs === undefined || (await release.isOurs());
		} catch (error) {
			throw folderError(this.path, error);
		}
	}

	#lose(release: Release): void {
		if (this.#release !== release || this.#closing.signal.aborted) {
			return;
		}

		this.#release = undefined;
		this.#attempt = release()
			.catch(() => undefined)
			.then(() => this.#acquire(() => undefined));
		this.emit('lost');
	}

	/** Never rejects. */
	async #acquire(resolve: () => void): Promise<void> {
		const {files, clock} = this.#environment;
		const {signal} = this.#closing;
		try {
			this.#unprotected = undefined;
			await files.makeFolder(this.path, (detail) => {
				this.#unprotected = detail;
			});
			this.#release = await this.#own(this.path, {
				signal,
				onLost: () => {
					if (this.#release) {
						this.#lose(this.#release);
					}
				},
			});
			this.#error = undefined;
			if (!signal.aborted) {
				resolve();
			}
		} catch (error) {
			const first = this.#error === undefined;
			this.#error = folderError(this.path, error);
			if (signal.aborted) {
				return;
			}

			this.#cancelRetry = clock.setTimer(() => {
				this.#attempt = this.#acquire(resolve);
			}, this.retryMs);
			if (first) {
				this.emit('trouble', this.#error);
			}
		}
	}
}
