/** A round polls until an answer has fewer faxes than asked for; then the next one is due after the interval. */
import {elapsedMs, type Clock, type Instant} from '../environment';
import {largestFetch} from '../retarus/facts';

interface Waiter {
	readonly resolve: () => void;
	readonly reject: (error: Error) => void;
}

type State =
	| {readonly kind: 'waiting'; readonly since: Instant; readonly delayMs: number}
	/** `held`: so many faxes of the last answer were all ours already, and the next poll asks for that many more. `seen`: all of these in this round. */
	| {readonly kind: 'running'; readonly held: number; readonly seen: ReadonlySet<string>};

/** An answer to a poll, as far as the round goes by it. */
export interface PollAnswer {
	readonly asked: number;
	readonly listed: number;
	/** Listed, and with a flow, resting or handed over: their ids. */
	readonly held: readonly string[];
	/** Listed, and acknowledged by us before. */
	readonly settled: number;
}

export class PollRound {
	readonly #clock: Clock;
	readonly #waiters: Waiter[] = [];
	#state: State;

	constructor(clock: Clock) {
		this.#clock = clock;
		this.#state = {kind: 'waiting', since: clock.now(), delayMs: 0};
	}

	get isRunning(): boolean {
		return this.#state.kind === 'running';
	}

	/** Somebody asked for it: pause and interval do not count. */
	get isRequested(): boolean {
		return this.#waiters.length > 0;
	}

	get held(): number {
		return this.#state.kind === 'running' ? this.#state.held : 0;
	}

	/** Until the next round is due. */
	get remainingMs(): number {
		return this.#state.kind === 'running'
			? 0
			: Math.max(0, this.#state.delayMs - elapsedMs(this.#clock.now(), this.#state.since));
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
	 * An answer to a poll came. A full one is a reason to go on even when the poll was only a passenger of an acknowledge.
	 * @param delayMs until the next round, should this one be over
	 */
	answered(answer: PollAnswer, delayMs: number): void {
		const {asked, listed, held, settled} = answer;
		const seen = this.#state.kind === 'running' ? this.#state.seen : new Set<string>();
		const isNothingNew = listed > 0 && held.length + settled === listed;
		// Faxes that we hold may hide others, at a service that lists fewer than asked for; those that the round has seen already hide nothing.
		const mayHideOthers = asked < largestFetch && (listed >= asked || held.some((id) => !seen.has(id)));
		if (isNothingNew ? !mayHideOthers : listed < asked) {
			this.end(delayMs);
		} else {
			this.#state = {kind: 'running', held: isNothingNew ? listed : 0, seen: new Set([...seen, ...held])};
		}
	}

	end(delayMs: number): void {
		this.#state = {kind: 'waiting', since: this.#clock.now(), delayMs};
		for (const {resolve} of this.#waiters.splice(0)) {
			resolve();
		}
	}

	/** The poll failed: who asked for it hears why. The next round is due at once, behind the gates. */
	fail(error: Error): void {
		this.#state = {kind: 'waiting', since: this.#clock.now(), delayMs: 0};
		for (const {reject} of this.#waiters.splice(0)) {
			reject(error);
		}
	}
}
