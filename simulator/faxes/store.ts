import type {Clock} from '../clock';
import type {FaxDocument} from '../documents/document';
import type {Fax} from './fax';

/** A document and its fax. */
export interface FiledDocument {
	readonly fax: Fax;
	readonly document: FaxDocument;
}

/**
 * All faxes of the service, indexed by topic, id and file name.
 * Every read settles the faxes it returns, so callers see them as of now.
 * Polls search only the open faxes. Searching all of them would slow down a long benchmark with every fax received.
 */
export class Store {
	readonly #clock: Clock;
	readonly #faxes = new Map<string, Fax>();
	readonly #files = new Map<string, FiledDocument>();
	/** Faxes that are neither acknowledged nor deleted, by topic, in order of receipt. */
	readonly #open = new Map<string, Map<string, Fax>>();
	/** No fax is due for deletion before this time. */
	#nextDeletionMs = Infinity;

	constructor(clock: Clock, topics: Iterable<string>) {
		this.#clock = clock;
		for (const topic of topics) {
			this.#open.set(topic, new Map());
		}
	}

	hasTopic(topic: string): boolean {
		return this.#open.has(topic);
	}

	/** @throws RangeError if the topic is not served, or the id or a file name is taken */
	add(fax: Fax): void {
		const {id, topic} = fax.facts;
		const open = this.#open.get(topic);
		if (open === undefined) {
			throw new RangeError(`The simulator does not serve a topic "${topic}".`);
		}
		const names = fax.documents.map((document) => document.name);
		if (this.#faxes.has(id) || new Set(names).size < names.length || names.some((name) => this.#files.has(name))) {
			throw new RangeError(`A fax "${id}", or a document of that name, already exists.`);
		}
		this.#faxes.set(id, fax);
		for (const document of fax.documents) {
			this.#files.set(document.name, {fax, document});
		}
		if (fax.state.kind === 'waiting' || fax.state.kind === 'locked') {
			open.set(id, fax);
		}
		if (fax.state.kind !== 'deleted') {
			this.#nextDeletionMs = Math.min(this.#nextDeletionMs, fax.deleteAtMs);
			this.#deleteDue();
		}
	}

	get topics(): readonly string[] {
		return [...this.#open.keys()];
	}

	/** Removes every fax, as if none had ever arrived. */
	clear(): void {
		this.#faxes.clear();
		this.#files.clear();
		for (const open of this.#open.values()) {
			open.clear();
		}
		this.#nextDeletionMs = Infinity;
	}

	/** The fax as of now. */
	find(id: string): Fax | undefined {
		const fax = this.#faxes.get(id);
		if (fax !== undefined) {
			this.#settle(fax);
		}
		return fax;
	}

	/** A document, even a deleted one; the state of its fax tells. */
	findFile(name: string): FiledDocument | undefined {
		const filed = this.#files.get(name);
		if (filed !== undefined) {
			this.#settle(filed.fax);
		}
		return filed;
	}

	/** Every fax ever received, in order of receipt, as of now. */
	all(): Fax[] {
		const faxes = [...this.#faxes.values()];
		for (const fax of faxes) {
			this.#settle(fax);
		}
		return faxes;
	}

	/** Lists up to `limit` waiting faxes of a topic and locks them. */
	list(topic: string, limit: number, lockMs: number, request: number): Fax[] {
		this.#deleteDue();
		const listed: Fax[] = [];
		for (const fax of this.#open.get(topic)?.values() ?? []) {
			if (listed.length === limit) {
				break;
			}
			this.#settle(fax);
			if (fax.state.kind === 'waiting') {
				fax.list(this.#clock.now(), lockMs, request);
				listed.push(fax);
			}
		}
		return listed;
	}

	/** Takes a fax off the list for good. Its documents stay until their deletion is due. */
	acknowledge(fax: Fax, request: number): void {
		fax.acknowledge(this.#clock.now(), request);
		this.#open.get(fax.facts.topic)?.delete(fax.facts.id);
	}

	/** Deletes due faxes even if no one asks for them, to free the memory of their documents. */
	#deleteDue(): void {
		if (this.#clock.now() >= this.#nextDeletionMs) {
			const left = this.all().filter((fax) => fax.state.kind !== 'deleted');
			this.#nextDeletionMs = left.reduce((earliest, fax) => Math.min(earliest, fax.deleteAtMs), Infinity);
		}
	}

	#settle(fax: Fax): void {
		if (fax.settle(this.#clock.now()).kind === 'deleted') {
			this.#open.get(fax.facts.topic)?.delete(fax.facts.id);
		}
	}
}
