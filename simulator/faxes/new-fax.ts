import type {Clock} from '../clock';
import {nameDocuments, type NewDocument} from '../documents/document';
import {Fax, type EntryOverrides} from './fax';
import {sampleDocuments, sampleNames, samplePageCount, type SampleName} from '../documents/samples';
import type {Store} from './store';

/** A fax to receive. Omitted facts are made up. */
export type NewFax = EntryOverrides & {
	/** @default the simulator's first topic */
	readonly topic?: string | undefined;
	/** @default an unused id of the service's shape */
	readonly id?: string | undefined;
	/** @default '+4989000001' */
	readonly from?: string | undefined;
	/** @default '+4989000002' */
	readonly to?: string | undefined;
	/** @default 'EXAMPLE' */
	readonly csid?: string | undefined;
	/** @default the sample's page count, or 1 */
	readonly pages?: number | undefined;
	/** Milliseconds since 1970. @default now */
	readonly receivedAtMs?: number | undefined;
} & (
		| {readonly documents: readonly NewDocument[]; readonly sample?: never}
		/** @default the samples in turn */
		| {readonly sample?: SampleName | undefined; readonly documents?: never}
	);

/** Completes new faxes with made-up facts and puts them into the store. */
export class FaxIntake {
	readonly #store: Store;
	readonly #clock: Clock;
	readonly #firstTopic: string;
	readonly #nextId: () => string;
	#samplesTaken = 0;

	constructor(store: Store, clock: Clock, firstTopic: string, nextId: () => string) {
		this.#store = store;
		this.#clock = clock;
		this.#firstTopic = firstTopic;
		this.#nextId = nextId;
	}

	/** @throws RangeError if the topic is not served or the id is taken */
	add(newFax: NewFax): Fax {
		const sample = newFax.documents === undefined ? (newFax.sample ?? this.#nextSample()) : undefined;
		const facts = {
			id: newFax.id ?? this.#unusedId(),
			topic: newFax.topic ?? this.#firstTopic,
			from: newFax.from ?? '+4989000001',
			to: newFax.to ?? '+4989000002',
			csid: newFax.csid ?? 'EXAMPLE',
			pages: newFax.pages ?? (sample === undefined ? 1 : samplePageCount(sample)),
			receivedAtMs: newFax.receivedAtMs ?? this.#clock.now(),
		};
		const documents = sample === undefined ? (newFax.documents ?? []) : sampleDocuments(sample, facts);
		const {fields, rawEntry} = newFax;
		// Picks single fields: `newFax` itself would hold the documents in memory after their deletion.
		const overrides = {...(fields !== undefined && {fields}), ...(rawEntry !== undefined && {rawEntry})};
		const fax = new Fax({facts, documents: nameDocuments(facts.id, documents), overrides, sample});
		this.#store.add(fax);
		return fax;
	}

	#unusedId(): string {
		let id = this.#nextId();
		while (this.#store.find(id) !== undefined) {
			id = this.#nextId();
		}
		return id;
	}

	#nextSample(): SampleName {
		const name = sampleNames[this.#samplesTaken % sampleNames.length] ?? 'order';
		this.#samplesTaken += 1;
		return name;
	}
}
