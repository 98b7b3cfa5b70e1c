/**
 * What a person may see of a topic: what waits, what is held, the documents of what was listed last. It takes nothing
 * and acknowledges nothing.
 */
import type {Downloads} from '../documents/downloads';
import type {FaxDocument, FaxMetadata} from '../fax';
import {documentFilenames} from '../documents/filenames';
import type {ExchangeLoop} from './exchange-loop';
import type {Lease} from '../faxes/lease';
import {readMetadata} from '../retarus/metadata';
import type {TopicContext} from '../faxes/context';
import type {Listing} from '../retarus/wire';

/** A fax that nobody has taken yet. */
export interface WaitingFax {
	readonly id: string;
	readonly metadata: FaxMetadata;
	/** File names, in the service's order. */
	readonly documents: readonly string[];
}

/** A fax that this process has in hand. */
export interface HeldFax {
	readonly id: string;
	readonly state: Lease['state'];
	/** Absent while its documents are on their way. */
	readonly delivery?: number;
	/** Since when it is in this state; milliseconds since 1970. */
	readonly sinceMs?: number;
}

const filenames = ({id, documents}: Listing): readonly string[] =>
	documentFilenames(documents.map((segment, index) => segment ?? `${id}-${index + 1}`));

const held = (id: string, lease: Lease): HeldFax => {
	switch (lease.state) {
		case 'listed':
			return {id, state: lease.state};
		case 'resting': {
			const delivery = lease.cause.kind === 'failed' ? {delivery: lease.cause.delivery} : {};
			return {id, state: lease.state, ...delivery, sinceMs: lease.since.wallMs};
		}

		default:
			return {id, state: lease.state, delivery: lease.delivery, sinceMs: lease.since.wallMs};
	}
};

export class Preview {
	readonly #context: TopicContext;
	readonly #loop: ExchangeLoop;
	readonly #downloads: Downloads;
	readonly #ready: () => Promise<void>;
	/** Of the last look, by id: no other document can be asked for. */
	#listings: ReadonlyMap<string, Listing> = new Map();

	/** @param ready rejects while the state folder is somebody else's: then so is the queue */
	constructor(context: TopicContext, loop: ExchangeLoop, downloads: Downloads, ready: () => Promise<void>) {
		this.#context = context;
		this.#loop = loop;
		this.#downloads = downloads;
		this.#ready = ready;
	}

	/**
	 * The first faxes that wait, at most so many, locked for a second.
	 * @throws RetarusError why they cannot be had
	 */
	async waiting(atMost: number): Promise<readonly WaitingFax[]> {
		await this.#ready();
		const listings = await this.#loop.peek(atMost);
		this.#listings = new Map(listings.map((listing) => [listing.id, listing]));
		return listings.map((listing) => ({
			id: listing.id,
			metadata: readMetadata(listing.raw),
			documents: filenames(listing),
		}));
	}

	get held(): readonly HeldFax[] {
		return [...this.#context.memory.leases.all].map(([id, lease]) => held(id, lease));
	}

	/**
	 * One document of a fax that was listed by the last look; `undefined` when it was not.
	 * @throws RetarusError why it cannot be had
	 */
	async document(id: string, index: number, maxBytes: number, signal: AbortSignal): Promise<FaxDocument | undefined> {
		const listing = this.#listings.get(id);
		if (!listing || !(index in listing.documents)) {
			return undefined;
		}

		const single = {...listing, documents: [listing.documents[index]]};
		// A person waits and can ask again: one attempt.
		const once = {listing: single, topic: this.#context.name, maxBytes, lockedForMs: () => 0, signal};
		const {
			documents: [document],
			release,
		} = await this.#downloads.fetch(once);
		release();
		return document;
	}
}
