/** The documents of a fax: in parallel, repeated where that can help, within the byte budget. All of them or none. */
import {setMaxListeners} from 'node:events';
import {LinkedAbort} from '../pacing/linked-abort';
import {Allowance, NoRoom} from './allowance';
import type {ByteBudget} from './byte-budget';
import type {Connection} from '../retarus/connection';
import {fetchDocument, type DocumentRequest, type FetchedDocument} from './document';
import type {Environment, Instant} from '../environment';
import {
	DocumentGoneError,
	DocumentInvalidError,
	NetworkError,
	ProtocolError,
	RateLimitError,
	RetarusError,
	ServiceError,
	TimeoutError,
} from '../errors';
import type {FaxDocument} from '../fax';
import {documentFilenames} from './filenames';
import {fullJitterMs, sleep} from '../pacing/backoff';
import {Gate} from '../pacing/gate';
import type {Slots} from '../pacing/slots';
import {documentSegment, type Listing} from '../retarus/wire';

export interface DownloadsOptions {
	readonly connection: () => Connection;
	readonly environment: Environment;
	/** Shared by the process. */
	readonly budget: ByteBudget;
	/** Requests of the account at the same time. */
	readonly slots: Slots;
}

export interface FaxDownload {
	readonly listing: Listing;
	readonly topic: string;
	readonly maxBytes: number;
	/** How long the fax is still locked: no attempt begins after that. */
	readonly lockedForMs: () => number;
	readonly signal: AbortSignal;
}

export interface Downloaded {
	readonly documents: readonly FaxDocument[];
	/** Some document is of another type than its name says. */
	readonly unexpected: boolean;
	/** Gives the bytes back to the budget: call it when the documents are the flow's. */
	readonly release: () => void;
}

const attempts = 4;
/** No fax has so many pages; an answer that claims it must not start millions of requests. */
const mostDocuments = 10_000;
const backoff = {baseMs: 500, capMs: 8000};

/** Trouble of the service or on the way to it says nothing about the fax: it is tried again and counts as not delivered. */
export const isTransient = (error: unknown): boolean =>
	error instanceof RetarusError &&
	(error instanceof RateLimitError ||
		error.scope === 'account' ||
		error.retryAfterMs > 0 ||
		(error instanceof NetworkError && error.phase === 'connecting') ||
		(error instanceof ServiceError && [408, 425, 503].includes(error.status)));

/** A document may not be ready yet, or arrive whole the next time. */
const canHelp = (error: unknown): boolean =>
	error instanceof NetworkError ||
	error instanceof TimeoutError ||
	error instanceof RateLimitError ||
	error instanceof ProtocolError ||
	error instanceof DocumentGoneError ||
	error instanceof DocumentInvalidError ||
	(error instanceof ServiceError && error.status >= 400);

export class Downloads {
	readonly #options: DownloadsOptions;
	readonly #gate: Gate;
	/** The faxes whose documents met trouble since any document came. One alone may be to blame for it. */
	readonly #troubled = new Set<string>();

	constructor(options: DownloadsOptions) {
		this.#options = options;
		this.#gate = new Gate(options.environment.clock, options.environment.random);
	}

	/** How long no document should be fetched: the last ones met trouble that says nothing about them. */
	pauseMs(now: Instant): number {
		return this.#gate.remainingMs(now);
	}

	/** @throws RetarusError why the documents cannot be had, and what the signal was aborted with */
	async fetch(download: FaxDownload): Promise<Downloaded> {
		const facts = {id: download.listing.id, topic: download.topic};
		const listed: unknown = download.listing.raw.documents;
		const segments = (Array.isArray(listed) ? (listed as unknown[]) : []).map((document) => documentSegment(document));
		if (
			segments.length === 0 ||
			segments.length > mostDocuments ||
			!segments.every((segment) => segment !== undefined)
		) {
			throw new DocumentInvalidError('documentsNone', facts);
		}

		const filenames = documentFilenames(segments);
		const requests = segments.map((segment, index) => ({index, segment, filename: filenames[index] ?? segment, facts}));
		const allowance = new Allowance(this.#options.budget, download.maxBytes, facts);
		for (let restarts = 0; ; restarts += 1) {
			try {
				const fetched = await this.#fetchAll(requests, download, allowance);
				return {
					documents: fetched.map(({document}) => document),
					unexpected: fetched.some(({expected}) => !expected),
					release: () => {
						allowance.release();
					},
				};
			} catch (error) {
				allowance.release();
				if (!(error instanceof NoRoom)) {
					throw error;
				}

				// What was known of its size was not enough before: now it takes all that a fax may have.
				await allowance.wait(restarts === 0 ? error.bytes : download.maxBytes, download.signal);
			}
		}
	}

	/** The first failure ends the other downloads, and is thrown when all have ended. */
	async #fetchAll(
		requests: readonly DocumentRequest[],
		download: FaxDownload,
		allowance: Allowance,
	): Promise<FetchedDocument[]> {
		const [only, second] = requests;
		if (only && !second) {
			// Most faxes: there is no other download to end, so it needs no abort signal of its own.
			return [await this.#fetchOne(only, download, allowance, download.signal)];
		}

		const first = new LinkedAbort(download.signal);
		// One for each document, or more.
		setMaxListeners(0, first.signal);
		const fetches = requests.map(async (request) => {
			try {
				return await this.#fetchOne(request, download, allowance, first.signal);
			} catch (error) {
				first.abort(error);
				throw error;
			}
		});
		const outcomes = await Promise.allSettled(fetches);
		first.release();
		first.signal.throwIfAborted();
		return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
	}

	async #fetchOne(
		request: DocumentRequest,
		{lockedForMs}: FaxDownload,
		allowance: Allowance,
		signal: AbortSignal,
	): Promise<FetchedDocument> {
		const {
			slots,
			connection,
			environment: {clock, random},
		} = this.#options;
		for (let failures = 0; ; failures += 1) {
			const {client} = connection();
			const gate = this.#gate;
			try {
				await this.#pass(gate, lockedForMs(), signal);
				const document = await slots.run(() => fetchDocument(client, request, allowance, signal));
				gate.open();
				this.#troubled.clear();
				return document;
			} catch (error) {
				const askedMs = error instanceof RetarusError ? error.retryAfterMs : 0;
				if (error instanceof RetarusError && isTransient(error)) {
					this.#troubled.add(request.facts.id);
					if (gate.remainingMs(clock.now()) === 0) {
						gate.fail(error, this.#troubled.size > 1 ? askedMs : 0);
					}
				}

				const delayMs = Math.max(askedMs, fullJitterMs(failures, backoff, random));
				if (!canHelp(error) || failures + 1 >= attempts || delayMs >= lockedForMs()) {
					throw error;
				}

				await sleep(clock, delayMs, signal);
			}
		}
	}

	/**
	 * What the service asked for by Retry-After holds for documents too.
	 * @throws why the gate is shut, when the lock will not last until it opens
	 */
	async #pass(gate: Gate, lockedForMs: number, signal: AbortSignal): Promise<void> {
		const {error} = gate;
		const remainingMs = gate.remainingMs(this.#options.environment.clock.now());
		if (remainingMs > 0 && remainingMs >= lockedForMs && error) {
			throw error;
		}

		if (remainingMs > 0) {
			await sleep(this.#options.environment.clock, remainingMs, signal);
		}
	}
}
