/** The folder with all state, owned by this process. */
import {join} from 'node:path';
import type {Environment} from './environment';
import {folderError, StateError} from './errors';
import {ownFolder, type Release} from './owner';

export class StateFolder {
	readonly path: string;
	/** How often a folder that cannot be had is tried again: another process may be about to end. */
	readonly retryMs = 5000;
	/** Resolves when the folder is there and ours. Never rejects. */
	readonly ready: Promise<void>;
	readonly #environment: Environment;
	readonly #own: typeof ownFolder;
	readonly #tell: (error: StateError) => void;
	#error: StateError | undefined;
	#release: Release | undefined;
	#cancelRetry: (() => void) | undefined;
	#isClosed = false;

	/**
	 * @param own how a process becomes the owner; a simulation has its own way
	 * @param tell hears once why the folder cannot be had
	 */
	constructor(path: string, environment: Environment, tell: (error: StateError) => void, own: typeof ownFolder = ownFolder) {
		this.path = path;
		this.#environment = environment;
		this.#tell = tell;
		this.#own = own;
		this.ready = new Promise((resolve) => {
			void this.#acquire(resolve);
		});
	}

	/** Why the folder cannot be had at the moment. */
	get error(): StateError | undefined {
		return this.#error;
	}

	file(name: string): string {
		return join(this.path, name);
	}

	/** Gives the folder up. */
	async close(): Promise<void> {
		this.#isClosed = true;
		this.#cancelRetry?.();
		await this.#release?.().catch(() => undefined);
	}

	/** Never rejects. */
	async #acquire(resolve: () => void): Promise<void> {
		try {
			await this.#environment.files.makeFolder(this.path);
			this.#release = await this.#own(this.path);
			this.#error = undefined;
			if (this.#isClosed) {
				await this.close();
			} else {
				resolve();
			}
		} catch (error) {
			const first = this.#error === undefined;
			this.#error = error instanceof StateError ? error : folderError(this.path, error);
			if (this.#isClosed) {
				return;
			}

			this.#cancelRetry = this.#environment.clock.setTimer(() => {
				void this.#acquire(resolve);
			}, this.retryMs);
			if (first) {
				this.#tell(this.#error);
			}
		}
	}
}
