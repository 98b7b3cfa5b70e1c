/**
 * An abort signal of one's own that follows another's. By hand, because `AbortSignal.any` holds on to its sources for
 * as long as they live on Node 20.
 */
export class LinkedAbort {
	readonly #controller = new AbortController();
	readonly #owner: AbortSignal;
	readonly #follow = (): void => {
		this.#controller.abort(this.#owner.reason);
	};

	/** @throws the owner's reason when that is aborted already */
	constructor(owner: AbortSignal) {
		owner.throwIfAborted();
		this.#owner = owner;
		owner.addEventListener('abort', this.#follow, {once: true});
	}

	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	abort(reason: unknown): void {
		this.#controller.abort(reason);
	}

	/** Follows no longer. */
	release(): void {
		this.#owner.removeEventListener('abort', this.#follow);
	}
}
