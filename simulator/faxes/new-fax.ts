import type {Clock} from '../clock';
import {nameDocuments, type NewDocument} from '../documents/document';
import {Fax, type EntryOverrides} from './fax';
import {sampleDocuments, sampleNames, samplePageCount, type SampleName} from '../documents/samples';
import type {Store} from './store';

/** A fax that has just arrived. Whatever is left out is made up. */
export type NewFax = EntryOverrides & {
	/** @default the first topic of the simulator */
	readonly topic?: string | undefined;
	/** @default an unused id in the service's shape */
	readonly id?: string | undefined;
	/** @default '+4989000001' */
	readonly from?: string | undefined;
	/** @default '+4989000002' */
	readonly to?: string | undefined;
	/** @default 'EXAMPLE' */
	readonly csid?: string | undefined;
	/** @default what the sample has, else 1 */
	readonly pages?: number | undefined;
	/** Milliseconds since 1970. @default now */
	readonly receivedAtMs?: number | undefined;
} & (
		| {readonly documents: readonly NewDocument[]; readonly sample?: never}
		/** @default one sample after the other */
		| {readonly sample?: SampleName | undefined; readonly documents?: never}
	);

/** Puts faxes into the store. */
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

	/** @throws RangeError for a topic that is not served, or an id that is taken */
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
		// Not all of what was given: it holds the documents, which go when they are deleted.
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
