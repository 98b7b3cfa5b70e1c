/** When to try again. One layer of retry, spread by full jitter, so that clients which failed together do not come back together. */
import {elapsedMs, type Clock, type Instant} from '../environment';
import type {RetarusError} from '../errors';

export interface BackoffOptions {
	readonly baseMs: number;
	readonly capMs: number;
}

/** Between nothing and `min(cap, base * 2^failures)` (AWS Builders' Library, "Exponential backoff and jitter"). */
export const fullJitterMs = (failures: number, {baseMs, capMs}: BackoffOptions, random: () => number): number =>
	random() * Math.min(capMs, baseMs * 2 ** Math.min(failures, 30));

/** Something may come back any moment. */
export const transientBackoff: BackoffOptions = {baseMs: 1000, capMs: 60_000};

/** Something needs a person: probed slowly, for wrong passwords may lock the account. Not jittered to nothing. */
export const probeMs = (failures: number, random: () => number): number =>
	Math.min(30_000 * 2 ** Math.min(failures, 5), 15 * 60_000) * (0.9 + 0.2 * random());

/** An interval that does not lock-step with others, and keeps its mean. */
export const spreadMs = (intervalMs: number, random: () => number): number => intervalMs * (0.98 + 0.04 * random());

/** Rejects with the signal's reason when that is aborted. */
export const sleep = (clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> =>
	new Promise((resolve, reject) => {
		signal.throwIfAborted();
		const leave = (): void => {
			cancel();
			reject(signal.reason as Error);
		};
		const cancel = clock.setTimer(() => {
			signal.removeEventListener('abort', leave);
			resolve();
		}, delayMs);
		signal.addEventListener('abort', leave, {once: true});
	});

/** A pause with a reason. */
interface Shut {
	readonly since: Instant;
	readonly durationMs: number;
	readonly error: RetarusError;
}

/** Closed after a failure, for a while. Each topic has one, and each account one that all its topics pass. */
export class Gate {
	readonly #clock: Clock;
	readonly #random: () => number;
	#shut: Shut | undefined;
	/** In a row. */
	#failures = 0;

	constructor(clock: Clock, random: () => number) {
		this.#clock = clock;
		this.#random = random;
	}

	/** Why it was shut last; `undefined` once something went through. */
	get error(): RetarusError | undefined {
		return this.#shut?.error;
	}

	/** 0 when a request may go. */
	get remainingMs(): number {
		return this.#shut === undefined
			? 0
			: Math.max(0, this.#shut.durationMs - elapsedMs(this.#clock.now(), this.#shut.since));
	}

	/** Will recover by itself. */
	backOff(error: RetarusError, atLeastMs: number): void {
		this.#close(error, Math.max(atLeastMs, fullJitterMs(this.#failures, transientBackoff, this.#random)));
	}

	/** Needs a person. */
	probeSlowly(error: RetarusError): void {
		this.#close(error, probeMs(this.#failures, this.#random));
	}

	/** One request is on its way through a gate whose time is over: the others wait for what it finds. */
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

	#close(error: RetarusError, durationMs: number): void {
		this.#shut = {since: this.#clock.now(), durationMs, error};
		this.#failures += 1;
	}
}
