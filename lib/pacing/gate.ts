/** Whether requests may go, and since when and why they may not. */
import {elapsedMs, type Clock, type Instant} from '../environment';
import {needsPerson, type RetarusError} from '../errors';
import {fullJitterMs, probeMs, transientBackoff} from './backoff';

/** A pause with a reason. */
interface Shut {
	readonly error: RetarusError;
	/** When it failed, which is what tells the latest failure from older ones. */
	readonly failedAt: Instant;
	readonly since: Instant;
	readonly durationMs: number;
}

/**
 * Shuts after a failure and opens by itself. The error outlives the pause until something goes through: a gate whose
 * pause is over lets the next request find out whether the trouble is.
 *
 * Failures in a row make the pause longer, but a new trouble starts from zero. After an hour without a network the
 * first probe of an expired certificate would otherwise come a quarter of an hour late.
 */
export class Gate {
	readonly #clock: Clock;
	readonly #random: () => number;
	#shut: Shut | undefined;
	/** In a row, of the same trouble. */
	#failures = 0;

	constructor(clock: Clock, random: () => number) {
		this.#clock = clock;
		this.#random = random;
	}

	/** Why it was shut last; `undefined` once something went through. */
	get error(): RetarusError | undefined {
		return this.#shut?.error;
	}

	/** When {@link error} happened. */
	get failedAt(): Instant | undefined {
		return this.#shut?.failedAt;
	}

	/**
	 * 0 when a request may go.
	 * @param laterMs for somebody who lets others go first
	 */
	remainingMs(now: Instant, laterMs = 0): number {
		return this.#shut === undefined
			? 0
			: Math.max(0, this.#shut.durationMs + laterMs - elapsedMs(now, this.#shut.since));
	}

	/**
	 * Shuts for a while: slowly probed when the error needs a person, backing off otherwise.
	 * @param atLeastMs what the service asked for
	 */
	fail(error: RetarusError, atLeastMs = 0): void {
		if (this.#shut && isAnother(this.#shut.error, error)) {
			this.#failures = 0;
		}

		const pauseMs = needsPerson(error)
			? probeMs(this.#failures, this.#random)
			: fullJitterMs(this.#failures, transientBackoff, this.#random);
		const now = this.#clock.now();
		this.#shut = {error, failedAt: now, since: now, durationMs: Math.max(atLeastMs, pauseMs)};
		this.#failures += 1;
	}

	/** A request goes through a gate whose pause is over: all others wait for what it finds. */
	hold(durationMs: number): void {
		if (this.#shut) {
			this.#shut = {...this.#shut, since: this.#clock.now(), durationMs};
		}
	}

	/** Something went through, or somebody changed what was wrong. */
	open(): void {
		this.#shut = undefined;
		this.#failures = 0;
	}

	/** Lets the next request go without forgetting how often it failed. */
	letOne(): void {
		if (this.#shut) {
			this.#shut = {...this.#shut, durationMs: 0};
		}
	}
}

/** Transient errors take turns during one outage; each condition that needs a person is one of its own. */
const isAnother = (before: RetarusError, error: RetarusError): boolean =>
	needsPerson(before) !== needsPerson(error) || (needsPerson(error) && before.reason !== error.reason);
