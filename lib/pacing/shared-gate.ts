/** The gate that all requests with the same credentials pass. */
import {elapsedMs, type Clock, type Instant} from '../environment';
import {needsPerson, type RetarusError} from '../errors';
import {firstProbeMs} from './backoff';
import {Gate} from './gate';

/** A success counts as evidence for the credentials for this long. */
const evidenceMs = 15 * 60_000;

/** Probes take turns: each asker lets those go first that were refused before it. */
const turnMs = 250;
const longestTurnMs = 10_000;

/** An asker that was not refused yet may soon try what was not a question of credentials. */
const secondOpinionMs = 1000;

/**
 * A refusal of one asker (401, 407, 429, Retry-After) is everybody's only while nothing succeeds with these
 * credentials. As long as another one passes, the refusal speaks about the one that got it, and all others go on.
 *
 * While the gate is shut, one probe at a time finds out, and probes rotate. Without that, the first topic in the list
 * would probe for ever with a refusal of its own while a healthy one behind it starves.
 */
export class SharedGate {
	readonly #clock: Clock;
	readonly #gate: Gate;
	/** Who got through, and when last. */
	readonly #passed = new Map<string, Instant>();
	/** Who was refused since anything got through. The one whose last probe is the oldest comes first. */
	readonly #refused = new Set<string>();
	/** Whose probe is on its way. */
	#holder: string | undefined;

	constructor(clock: Clock, random: () => number) {
		this.#clock = clock;
		this.#gate = new Gate(clock, random);
	}

	/** Why it was shut last; `undefined` once something went through. */
	get error(): RetarusError | undefined {
		return this.#gate.error;
	}

	/** When {@link error} happened. */
	get failedAt(): Instant | undefined {
		return this.#gate.failedAt;
	}

	/** 0 when `asker` may send a request. */
	remainingMs(asker: string, now: Instant): number {
		const {error, failedAt} = this.#gate;
		if (error === undefined || failedAt === undefined) {
			return 0;
		}

		if (this.#holder === undefined && !this.#refused.has(asker)) {
			const pauseMs = needsPerson(error) ? firstProbeMs : secondOpinionMs;
			return Math.min(this.#gate.remainingMs(now), Math.max(0, pauseMs - elapsedMs(now, failedAt)));
		}

		const turn = Math.max(0, [...this.#refused].indexOf(asker));
		return this.#gate.remainingMs(now, Math.min(turn * turnMs, longestTurnMs));
	}

	/** A request is on its way. If the gate is shut, everybody else waits for what it finds. */
	hold(holder: string, durationMs: number): void {
		if (this.#gate.error !== undefined) {
			this.#holder = holder;
			this.#gate.hold(durationMs);
		}
	}

	/**
	 * The request has ended. If it was a probe and found out nothing about the credentials, the next one may go: otherwise
	 * a topic with trouble of its own would make all others wait for as long as a request may take, again and again.
	 * Returns whether others have waited for it.
	 */
	release(holder: string): boolean {
		if (this.#holder !== holder) {
			return false;
		}

		this.#holder = undefined;
		this.#gate.letOne();
		return true;
	}

	/** Returns whether the gate was shut, so that others have waited for this. */
	succeeded(asker: string): boolean {
		const wasShut = this.#gate.error !== undefined;
		this.#passed.set(asker, this.#clock.now());
		this.#refused.clear();
		this.#holder = undefined;
		this.#gate.open();
		return wasShut;
	}

	/**
	 * One request was refused. Returns whether that counts for everybody: then the gate is shut.
	 * @param askers for which it was sent; if for several, it says nothing about a single one, and each is tried alone
	 * @param atLeastMs what the service asked for
	 */
	refuse(askers: readonly string[], error: RetarusError, atLeastMs = 0): boolean {
		const now = this.#clock.now();
		for (const asker of askers) {
			this.#passed.delete(asker);
		}

		for (const [other, at] of this.#passed) {
			if (elapsedMs(now, at) > evidenceMs) {
				this.#passed.delete(other);
			}
		}

		if (this.#passed.size > 0) {
			return false;
		}

		const [only, second] = askers;
		if (only !== undefined && second === undefined) {
			this.#refused.delete(only);
			this.#refused.add(only);
		}

		this.#holder = undefined;
		this.#gate.fail(error, atLeastMs);
		return true;
	}
}
