/** The documents of a fax: in parallel, repeated where that can help, within the byte budget. All of them or none. */
import type {DocumentRequest} from './attempt';
import {Allowance, NoRoom, type ByteBudget} from './byte-budget';
import {fetchDocument, type FetchOptions} from './document';
import type {Environment} from '../environment';
import {DocumentInvalidError, RetarusError, TimeoutError} from '../errors';
import type {FaxDocument} from '../fax';
import {isTransient} from './failures';
import {documentFilenames} from './filenames';
import {LinkedAbort} from '../pacing/linked-abort';
import type {Slots} from '../pacing/slots';
import {Misses, refusalsOf, type Backoff} from './refusals';
import type {Connection} from '../retarus/connection';
import type {Listing} from '../retarus/wire';

export {isTransient} from './failures';

export interface DownloadsOptions {
	readonly connection: () => Connection;
	readonly environment: Environment;
	/** Shared by the process. */
	readonly budget: ByteBudget;
	/** Requests of the account at the same time. */
	readonly slots: Slots;
	/** Called when {@link Downloads.backoff} changes before a fetch or a pause ends. */
	readonly onBackoff?: () => void;
}

export interface FaxDownload {
	readonly listing: Pick<Listing, 'id' | 'documents'>;
	readonly topic: string;
	readonly maxBytes: number;
	/** How long the fax is still locked: no repeat begins after that. */
	readonly lockedForMs: () => number;
	readonly signal: AbortSignal;
}

export interface Downloaded {
	readonly documents: readonly FaxDocument[];
	/** Some document is not what its name says. */
	readonly unexpected: boolean;
	/** Gives the bytes back to the budget: call it when the documents are the flow's. */
	readonly release: () => void;
}

/** No fax has so many pages; an answer that claims it must not start millions of requests. */
const mostDocuments = 10_000;
/** Documents of one fax at the same time: five faxes with many slow documents leave slots to others. */
const mostAtOnce = 6;

/**
 * Fetches all documents of a fax, or says why they are unavailable. A document that fails is given up after a few
 * attempts. What says nothing about the fax ({@link isTransient}) is tried again while the lock lasts, and must not
 * count as a failed delivery.
 * A fax that waits for the service keeps what it has; one that waits for room in the budget keeps nothing.
 */
export class Downloads {
	readonly #options: DownloadsOptions;
	readonly #misses: Misses;

	constructor(options: DownloadsOptions) {
		this.#options = options;
		this.#misses = new Misses(options.environment);
	}

	/**
	 * Why no new faxes should be listed: documents are refused on this connection, or missing fax after fax in this topic.
	 * `undefined` while documents come.
	 */
	backoff(connection: Connection): Backoff | undefined {
		const {environment, onBackoff} = this.#options;
		const refused = refusalsOf(connection, environment, onBackoff).backoff;
		const missed = this.#misses.backoff;
		return refused && refused.remainingMs >= (missed?.remainingMs ?? 0) ? refused : missed;
	}

	/** @throws RetarusError why the documents are unavailable, and what the signal was aborted with */
	async fetch(download: FaxDownload): Promise<Downloaded> {
		const {listing, topic, maxBytes, signal} = download;
		const allowance = new Allowance(this.#options.budget, maxBytes, {id: listing.id, topic});
		try {
			const documents = await this.#fetchWithin(allowance, download);
			this.#misses.hit();
			return {
				documents,
				unexpected: documents.some(({expected}) => !expected),
				release: () => {
					allowance.release();
				},
			};
		} catch (error) {
			allowance.release();
			if (error instanceof RetarusError && !isTransient(error) && !signal.aborted) {
				this.#misses.miss(listing.id, error);
			}

			throw error;
		}
	}

	/** Starts again while the budget has no room, and waits for more each time: in the end for all that a fax may have. */
	async #fetchWithin(allowance: Allowance, download: FaxDownload): Promise<readonly FaxDocument[]> {
		const requests = requestsOf(download);
		for (let hasWaited = false; ; hasWaited = true) {
			try {
				return await this.#fetchAll(requests, download, allowance);
			} catch (error) {
				if (!(error instanceof NoRoom)) {
					throw error;
				}

				await this.#waitForRoom(hasWaited ? error.bytes * 2 : error.bytes, download, allowance);
			}
		}
	}

	/** @throws TimeoutError when the lock ends before */
	async #waitForRoom(bytes: number, download: FaxDownload, allowance: Allowance): Promise<void> {
		const {listing, topic, lockedForMs, signal} = download;
		const abort = new LinkedAbort(signal);
		const cancel = this.#options.environment.clock.setTimer(() => {
			abort.abort(new TimeoutError('noRoomInTime', {id: listing.id, topic}));
		}, lockedForMs());
		try {
			await allowance.wait(bytes, abort.signal);
		} finally {
			cancel();
			abort.release();
		}
	}

	/** The first failure ends the other downloads, and is thrown when all have ended. */
	async #fetchAll(
		requests: readonly DocumentRequest[],
		download: FaxDownload,
		allowance: Allowance,
	): Promise<readonly FaxDocument[]> {
		const [only, second] = requests;
		if (only && !second) {
			// Most faxes: there is no other download to end, so it needs no abort signal of its own.
			return [await fetchDocument(only, this.#fetchOptions(download, allowance, download.signal))];
		}

		const abort = new LinkedAbort(download.signal);
		const options = this.#fetchOptions(download, allowance, abort.signal);
		const documents: FaxDocument[] = [];
		const left = requests.values();
		const work = async (): Promise<void> => {
			try {
				for (const request of left) {
					documents[request.index] = await fetchDocument(request, options);
				}
			} catch (error) {
				abort.abort(error);
			}
		};
		await Promise.all(Array.from({length: Math.min(mostAtOnce, requests.length)}, () => work()));
		abort.release();
		abort.signal.throwIfAborted();
		return documents;
	}

	#fetchOptions({lockedForMs}: FaxDownload, allowance: Allowance, signal: AbortSignal): FetchOptions {
		const {environment, onBackoff} = this.#options;
		return {
			...this.#options,
			refusals: (connection) => refusalsOf(connection, environment, onBackoff),
			allowance,
			lockedForMs,
			signal,
		};
	}
}

/** @throws DocumentInvalidError when some document cannot be asked for */
const requestsOf = ({listing: {id, documents}, topic}: FaxDownload): readonly DocumentRequest[] => {
	const facts = {id, topic};
	if (documents.length === 0 || documents.length > mostDocuments || !documents.every((one) => one !== undefined)) {
		throw new DocumentInvalidError('documentsNone', facts);
	}

	const filenames = documentFilenames(documents);
	return documents.map((segment, index) => ({index, segment, filename: filenames[index] ?? segment, facts}));
};
