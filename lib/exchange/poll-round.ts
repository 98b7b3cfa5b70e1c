/** A round polls until an answer has fewer faxes than asked for. The next one is due after the interval. */
import {elapsedMs, type Clock, type Instant} from '../environment';
import {largestFetch} from '../retarus/facts';

interface Waiter {
	readonly resolve: () => void;
	readonly reject: (error: Error) => void;
}

type State =
	| {readonly kind: 'waiting'; readonly since: Instant; readonly delayMs: number}
	| {
			readonly kind: 'running';
			/** So many faxes of the last answer were all ours already, and the next poll asks for that many more. */
			readonly held: number;
			/** The ids of all held faxes that this round was answered. */
			readonly seen: ReadonlySet<string>;
	  };

/** What a round needs to know of an answer to a poll. */
export interface PollAnswer {
	readonly asked: number;
	/** Usable entries. */
	readonly listed: number;
	/** Entries without a usable id. */
	readonly malformed: number;
	/** Ids of the listed faxes that are with a flow, rest, or were handed over. */
	readonly held: readonly string[];
	/** Listed faxes that we acknowledged before. */
	readonly settled: number;
}

/** A round at a moment. */
export interface RoundState {
	/** Somebody asked for it: a pause and the interval do not count. */
	readonly isRequested: boolean;
	readonly isRunning: boolean;
	/** Until the next round is due; 0 while one runs. */
	readonly remainingMs: number;
	/** By how many faxes a poll asks for more than there is room for. */
	readonly held: number;
	/** A poll asks for so many at most. */
	readonly cautiousFetch: number;
}

export class PollRound {
	readonly #clock: Clock;
	readonly #waiters: Waiter[] = [];
	#state: State;
	/**
	 * Unusable entries of the last answer. They may hide faxes behind them, so every poll asks for that many more; but
	 * they end the round, because nothing tells whether the next answer has others.
	 */
	#malformed = 0;
	/** After a failure that may have locked faxes that nobody works on, less is asked for. */
	#cautiousFetch = largestFetch;

	constructor(clock: Clock) {
		this.#clock = clock;
		this.#state = {kind: 'waiting', since: clock.now(), delayMs: 0};
	}

	get isRunning(): boolean {
		return this.#state.kind === 'running';
	}

	/** Somebody asked for it: a pause and the interval do not count. */
	get isRequested(): boolean {
		return this.#waiters.length > 0;
	}

	/** Looks at the round once. */
	read(now: Instant): RoundState {
		const state = this.#state;
		const isRunning = state.kind === 'running';
		return {
			isRequested: this.#waiters.length > 0,
			isRunning,
			remainingMs: isRunning ? 0 : Math.max(0, state.delayMs - elapsedMs(now, state.since)),
			held: this.#malformed + (isRunning ? state.held : 0),
			cautiousFetch: this.#cautiousFetch,
		};
	}

	start(): void {
		if (this.#state.kind === 'waiting') {
			this.#state = {kind: 'running', held: 0, seen: new Set()};
		}
	}

	/** Resolves at the end of the round, which begins now if none is running. */
	request(): Promise<void> {
		this.start();
		return new Promise((resolve, reject) => {
			this.#waiters.push({resolve, reject});
		});
	}

	/**
	 * An answer to a poll came. A full one is a reason to go on even when the poll was only a passenger of an
	 * acknowledgement.
	 * @param delayMs until the next round, should this one be over
	 */
	answered({asked, listed, malformed, held, settled}: PollAnswer, delayMs: number): void {
		this.#cautiousFetch = Math.min(largestFetch, this.#cautiousFetch * 2);
		const answeredAll = listed + malformed >= asked;
		this.#malformed = malformed > 0 && answeredAll && listed === 0 ? 2 * malformed : malformed;
		const seen = this.#state.kind === 'running' ? this.#state.seen : new Set<string>();
		const fresh = listed - held.length - settled;
		if (fresh > 0) {
			this.#continueOrEnd(answeredAll, 0, [...seen, ...held], delayMs);
			return;
		}

		// Faxes that we hold may hide others, at a service that lists fewer than asked for. Those that the round has seen
		// hide nothing.
		const mayHideOthers = asked < largestFetch && ((listed > 0 && listed >= asked) || held.some((id) => !seen.has(id)));
		this.#continueOrEnd(mayHideOthers, listed, [...seen, ...held], delayMs);
	}

	end(delayMs: number): void {
		this.#state = {kind: 'waiting', since: this.#clock.now(), delayMs};
		for (const {resolve} of this.#waiters.splice(0)) {
			resolve();
		}
	}

	/** The poll failed: those who asked for it learn why. The next round is due at once, behind the gates. */
	fail(error: Error): void {
		this.#state = {kind: 'waiting', since: this.#clock.now(), delayMs: 0};
		for (const {reject} of this.#waiters.splice(0)) {
			reject(error);
		}
	}

	/** A poll for so many faxes may have locked them although its answer never came. */
	beCautious(asked: number): void {
		this.#cautiousFetch = Math.max(1, Math.floor(Math.min(asked, this.#cautiousFetch) / 2));
	}

	#continueOrEnd(goesOn: boolean, held: number, seen: readonly string[], delayMs: number): void {
		if (goesOn) {
			this.#state = {kind: 'running', held, seen: new Set(seen)};
		} else {
			this.end(delayMs);
		}
	}
}
