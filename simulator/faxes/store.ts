import type {Clock} from '../clock';
import type {FaxDocument} from '../documents/document';
import type {Fax} from './fax';

/** A document on the shelf, and the fax it belongs to. */
export interface FiledDocument {
	readonly fax: Fax;
	readonly document: FaxDocument;
}

/** All faxes of the service, by topic, id and file name. */
export class Store {
	readonly #clock: Clock;
	readonly #faxes = new Map<string, Fax>();
	readonly #files = new Map<string, FiledDocument>();
	/** Neither acknowledged nor deleted, in order of receipt. A poll looks at these only, however many faxes went before. */
	readonly #open = new Map<string, Map<string, Fax>>();
	/** Before that no fax is due for deletion. */
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

	/** @throws if the topic is not served, or an id or a file name is taken. */
	add(fax: Fax): void {
		const {id, topic} = fax.facts;
		const open = this.#open.get(topic);
		if (open === undefined) {
			throw new RangeError(`There is no topic "${topic}" here.`);
		}
		const names = fax.documents.map((document) => document.name);
		if (this.#faxes.has(id) || new Set(names).size < names.length || names.some((name) => this.#files.has(name))) {
			throw new RangeError(`There is a fax "${id}", or a document of its name, already.`);
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

	/** Forgets every fax, as if none had ever come. */
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

	/** A document, still there or deleted: see the state of its fax. */
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

	/** Hands out up to `limit` waiting faxes of a topic and locks them. */
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

	/** Never listed again from here on; the documents stay until they are deleted. */
	acknowledge(fax: Fax, request: number): void {
		fax.acknowledge(this.#clock.now(), request);
		this.#open.get(fax.facts.topic)?.delete(fax.facts.id);
	}

	/** Nobody need ask for a fax for its documents to go: they take memory. */
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
