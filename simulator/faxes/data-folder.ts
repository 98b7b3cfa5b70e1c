import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {bytesOf, nameDocuments, type DocumentContent, type FaxDocument} from '../documents/document';
import {Fax, type EntryOverrides, type FaxFacts, type FaxHistory} from './fax';
import {sampleDocuments, type SampleName} from '../documents/samples';

/** The state that outlives the process. */
export interface Kept {
	/** Offset of the clock. */
	readonly offsetMs: number;
	/** Requests counted so far. */
	readonly requests: number;
	readonly faxes: readonly Fax[];
}

interface KeptFax extends FaxHistory {
	readonly facts: FaxFacts;
	readonly overrides: EntryOverrides;
	readonly sample?: SampleName;
	/** Empty for a sample, whose documents are drawn again. */
	readonly documents: readonly KeptDocument[];
}

interface KeptDocument {
	readonly name: string;
	readonly contentType: string;
	readonly url?: string;
	/** SHA-256 of the bytes, which is the name of their file; absent for a deleted document. */
	readonly content?: string;
}

interface KeptState {
	readonly version: 1;
	readonly offsetMs: number;
	readonly requests: number;
	readonly faxes: readonly KeptFax[];
}

const contentName = /^[0-9a-f]{64}$/;
const onlyOwner = {mode: 0o600} as const;

/**
 * A folder with `state.json` and the documents, readable by its owner only.
 * Documents are written before the state that names them, and the state is replaced by a rename. A simulator that is
 * killed at any moment therefore leaves the last complete state, never one that names missing documents.
 * Files are named by their content, so copies of a fax share one file.
 */
export class DataFolder {
	readonly #state: string;
	readonly #documents: string;
	readonly #written = new Set<string>();
	/** File names by content object, so that shared content is hashed once. */
	readonly #names = new WeakMap<DocumentContent, string>();

	/** @throws the error of `fs` */
	constructor(folder: string) {
		this.#state = join(folder, 'state.json');
		this.#documents = join(folder, 'documents');
		mkdirSync(this.#documents, {recursive: true, mode: 0o700});
	}

	/**
	 * The state last saved.
	 * @throws Error whose message is one sentence, if the state is unreadable
	 */
	load(): Kept {
		const {offsetMs, requests, faxes} = this.#read();
		return {offsetMs, requests, faxes: faxes.map((fax) => this.#revive(fax))};
	}

	/** Replaces the saved state in one step, then removes documents it no longer names. */
	save({offsetMs, requests, faxes}: Kept): void {
		const state: KeptState = {version: 1, offsetMs, requests, faxes: faxes.map((fax) => this.#keep(fax))};
		writeFileSync(`${this.#state}.new`, JSON.stringify(state), onlyOwner);
		renameSync(`${this.#state}.new`, this.#state);
		const needed = new Set(state.faxes.flatMap(({documents}) => documents.map(({content}) => content)));
		for (const name of readdirSync(this.#documents)) {
			if (contentName.test(name) && !needed.has(name)) {
				rmSync(join(this.#documents, name));
				this.#written.delete(name);
			}
		}
	}

	#read(): KeptState {
		let text: string;
		try {
			text = readFileSync(this.#state, 'utf8');
		} catch {
			return {version: 1, offsetMs: 0, requests: 0, faxes: []};
		}
		try {
			const state = JSON.parse(text) as Partial<KeptState>;
			if (state.version === 1) {
				// Written by save() and nothing else.
				return state as KeptState;
			}
		} catch {
			// Reported below.
		}
		throw new Error(`${this.#state} is unreadable: remove it, or choose another folder with --data.`);
	}

	#keep(fax: Fax): KeptFax {
		const {facts, overrides, sample, state, events} = fax;
		const documents =
			sample === undefined
				? fax.documents.map((document) => this.#keepDocument(document, state.kind === 'deleted'))
				: [];
		return {facts, overrides, documents, state, events, ...(sample !== undefined && {sample})};
	}

	#keepDocument(document: FaxDocument, isDeleted: boolean): KeptDocument {
		const {name, contentType, url} = document;
		return {name, contentType, ...(url !== undefined && {url}), ...(!isDeleted && {content: this.#write(document)})};
	}

	#write(document: FaxDocument): string {
		const known = this.#names.get(document.content);
		if (known !== undefined && this.#written.has(known)) {
			return known;
		}
		const bytes = bytesOf(document);
		const name = createHash('sha256').update(bytes).digest('hex');
		if (!this.#written.has(name)) {
			writeFileSync(join(this.#documents, name), bytes, onlyOwner);
			this.#written.add(name);
		}
		this.#names.set(document.content, name);
		return name;
	}

	#revive({facts, overrides, sample, documents, state, events}: KeptFax): Fax {
		const revived =
			sample === undefined
				? documents.map(({content, ...document}) => ({...document, content: this.#bytes(content)}))
				: nameDocuments(facts.id, sampleDocuments(sample, facts));
		return new Fax({facts, overrides, sample, documents: revived, history: {state, events}});
	}

	#bytes(name: string | undefined): Buffer {
		return name === undefined ? Buffer.alloc(0) : readFileSync(join(this.#documents, name));
	}
}

const soonMs = 200;

/**
 * Saves shortly after a change, and once more on close.
 * Saving rewrites the whole state, so a burst of changes is saved once instead of once per request.
 * After close it never saves again: another simulator may own the folder by then.
 */
export class Keeper {
	readonly #save: () => void;
	#timer: NodeJS.Timeout | undefined;
	#isClosed = false;

	constructor(save: () => void) {
		this.#save = save;
	}

	touch(): void {
		if (this.#isClosed) {
			return;
		}
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			try {
				this.#save();
			} catch {
				// The next change tries again, and close() reports the error.
			}
		}, soonMs);
	}

	/** Saves for the last time. @throws the error of `fs` */
	close(): void {
		clearTimeout(this.#timer);
		if (!this.#isClosed) {
			this.#isClosed = true;
			this.#save();
		}
	}
}
