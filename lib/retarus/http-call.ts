/**
 * One request of undici's and its answer, handed on in the turn in which the parser has it. A stream in between
 * would cost about as much processor time as the rest of a request (docs/performance.md).
 */
import type {Dispatcher} from 'undici';
import {errorCode, NetworkError, TimeoutError} from '../errors';
import type {KeptConnection, RequestEnd} from './kept-connection';

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

/** Several reads of a socket: a reader that begins at once never makes the connection wait. */
const mostEarlyBytes = 256 * 1024;

/** How undici calls the end of a connection, whatever came before it. */
const sideClosed = 'UND_ERR_SOCKET';

type Translate = (error: Error, phase: 'waiting' | 'body', isStaleSocket: boolean) => Error;

export class HttpCall implements Dispatcher.DispatchHandler {
	/**
	 * Rejects with what became of the request, or with what the signal was aborted with: in that turn, because
	 * undici may take its time, or forget the request.
	 */
	readonly answer: Promise<CallAnswer>;
	readonly #signal: AbortSignal;
	readonly #translate: Translate;
	readonly #abort = (): void => {
		this.#fail(this.#signal.reason as Error);
	};

	#state: State = {kind: 'ended'};
	/** Once the request has a connection. */
	#controller: Dispatcher.DispatchController | undefined;
	#connection: KeptConnection | undefined;
	#answer: CallAnswer | undefined;

	/** @param translate makes undici's errors those to throw */
	constructor(signal: AbortSignal, translate: Translate) {
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

	/** Gives the connection up with what is left of the body. */
	discard(): void {
		this.#fail(new Error('discarded'));
	}

	/** undici chose a connection for it. */
	onConnection(connection: KeptConnection): void {
		this.#connection = connection;
		connection.begin();
		if (this.#state.kind === 'failed') {
			this.#leave({kind: 'cancelled'});
		}
	}

	onRequestStart(controller: Dispatcher.DispatchController): void {
		this.#controller = controller;
		if (this.#state.kind === 'failed') {
			controller.abort(this.#state.error);
		}
	}

	onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: CallAnswer['headers']): void {
		// What announces the answer is not the answer.
		if (status >= 200 && this.#state.kind === 'waiting') {
			const {resolve} = this.#state;
			this.#answer = {status, headers};
			this.#state = {kind: 'answered', early: [], earlyBytes: 0, hasEnded: false};
			resolve(this.#answer);
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
		const {status, headers} = this.#answer ?? {status: 0, headers: {}};
		this.#leave({kind: 'answered', status, contentType: String(headers['content-type'] ?? '')});
		if (this.#state.kind === 'answered') {
			this.#state.hasEnded = true;
		} else {
			this.#end();
		}
	}

	onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
		const isWaiting = this.#state.kind === 'waiting';
		const isStaleSocket = isWaiting && (this.#connection?.wasUsedBefore ?? false);
		const cause = errorCode(error) === sideClosed ? (this.#connection?.socketError ?? error) : error;
		this.#fail(this.#translate(cause, isWaiting ? 'waiting' : 'body', isStaleSocket));
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
		const isOurs = !(error instanceof NetworkError || error instanceof TimeoutError);
		this.#leave(isOurs ? {kind: 'cancelled'} : {kind: 'failed', isAnswered: state.kind !== 'waiting'});
		if (state.kind === 'waiting') {
			state.reject(error);
		} else if (state.kind === 'reading') {
			state.reader.reject(error);
		}

		this.#controller?.abort(error);
	}

	/** The connection hears of the request's end once. */
	#leave(end: RequestEnd): void {
		const connection = this.#connection;
		this.#connection = undefined;
		connection?.ended(end);
	}
}
