/** Ids that failed, in groups that are sent apart until it is clear which of them spoils a request. */
import {elapsedMs, type Clock, type Instant} from '../environment';
import {TimeoutError, type RetarusError} from '../errors';
import {isBetween, isRefusal, statusOf} from './blame';

/** An id that is refused is given up when the same refusal has lasted this long. */
const refusalMs = 15 * 60_000;
const longestPauseMs = 15 * 60_000;

/**
 * A poll without the ids goes first: it finds out whether all else works. Where nobody polls, they wait this long for
 * it.
 */
const firstPauseMs = 1000;

/**
 * Suspects get this long for an answer at first: an id that makes requests hang must not hold the others up for
 * minutes.
 */
const firstPatienceMs = 3000;

/** The answer that an id gets when it is sent alone, time and again. */
interface Refusal {
	/** Tells refusals apart: another one starts from zero. */
	readonly word: string;
	readonly since: Instant;
	/** Exchanges that had gone through when it began. */
	readonly successes: number;
}

interface Group {
	readonly ids: readonly string[];
	readonly since: Instant;
	/** Not sent before, counted from `since`. */
	readonly pauseMs: number;
	/** In a row, since something else went through in between. */
	readonly failures: number;
	/** Exchanges that had gone through at the last failure. */
	readonly successes: number;
	/** Something else went through between two failures, so they speak about these ids. */
	readonly isProven: boolean;
	/** How long to wait for an answer; `undefined` for as long as usual. */
	readonly patienceMs: number | undefined;
	readonly refusal: Refusal | undefined;
	/** It was reported that the id is set aside. */
	readonly isReported: boolean;
}

/** What is to be sent. */
export interface Batch {
	readonly ids: readonly string[];
	/** How long to wait for an answer; `undefined` for as long as usual. */
	readonly patienceMs?: number | undefined;
}

export type Verdict =
	/** Nobody can tell that the ids are to blame. */
	| {readonly kind: 'general'}
	/**
	 * They are sent apart. `isNew`: in groups of their own from now on, so a poll should find out whether all else works.
	 */
	| {readonly kind: 'isolated'; readonly isNew: boolean}
	/** The id fails alone while others work. Said once. */
	| {readonly kind: 'setAside'; readonly id: string}
	/** The service itself has refused the id alone, for a quarter of an hour, while others worked. */
	| {readonly kind: 'refused'; readonly id: string; readonly status: number};

/**
 * When an exchange with ids fails, in whatever way, a poll without them follows, then half of them alone, and so on
 * down
 * to one, each group with a "not before" of its own that grows. So no id, no URL length and no listing can hold up
 * another.
 *
 * Trouble between here and the service says nothing about the ids (no connection, 401, 429): then they stay together,
 * unless something else went through since they failed last. An id is given up only after a refusal in the service's
 * own
 * words that lasted while others went through; nothing else ever gives one up. It stays apart even then: should the
 * service list the fax again, the id is tried once more, and must not spoil a request of others.
 */
export class Suspects {
	readonly #clock: Clock;
	/** Those that failed last come last. */
	#groups: readonly Group[] = [];
	/** Exchanges of the topic that went through, with ids or without. */
	#successes = 0;
	/** {@link #successes} when ids that are not isolated failed last; `undefined` once such ids went through. */
	#successesAtFailure: number | undefined;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	get isEmpty(): boolean {
		return this.#groups.length === 0;
	}

	get ids(): readonly string[] {
		return this.#groups.flatMap((group) => group.ids);
	}

	/** Ids that fail alone while others work. */
	get setAside(): readonly string[] {
		return this.#groups.filter(({isReported}) => isReported).flatMap(({ids}) => ids);
	}

	/** How long until a group is due; `Infinity` when there is none. */
	remainingMs(now: Instant): number {
		let remainingMs = Infinity;
		for (const {since, pauseMs} of this.#groups) {
			remainingMs = Math.min(remainingMs, Math.max(0, pauseMs - elapsedMs(now, since)));
		}

		return remainingMs;
	}

	/** The group that is due; `undefined` when none is. */
	next(now: Instant): Batch | undefined {
		return this.#groups.find(({since, pauseMs}) => elapsedMs(now, since) >= pauseMs);
	}

	/** Lets go of groups that are due and that nobody wants to send any more. */
	drop(isWanted: (id: string) => boolean, now: Instant): void {
		this.#groups = this.#groups.filter(
			({ids, since, pauseMs}) => elapsedMs(now, since) < pauseMs || ids.some((id) => isWanted(id)),
		);
	}

	/** An exchange went through; with these ids, if any. */
	succeeded(ids: readonly string[]): void {
		this.#successes += 1;
		this.#successesAtFailure = ids.length > 0 ? undefined : this.#successesAtFailure;
		if (this.#groups.length > 0) {
			const settled = new Set(ids);
			this.#groups = this.#groups
				// What failed while nothing worked is tried again right away.
				.map((group) => ({
					...group,
					ids: group.ids.filter((id) => !settled.has(id)),
					pauseMs: group.isProven ? group.pauseMs : 0,
				}))
				.filter((group) => group.ids.length > 0);
		}
	}

	/** The exchange with these ids, one at least, failed. */
	failed(ids: readonly string[], error: RetarusError): Verdict {
		const now = this.#clock.now();
		const group = this.#groups.find((one) => one.ids === ids);
		const others = this.#groups.filter((one) => one !== group);
		const before = group ? group.successes : this.#successesAtFailure;
		const isProven = group?.isProven === true || (before !== undefined && this.#successes > before);
		this.#successesAtFailure = group ? this.#successesAtFailure : this.#successes;
		if (isBetween(error) && !isProven) {
			this.#groups = group ? [...others, {...group, since: now, pauseMs: 0, isProven}] : others;
			return {kind: 'general'};
		}

		const [id] = ids;
		if (id !== undefined && ids.length === 1) {
			return this.#failedAlone(id, {ids, group, others, error, isProven, now});
		}

		const isGeneral = group !== undefined && !isProven;
		const half = Math.ceil(ids.length / 2);
		this.#groups = [
			...others,
			...[ids.slice(0, half), ids.slice(half)].map((some) => ({
				ids: some,
				since: now,
				pauseMs: isGeneral ? 0 : firstPauseMs,
				failures: 0,
				successes: this.#successes,
				isProven: false,
				patienceMs: error instanceof TimeoutError ? firstPatienceMs : group?.patienceMs,
				refusal: undefined,
				isReported: false,
			})),
		];
		return isGeneral ? {kind: 'general'} : {kind: 'isolated', isNew: true};
	}

	#failedAlone(id: string, {ids, group, others, error, isProven, now}: FailedAlone): Verdict {
		const refusal = this.#refusal(group?.refusal, error, now);
		const isRefused = refusal && elapsedMs(now, refusal.since) >= refusalMs && this.#successes > refusal.successes;
		const failures = (group?.failures ?? 0) + (isProven ? 1 : 0);
		const isReported = group?.isReported ?? false;
		// The first failure alone may be chance.
		const isNews = failures > 1 && !isReported;
		const pauseMs = isProven || !group ? Math.min(firstPauseMs * 4 ** failures, longestPauseMs) : 0;
		this.#groups = [
			...others,
			{
				ids,
				since: now,
				// Before that it may have been the poll, or the account, for which the service asked for patience.
				pauseMs: isProven ? Math.max(pauseMs, error.retryAfterMs) : pauseMs,
				failures,
				successes: this.#successes,
				isProven,
				patienceMs: error instanceof TimeoutError ? firstPatienceMs * 2 ** Math.min(failures, 10) : undefined,
				refusal: isRefused ? undefined : refusal,
				isReported: isNews || isReported,
			},
		];
		if (isRefused) {
			return {kind: 'refused', id, status: statusOf(error)};
		}

		if (group && !isProven) {
			return {kind: 'general'};
		}

		return isNews ? {kind: 'setAside', id} : {kind: 'isolated', isNew: !group};
	}

	/** `undefined` when the error is not a refusal of the service itself. */
	#refusal(before: Refusal | undefined, error: RetarusError, now: Instant): Refusal | undefined {
		if (!isRefusal(error)) {
			return undefined;
		}

		const word = `${error.reason} ${statusOf(error)}`;
		return before?.word === word ? before : {word, since: now, successes: this.#successes};
	}
}

/** One id that failed alone. */
interface FailedAlone {
	readonly ids: readonly string[];
	readonly group: Group | undefined;
	readonly others: readonly Group[];
	readonly error: RetarusError;
	readonly isProven: boolean;
	readonly now: Instant;
}
