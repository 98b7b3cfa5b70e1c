/**
 * One request of undici's and its answer, handed on in the turn in which the parser has it. A stream in between would cost about as much processor time as all
 * the rest of a request (docs/performance.md).
 */
import type {Dispatcher} from 'undici';

export interface CallAnswer {
	readonly status: number;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export type Consume = (chunk: Uint8Array) => void;

interface Reader {
	readonly consume: Consume;
	readonly resolve: () => void;
	readonly reject: (error: Error) => void;
}

type State =
	| {readonly kind: 'waiting'; readonly resolve: (answer: CallAnswer) => void; readonly reject: (error: Error) => void}
	/** Nobody reads yet: what has come is kept. */
	| {readonly kind: 'answered'; readonly early: Uint8Array[]; earlyBytes: number; hasEnded: boolean}
	| {readonly kind: 'reading'; readonly reader: Reader}
	| {readonly kind: 'ended'}
	| {readonly kind: 'failed'; readonly error: Error};

/** Several reads of a socket: whoever reads at once never makes the connection wait. */
const mostEarlyBytes = 256 * 1024;

export class HttpCall implements Dispatcher.DispatchHandler {
	/** Rejects with what became of the request, or with what the signal was aborted with: in that turn, for undici may take its time, or forget the request. */
	readonly answer: Promise<CallAnswer>;
	readonly #signal: AbortSignal;
	readonly #translate: (error: Error, phase: 'waiting' | 'body') => Error;
	readonly #abort = (): void => {
		this.#fail(this.#signal.reason as Error);
	};

	#state: State = {kind: 'ended'};
	/** Once the request has a connection. */
	#controller: Dispatcher.DispatchController | undefined;

	/** @param translate makes undici's errors those to throw */
	constructor(signal: AbortSignal, translate: (error: Error, phase: 'waiting' | 'body') => Error) {
		this.#signal = signal;
		this.#translate = translate;
		this.answer = new Promise((resolve, reject) => {
			this.#state = {kind: 'waiting', resolve, reject};
		});
		signal.addEventListener('abort', this.#abort, {once: true});
	}

	/**
	 * Once: hands on what has come and what comes, until the end of the body.
	 * @throws what `consume` throws, which ends the request, and why there is no more
	 */
	read(consume: Consume): Promise<void> {
		return new Promise((resolve, reject) => {
			const state = this.#state;
			if (state.kind === 'failed') {
				reject(state.error);
			} else if (state.kind === 'answered') {
				this.#state = {kind: 'reading', reader: {consume, resolve, reject}};
				for (const chunk of state.early) {
					this.#hand(chunk);
				}

				if (state.hasEnded) {
					this.#end();
				} else {
					this.#controller?.resume();
				}
			}
		});
	}

	/** Whoever does not read to the end gives the connection up. */
	discard(): void {
		this.#fail(new Error('discarded'));
	}

	onRequestStart(controller: Dispatcher.DispatchController): void {
		this.#controller = controller;
		if (this.#state.kind === 'failed') {
			controller.abort(this.#state.error);
		}
	}

	onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: CallAnswer['headers']): void {
		// What announces the answer is none.
		if (status >= 200 && this.#state.kind === 'waiting') {
			const {resolve} = this.#state;
			this.#state = {kind: 'answered', early: [], earlyBytes: 0, hasEnded: false};
			resolve({status, headers});
		}
	}

	onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
		const state = this.#state;
		if (state.kind !== 'answered') {
			this.#hand(chunk);
			return;
		}

		state.early.push(chunk);
		state.earlyBytes += chunk.length;
		if (state.earlyBytes > mostEarlyBytes) {
			controller.pause();
		}
	}

	onResponseEnd(): void {
		if (this.#state.kind === 'answered') {
			this.#state.hasEnded = true;
		} else {
			this.#end();
		}
	}

	onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
		// undici tells why there is no connection only after it has told its requests so.
		queueMicrotask(() => {
			this.#fail(this.#translate(error, this.#state.kind === 'waiting' ? 'waiting' : 'body'));
		});
	}

	#hand(chunk: Uint8Array): void {
		if (this.#state.kind !== 'reading') {
			return;
		}

		try {
			this.#state.reader.consume(chunk);
		} catch (error) {
			this.#fail(error as Error);
		}
	}

	#end(): void {
		if (this.#state.kind === 'reading') {
			const {resolve} = this.#state.reader;
			this.#state = {kind: 'ended'};
			this.#signal.removeEventListener('abort', this.#abort);
			resolve();
		}
	}

	/** The first failure counts; after the end there is none. */
	#fail(error: Error): void {
		const state = this.#state;
		if (state.kind === 'ended' || state.kind === 'failed') {
			return;
		}

		this.#state = {kind: 'failed', error};
		this.#signal.removeEventListener('abort', this.#abort);
		if (state.kind === 'waiting') {
			state.reject(error);
		} else if (state.kind === 'reading') {
			state.reader.reject(error);
		}

		this.#controller?.abort(error);
	}
}
