/**
 * What the service sends and expects. Facts and their grades: README, "What we know of the service".
 *
 * Request (graded seed, doc, client):
 *
 *     POST /faxin/rest/v1/topics/orders?fetch=10&timeout=300&ids=K34A3QX3%40J78AO6W.QA1,K34A3QX3%40J78AO6X.QA1
 *     Authorization: Basic OTk5OTk6c2VjcmV0
 *     Content-Type: application/json
 *
 *     {}
 *
 * Answer (graded client, except for the metadata, whose names are unknown here):
 *
 *     {"meta": {"next": "https://…", "exit": "https://…"},
 *      "results": [{"id": "K34A3QX3@J78AO6W.glaqsmucre101.QA1",
 *                   "CallingNumber": "+4989123456", "PageCount": "1", "DateReceived": "2019-11-18T11:21:04+0100",
 *                   "documents": [{"url": "https://…/files/K34A3QX3@J78AO6W.glaqsmucre101.QA1.pdf"}]}]}
 */
import {ProtocolError} from '../errors';
import {isRecord} from '../json';
import {isFaxId} from '../config-checks';
import {cleanRecord} from './clean-json';

/** The answer of the service, as the simulator writes it. */
export interface Answer {
	readonly meta: Readonly<Record<string, unknown>>;
	readonly results: readonly AnswerEntry[];
}

export interface AnswerEntry {
	readonly id: string;
	readonly documents: readonly AnswerDocument[];
	readonly [field: string]: unknown;
}

export interface AnswerDocument {
	/** Ends in `{id}.{extension}`. */
	readonly url: string;
}

/** One fax of an answer, parsed. */
export interface Listing {
	readonly id: string;
	/** By {@link documentSegment}, in the service's order; `undefined` where a document cannot be asked for. */
	readonly documents: readonly (string | undefined)[];
	/** The entry itself, without prototype keys, cut below 64 levels. */
	readonly raw: Readonly<Record<string, unknown>>;
}

export interface ParsedAnswer {
	/** Each id once, in the order of the answer. */
	readonly listings: readonly Listing[];
	/** Entries that cannot be received: without an id that could be acknowledged, or unreadable. */
	readonly malformed: number;
}

export interface Exchange {
	readonly topic: string;
	/** How many faxes to lock and list; 0 only acknowledges. */
	readonly fetch: number;
	readonly lockTimeoutMs: number;
	/** Ids to acknowledge. */
	readonly ids: readonly string[];
}

/**
 * The path below the base URL. Each id is encoded on its own and the comma stays raw, as the vendor's client sends
 * it.
 */
export const exchangePath = ({topic, fetch, lockTimeoutMs, ids}: Exchange): string => {
	const query = [`fetch=${fetch}`, `timeout=${Math.ceil(lockTimeoutMs / 1000)}`];
	if (ids.length > 0) {
		query.push(`ids=${ids.map((id) => encodeURIComponent(id)).join(',')}`);
	}

	return `/topics/${encodeURIComponent(topic)}?${query.join('&')}`;
};

/** What an id adds to the length of a request. */
export const encodedLength = (id: string): number => encodeURIComponent(id).length + 1;

/**
 * The last path segment of a document's URL, which is all that is taken from it: whatever host it names, the
 * configured one is asked. `undefined` when there is none that could be asked for without leaving `/files/`.
 */
export const documentSegment = (document: unknown): string | undefined => {
	if (!isRecord(document) || typeof document.url !== 'string') {
		return undefined;
	}

	const path = document.url.trim().replace(/[?#].*/s, '');
	const segment = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
	const name = decode(segment);
	// eslint-disable-next-line no-control-regex -- control characters are what it looks for
	return name.length > 512 || /^\.*$|[/\\\u0000-\u001F\u007F]|\p{Surrogate}/u.test(name) ? undefined : name;
};

/** The path below the base URL of a document named by {@link documentSegment}. */
export const documentPath = (segment: string): string => `/files/${encodeURIComponent(segment)}`;

const decode = (segment: string): string => {
	try {
		return decodeURIComponent(segment);
	} catch {
		// A percent sign that encodes nothing is meant as it stands.
		return segment;
	}
};

/** What the parser has to know of a body besides its text. */
export interface AnswerContext {
	/**
	 * Whether faxes were asked for.
	 * @default true
	 */
	readonly isPoll?: boolean;
	/**
	 * Some bytes could not be read and became U+FFFD: what holds one is not what was sent.
	 * @default false
	 */
	readonly isDamaged?: boolean;
	/** @default 'utf-8' */
	readonly charset?: string;
}

/**
 * Reads the body of a 2xx, which is a yes in whatever way it is spelled: no body, `{}`, `null` and `results` of
 * nothing say that nothing waits, and one entry may stand where a list of one is expected. A web page, a text or an
 * error in the clothes of a success is not an answer of the service.
 * @throws ProtocolError
 */
export const parseAnswer = (body: string, context: AnswerContext = {}): ParsedAnswer => {
	const {isPoll = true, isDamaged = false} = context;
	const answer = parseJson(body, context);
	const listings = new Map<string, Listing>();
	let malformed = 0;
	for (const entry of entriesOf(answer, isPoll)) {
		const listing = listingOf(entry);
		if (listing === undefined || (isDamaged && JSON.stringify(listing).includes('\uFFFD'))) {
			malformed += 1;
		} else if (!listings.has(listing.id)) {
			listings.set(listing.id, listing);
		}
	}

	return {listings: [...listings.values()], malformed};
};

const parseJson = (body: string, {isDamaged = false, charset = 'utf-8'}: AnswerContext): unknown => {
	const text = body.replace(/^\uFEFF/, '');
	if (text.trim() === '') {
		return null;
	}

	try {
		return JSON.parse(text);
	} catch (cause) {
		if (/^\s*</.test(text)) {
			throw new ProtocolError('htmlAnswer', {}, {cause});
		}

		throw isDamaged
			? new ProtocolError('charactersUnreadable', {charset}, {cause})
			: new ProtocolError('notJson', {}, {cause});
	}
};

/** Names under which an error travels in a body with status 200. */
const errorNames: ReadonlySet<string> = new Set(['error', 'errors', 'fault']);

const isNothing = (value: unknown): boolean =>
	value === undefined ||
	value === null ||
	value === false ||
	value === '' ||
	value === 0 ||
	(Array.isArray(value) && value.length === 0) ||
	(isRecord(value) && Object.keys(value).length === 0);

const entriesOf = (answer: unknown, isPoll: boolean): readonly unknown[] => {
	if (answer === null) {
		return [];
	}

	if (Array.isArray(answer)) {
		return answer;
	}

	if (!isRecord(answer)) {
		throw new ProtocolError('noResults');
	}

	const results = Object.hasOwn(answer, 'results') ? answer.results : undefined;
	if (Array.isArray(results)) {
		return results;
	}

	if (isRecord(results) && !isNothing(results)) {
		return [results];
	}

	const others = Object.entries(answer).filter(([name]) => name !== 'results');
	if (others.some(([name, value]) => errorNames.has(name.toLowerCase()) && !isNothing(value))) {
		throw new ProtocolError('noResults');
	}

	// What cannot be read may be faxes, which are locked now: to say that nothing waits would lose sight of them.
	const isUnreadable =
		!isNothing(results) || others.some(([, value]) => Array.isArray(value) && value.some((item) => isRecord(item)));
	if (isPoll && isUnreadable) {
		throw new ProtocolError('noResults');
	}

	return [];
};

const listingOf = (entry: unknown): Listing | undefined => {
	if (!isRecord(entry)) {
		return undefined;
	}

	const id = faxId(entry.id);
	return id === undefined
		? undefined
		: {id, documents: listedDocuments(entry).map((document) => documentSegment(document)), raw: cleanRecord(entry)};
};

/** The documents of an entry. A single one may stand where a list of one is expected. */
export const listedDocuments = ({documents}: Listing['raw']): readonly unknown[] =>
	Array.isArray(documents) ? documents : isRecord(documents) ? [documents] : [];

/** A number beyond 2^53 has lost digits: acknowledging it would name another fax. */
const faxId = (id: unknown): string | undefined => {
	const text = Number.isSafeInteger(id) ? String(id) : id;
	return isFaxId(text) ? text : undefined;
};
