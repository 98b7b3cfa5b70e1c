import type {FaxDocument} from '../documents/document';
import type {SampleName} from '../documents/samples';

/** Where a fax stands with the service. Times are milliseconds since 1970, `request` is the number of a request in the request log. */
export type FaxState =
	| {readonly kind: 'waiting'}
	| {readonly kind: 'locked'; readonly untilMs: number; readonly request: number}
	| {readonly kind: 'acknowledged'; readonly atMs: number; readonly request: number}
	| {readonly kind: 'deleted'; readonly atMs: number; readonly wasAcknowledged: boolean};

/** What happened to a fax, in the order of time. */
export type FaxEvent = {readonly atMs: number} & (
	| {readonly kind: 'received'}
	| {readonly kind: 'listed'; readonly request: number; readonly lockedUntilMs: number}
	| {readonly kind: 'lapsed'}
	| {readonly kind: 'downloaded'; readonly request: number; readonly name: string}
	| {readonly kind: 'acknowledged'; readonly request: number}
	| {readonly kind: 'acknowledgedAgain'; readonly request: number}
	| {readonly kind: 'deleted'}
);

/** What is known of the transmission. */
export interface FaxFacts {
	readonly id: string;
	readonly topic: string;
	/** The caller's number, e.g. `+4989000001`. */
	readonly from: string;
	/** The number that was called. */
	readonly to: string;
	/** How the sending machine names itself. */
	readonly csid: string;
	readonly pages: number;
	readonly receivedAtMs: number;
}

/** How an entry of an answer departs from the usual one. */
export interface EntryOverrides {
	/** Laid over the usual entry: adds fields or replaces them. */
	readonly fields?: Readonly<Record<string, unknown>>;
	/** Sent in place of the usual entry, whatever it is: `null`, a string, an entry without an id. */
	readonly rawEntry?: unknown;
}

/** Where a fax stands and how it came there. */
export interface FaxHistory {
	readonly state: FaxState;
	readonly events: readonly FaxEvent[];
}

/** What a fax is made of. */
export interface FaxParts {
	readonly facts: FaxFacts;
	readonly documents: readonly FaxDocument[];
	readonly overrides: EntryOverrides;
	readonly sample: SampleName | undefined;
	/** Of a fax that was kept; a new one waits. */
	readonly history?: FaxHistory;
}

/** A fax may be looked at by everybody; only the store moves it on. */
export type FaxView = Pick<Fax, 'facts' | 'documents' | 'state' | 'events' | 'deleteAtMs'>;

/** Documents are deleted seven days after receipt, downloaded or not (the manual of the polling API). */
export const keptForMs = 7 * 24 * 60 * 60 * 1000;

const nothing = Buffer.alloc(0);

/** One fax job: its facts, its documents and the state it is in. */
export class Fax {
	readonly facts: FaxFacts;
	readonly overrides: EntryOverrides;
	/** Whose documents are drawn at each download. */
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

	/** Those of a deleted fax are empty. */
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

	/**
	 * Catches up with the clock. Nothing runs while nobody asks, so what lapsed or
	 * was deleted meanwhile is noted at the time when it was due.
	 */
	settle(nowMs: number): FaxState {
		if (this.#state.kind === 'locked' && this.#state.untilMs <= Math.min(nowMs, this.deleteAtMs)) {
			this.#events.push({kind: 'lapsed', atMs: this.#state.untilMs});
			this.#state = {kind: 'waiting'};
		}
		if (this.#state.kind !== 'deleted' && this.deleteAtMs <= nowMs) {
			this.#events.push({kind: 'deleted', atMs: this.deleteAtMs});
			this.#state = {kind: 'deleted', atMs: this.deleteAtMs, wasAcknowledged: this.#state.kind === 'acknowledged'};
			// Whoever looks at the fax later must not keep its bytes in memory.
			this.#documents = this.#documents.map((document) => ({...document, content: nothing}));
		}
		return this.#state;
	}

	/** Handed out to a poll. With a lock of 0 ms it stays where it was, and the next poll lists it again. */
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
