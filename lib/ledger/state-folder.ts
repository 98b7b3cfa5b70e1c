/** The folder with all state, owned by this process. */
import {EventEmitter} from 'node:events';
import {join} from 'node:path';
import type {Environment} from '../environment';
import {folderError, StateError} from '../errors';
import {ownFolder, type Release} from './folder-owner';

export interface StateFolderEvents {
	/** The folder cannot be had. Told once; then it is tried again until it can. */
	trouble: [StateError];
}

export class StateFolder extends EventEmitter<StateFolderEvents> {
	readonly path: string;
	/** How often a folder that cannot be had is tried again: another process may be about to end. */
	readonly retryMs = 5000;
	/** Resolves when the folder is there and ours. Never rejects. */
	readonly ready: Promise<void>;
	/** Resolves when the folder could not be had at the first attempt. Never rejects. */
	readonly refused: Promise<void>;
	readonly #environment: Environment;
	readonly #own: typeof ownFolder;
	#error: StateError | undefined;
	#release: Release | undefined;
	#cancelRetry: (() => void) | undefined;
	#isClosed = false;
	/** The attempt under way, or the last one. Never rejects. */
	#attempt: Promise<void> = Promise.resolve();

	/** @param own how a process becomes the owner; a simulation has its own way */
	constructor(path: string, environment: Environment, own: typeof ownFolder = ownFolder) {
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

	/** Why the folder cannot be had at the moment. */
	get error(): StateError | undefined {
		return this.#error;
	}

	file(name: string): string {
		return join(this.path, name);
	}

	/** Gives the folder up, also one that is just being acquired. Never rejects. */
	async close(): Promise<void> {
		this.#isClosed = true;
		this.#cancelRetry?.();
		await this.#attempt;
		await this.#release?.().catch(() => undefined);
	}

	/** Never rejects. */
	async #acquire(resolve: () => void): Promise<void> {
		try {
			await this.#environment.files.makeFolder(this.path);
			this.#release = await this.#own(this.path);
			this.#error = undefined;
			if (!this.#isClosed) {
				resolve();
			}
		} catch (error) {
			const first = this.#error === undefined;
			this.#error = error instanceof StateError ? error : folderError(this.path, error);
			if (this.#isClosed) {
				return;
			}

			this.#cancelRetry = this.#environment.clock.setTimer(() => {
				this.#attempt = this.#acquire(resolve);
			}, this.retryMs);
			if (first) {
				this.emit('trouble', this.#error);
			}
		}
	}
}
