import type {FaxDocument} from '../documents/document';
import type {SampleName} from '../documents/samples';

/** The service's view of a fax. Times are milliseconds since 1970; `request` is a number in the request log. */
export type FaxState =
	| {readonly kind: 'waiting'}
	| {readonly kind: 'locked'; readonly untilMs: number; readonly request: number}
	| {readonly kind: 'acknowledged'; readonly atMs: number; readonly request: number}
	| {readonly kind: 'deleted'; readonly atMs: number; readonly wasAcknowledged: boolean};

/** An event in the life of a fax. */
export type FaxEvent = {readonly atMs: number} & (
	| {readonly kind: 'received'}
	| {readonly kind: 'listed'; readonly request: number; readonly lockedUntilMs: number}
	| {readonly kind: 'lapsed'}
	| {readonly kind: 'downloaded'; readonly request: number; readonly name: string}
	| {readonly kind: 'acknowledged'; readonly request: number}
	| {readonly kind: 'acknowledgedAgain'; readonly request: number}
	| {readonly kind: 'deleted'}
);

/** The facts of the transmission. */
export interface FaxFacts {
	readonly id: string;
	readonly topic: string;
	/** The caller's number, e.g. `+4989000001`. */
	readonly from: string;
	/** The called number. */
	readonly to: string;
	/** The sending machine's name for itself. */
	readonly csid: string;
	readonly pages: number;
	readonly receivedAtMs: number;
}

/** Deviations from the usual entry of an answer. */
export interface EntryOverrides {
	/** Fields to add to the usual entry, or to replace in it. @default none */
	readonly fields?: Readonly<Record<string, unknown>>;
	/** Sent instead of the usual entry: `null`, a string, an entry without an id. @default the usual entry */
	readonly rawEntry?: unknown;
}

/** The state of a fax and the events that led to it. */
export interface FaxHistory {
	readonly state: FaxState;
	readonly events: readonly FaxEvent[];
}

/** The parts of a fax. */
export interface FaxParts {
	readonly facts: FaxFacts;
	readonly documents: readonly FaxDocument[];
	readonly overrides: EntryOverrides;
	readonly sample: SampleName | undefined;
	/** History of a fax from an earlier run. @default a new fax, waiting */
	readonly history?: FaxHistory;
}

/** The read-only view of a fax. Only the store changes its state. */
export type FaxView = Pick<Fax, 'facts' | 'documents' | 'state' | 'events' | 'deleteAtMs'>;

/** The service deletes documents seven days after receipt by default, downloaded or not (manual of the polling API). */
export const keptForMs = 7 * 24 * 60 * 60 * 1000;

const nothing = Buffer.alloc(0);

/**
 * One fax: its facts, documents, state and events.
 * No timer runs. `settle` applies lapses and deletions that are due, dated to when they were due; call it before
 * reading the state. Without it a fax would stay locked for ever and keep its documents beyond the seven days.
 */
export class Fax {
	readonly facts: FaxFacts;
	readonly overrides: EntryOverrides;
	/** The sample its documents are drawn from, if any. */
	readonly sample: SampleName | undefined;
	#documents: readonly FaxDocument[];
	#state: FaxState;
	readonly #events: FaxEvent[];

	constructor({facts, documents, overrides, sample, history}: FaxParts) {
		this.facts = facts;
		this.overrides = overrides;
		this.sample = sample;
		this.#documents = documents;
		this.#state = history?.state ?? {kind: 'waiting'};
		this.#events = history === undefined ? [{kind: 'received', atMs: facts.receivedAtMs}] : [...history.events];
	}

	/** Empty documents once the fax is deleted. */
	get documents(): readonly FaxDocument[] {
		return this.#documents;
	}

	get state(): FaxState {
		return this.#state;
	}

	get events(): readonly FaxEvent[] {
		return this.#events;
	}

	get deleteAtMs(): number {
		return this.facts.receivedAtMs + keptForMs;
	}

	/** Catches up with the clock. Logs a lapse or deletion at the time it was due. */
	settle(nowMs: number): FaxState {
		if (this.#state.kind === 'locked' && this.#state.untilMs <= Math.min(nowMs, this.deleteAtMs)) {
			this.#events.push({kind: 'lapsed', atMs: this.#state.untilMs});
			this.#state = {kind: 'waiting'};
		}
		if (this.#state.kind !== 'deleted' && this.deleteAtMs <= nowMs) {
			this.#events.push({kind: 'deleted', atMs: this.deleteAtMs});
			this.#state = {kind: 'deleted', atMs: this.deleteAtMs, wasAcknowledged: this.#state.kind === 'acknowledged'};
			// Views of this fax may live on and must not hold its bytes in memory.
			this.#documents = this.#documents.map((document) => ({...document, content: nothing}));
		}
		return this.#state;
	}

	/** Lists the fax. With a lock of 0 ms it keeps waiting, and the next poll lists it again. */
	list(nowMs: number, lockMs: number, request: number): void {
		const untilMs = nowMs + lockMs;
		this.#events.push({kind: 'listed', atMs: nowMs, request, lockedUntilMs: untilMs});
		if (lockMs > 0) {
			this.#state = {kind: 'locked', untilMs, request};
		}
	}

	acknowledge(nowMs: number, request: number): void {
		if (this.#state.kind === 'acknowledged' || this.#state.kind === 'deleted') {
			this.#events.push({kind: 'acknowledgedAgain', atMs: nowMs, request});
			return;
		}
		this.#events.push({kind: 'acknowledged', atMs: nowMs, request});
		this.#state = {kind: 'acknowledged', atMs: nowMs, request};
	}

	noteDownload(nowMs: number, name: string, request: number): void {
		this.#events.push({kind: 'downloaded', atMs: nowMs, name, request});
	}
}
