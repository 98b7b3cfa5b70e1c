/** What the downloads of a connection, and those of a topic, learn from each other's failures. */
import type {Clock, Environment} from '../environment';
import type {RetarusError} from '../errors';
import {transientBackoff} from '../pacing/backoff';
import {Gate} from '../pacing/gate';
import type {Connection} from '../retarus/connection';

/** Why new faxes should not be listed. */
export interface Backoff {
	readonly error: RetarusError;
	/** How long to list none. 0: list one, whose documents show whether the service gives them again. */
	readonly remainingMs: number;
}

/** A download that has begun. One of its methods says how it went; {@link end} comes last in any case. */
export interface Turn {
	/** The service answered, whatever it thinks of this document. */
	readonly accept: () => void;
	/** The service could not be reached, or wants no requests now. */
	readonly refuse: (error: RetarusError) => void;
	readonly end: () => void;
}

/** How long the others wait for the answer to a probe: much less than a lock lasts, for a request may hang. */
const longestTurnMs = 2000;

/**
 * The downloads of one connection slow down together: after a refusal one at a time tries, with growing pauses, and the
 * first document that comes opens the way for all. If each slowed down alone, a full backlog would mean hundreds of
 * requests a minute to a service that asks for fewer, and as many faxes locked for nothing.
 * One fax that is always refused must not stop the others. So its first refusal costs them a second at most, what the
 * service asks of it counts for others only when a second fax is refused, and then for a minute at most; and of those
 * that wait, a fax that was not refused yet tries first.
 */
export class Refusals {
	/** Called when the answer to {@link backoff} has changed. */
	readonly listeners = new Set<() => void>();
	readonly #clock: Clock;
	readonly #gate: Gate;
	/** The latest; `undefined` once a document came. */
	#error: RetarusError | undefined;
	/** The latest download that began to find out, while its turn lasts and nothing is found out. */
	#probe: Turn | undefined;
	/** Faxes refused since the last document came. */
	readonly #refused = new Set<string>();
	/** Faxes that had a turn since then. The others go first, for the request of a fax may hang each time. */
	readonly #tried = new Set<string>();
	/** Those that wait, each with its fax. */
	readonly #waiting = new Map<() => void, string>();

	constructor({clock, random}: Pick<Environment, 'clock' | 'random'>) {
		this.#clock = clock;
		this.#gate = new Gate(clock, random);
	}

	get backoff(): Backoff | undefined {
		// A fax that waits finds out first: no other needs to be locked for that.
		const leastMs = this.#waiting.size > 0 ? 1000 : 0;
		return this.#error && {error: this.#error, remainingMs: Math.max(leastMs, this.#remainingMs())};
	}

	/** Begins a download, unless it must wait. */
	begin(fax: string): Turn | undefined {
		if (this.#remainingMs() > 0) {
			return undefined;
		}

		const turn: Turn = {
			accept: () => {
				this.#open();
			},
			refuse: (error) => {
				this.#shut(fax, error, this.#probe === turn);
			},
			end: () => {
				if (this.#probe === turn) {
					this.#letOne();
					this.#tell();
				}
			},
		};
		if (this.#error) {
			this.#probe = turn;
			this.#tried.add(fax);
			this.#gate.hold(longestTurnMs);
		}

		return turn;
	}

	/**
	 * Waits until {@link begin} is worth trying.
	 * @throws why not, when the lock will not last until then
	 */
	async wait(fax: string, lockedForMs: () => number, signal: AbortSignal): Promise<void> {
		for (let yields = this.#tried.has(fax); yields || this.#remainingMs() > 0; yields = false) {
			const remainingMs = this.#remainingMs();
			if (this.#error && remainingMs > 0 && remainingMs >= lockedForMs()) {
				throw this.#error;
			}

			await this.#sleep(fax, remainingMs + (this.#tried.has(fax) ? 1 : 0), signal);
		}
	}

	#remainingMs(): number {
		return this.#gate.remainingMs(this.#clock.now());
	}

	#open(): void {
		if (this.#error) {
			this.#error = undefined;
			this.#probe = undefined;
			this.#refused.clear();
			this.#tried.clear();
			this.#gate.open();
			this.#wake([...this.#waiting.keys()]);
			this.#tell();
		}
	}

	/** Only what a probe finds out makes the pause longer: requests that were under way together fail together. */
	#shut(fax: string, error: RetarusError, wasProbe: boolean): void {
		const isFirst = this.#error === undefined;
		this.#error = error;
		this.#refused.add(fax);
		this.#tried.add(fax);
		if (isFirst) {
			this.#gate.fail(error);
		} else if (wasProbe && this.#refused.size === 1) {
			this.#letOne();
		} else if (wasProbe) {
			this.#probe = undefined;
			this.#backOff(error);
		}

		this.#tell();
	}

	#backOff(error: RetarusError): void {
		this.#gate.fail(error, Math.min(error.retryAfterMs, transientBackoff.capMs));
	}

	/** The probe is over and has found out nothing about others: the next may try, first of all one that had no turn. */
	#letOne(): void {
		this.#probe = undefined;
		this.#gate.letOne();
		const fresh = [...this.#waiting].filter(([, fax]) => !this.#tried.has(fax)).map(([wake]) => wake);
		this.#wake(fresh.length > 0 ? fresh : [...this.#waiting.keys()]);
	}

	#wake(waiting: readonly (() => void)[]): void {
		for (const wake of waiting) {
			wake();
		}
	}

	#tell(): void {
		for (const listener of this.listeners) {
			listener();
		}
	}

	#sleep(fax: string, delayMs: number, signal: AbortSignal): Promise<void> {
		return new Promise((resolve, reject) => {
			signal.throwIfAborted();
			const leave = (): void => {
				this.#waiting.delete(wake);
				signal.removeEventListener('abort', abort);
				cancel();
			};
			const abort = (): void => {
				leave();
				reject(signal.reason as Error);
			};
			const wake = (): void => {
				leave();
				resolve();
			};
			const cancel = this.#clock.setTimer(wake, delayMs);
			signal.addEventListener('abort', abort, {once: true});
			this.#waiting.set(wake, fax);
		});
	}
}

const refusals = new WeakMap<Connection, Refusals>();

/** One for each connection, for as long as that lives, with the listener added once. */
export const refusalsOf = (connection: Connection, environment: Environment, listener?: () => void): Refusals => {
	let known = refusals.get(connection);
	if (!known) {
		known = new Refusals(environment);
		refusals.set(connection, known);
	}

	if (listener) {
		known.listeners.add(listener);
	}

	return known;
};

/** So many different faxes in a row without documents are not each at fault. */
const many = 10;

/**
 * A topic slows down when the documents of many faxes in a row are missing or invalid. Otherwise an outage of the
 * document store, or a renamed field, would turn a whole backlog into failed deliveries within seconds.
 * A few bad faxes change nothing, however often they come again: only different faxes count, and a good one ends it.
 */
export class Misses {
	readonly #clock: Clock;
	readonly #gate: Gate;
	readonly #faxes = new Set<string>();

	constructor({clock, random}: Pick<Environment, 'clock' | 'random'>) {
		this.#clock = clock;
		this.#gate = new Gate(clock, random);
	}

	get backoff(): Backoff | undefined {
		const {error} = this.#gate;
		if (!error) {
			return undefined;
		}

		const remainingMs = this.#gate.remainingMs(this.#clock.now());
		return remainingMs > 0 ? {error, remainingMs} : undefined;
	}

	hit(): void {
		this.#faxes.clear();
		this.#gate.open();
	}

	miss(fax: string, error: RetarusError): void {
		if (this.#faxes.size < many) {
			this.#faxes.add(fax);
		}

		if (this.#faxes.size === many && this.#gate.remainingMs(this.#clock.now()) === 0) {
			this.#gate.fail(error);
		}
	}
}
