/** What is wrong with a topic, reported once. */
import type {EventEmitter} from 'node:events';
import type {Clock} from '../environment';
import {needsPerson, type RetarusError} from '../errors';
import type {TopicEvents} from './events';

/** Where a condition shows. Each has one at a time. */
export type TroubleSource = 'exchange' | 'documents' | 'entries';

interface Condition {
	readonly error: RetarusError;
	/** When the trouble began, whatever it was then; by wall clock. */
	readonly sinceMs: number;
}

/** Two errors that a person would call the same have the same code, reason and colour. */
const isSame = (one: RetarusError, other: RetarusError): boolean =>
	one.code === other.code && one.reason === other.reason && needsPerson(one) === needsPerson(other);

/**
 * Reports a lasting condition when it begins and when it becomes another one, never at every retry, and reports its
 * end.
 * The latest failure counts: an older one hides no later one.
 */
export class Trouble {
	readonly #events: EventEmitter<TopicEvents>;
	readonly #clock: Clock;
	readonly #conditions = new Map<TroubleSource, Condition>();

	constructor(events: EventEmitter<TopicEvents>, clock: Clock) {
		this.#events = events;
		this.#clock = clock;
	}

	/** The condition of a source; `undefined` while all is well. */
	of(source: TroubleSource): RetarusError | undefined {
		return this.#conditions.get(source)?.error;
	}

	/** @param isReported somebody who waits for the outcome is told of it directly */
	is(source: TroubleSource, error: RetarusError, isReported = false): void {
		const before = this.#conditions.get(source);
		this.#conditions.set(source, {error, sinceMs: before?.sinceMs ?? this.#clock.now().wallMs});
		if (!isReported && !(before && isSame(before.error, error))) {
			this.#events.emit('trouble', error);
		}
	}

	isOver(source: TroubleSource): void {
		const condition = this.#conditions.get(source);
		if (condition) {
			this.#conditions.delete(source);
			this.#events.emit('recovery', condition.error, this.#clock.now().wallMs - condition.sinceMs);
		}
	}

	/** Nobody can tell any more whether it is over. */
	forget(source: TroubleSource): void {
		this.#conditions.delete(source);
	}
}
