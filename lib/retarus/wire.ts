/**
 * What the service sends and wants. Facts and their grades: README, "What we know of the service".
 *
 * Request (graded seed, doc, client):
 *
 *     POST /faxin/rest/v1/topics/orders?fetch=10&timeout=300&ids=K34A3QX3%40J78AO6W.glaqsmucre101.QA1,K34A3QX3%40J78AO6X.glaqsmucre101.QA1
 *     Authorization: Basic OTk5OTk6c2VjcmV0
 *     Content-Type: application/json
 *
 *     {}
 *
 * Answer (graded client, but for the metadata, whose names nobody could read):
 *
 *     {"meta": {"next": "https://…", "exit": "https://…"},
 *      "results": [{"id": "K34A3QX3@J78AO6W.glaqsmucre101.QA1",
 *                   "CallingNumber": "+4989123456", "PageCount": "1", "DateReceived": "2019-11-18T11:21:04+0100",
 *                   "documents": [{"url": "https://…/files/K34A3QX3@J78AO6W.glaqsmucre101.QA1.pdf"}]}]}
 */
import {ProtocolError} from '../errors';
import {isRecord} from '../json';
import {isFaxId} from '../node-config';

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
	/** The entry itself, without prototype keys and cut at {@link maxDepth}. */
	readonly raw: Readonly<Record<string, unknown>>;
}

export interface ParsedAnswer {
	/** Each id once, in the order of the answer. */
	readonly listings: readonly Listing[];
	/** Entries that are no fax: without an id that could be acknowledged. */
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

/** Deeper nesting than any real entry has, and far from what a recursive clone can bear. */
const maxDepth = 64;

/** The path below the base URL. Each id is encoded on its own and the comma stays raw, as the vendor's client sends it. */
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
 * The last path segment of a document's URL, which is all that is taken from it: whatever host it names, the configured one is asked.
 * `undefined` when there is none that could be asked for without leaving `/files/`.
 */
export const documentSegment = (document: unknown): string | undefined => {
	if (!isRecord(document) || typeof document.url !== 'string') {
		return undefined;
	}

	const path = document.url.replace(/[?#].*/s, '');
	const segment = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
	const name = decode(segment);
	// eslint-disable-next-line no-control-regex -- control characters are what it looks for
	return name.length > 512 || /^\.*$|[/\\\u0000-\u001F\u007F]|\p{Surrogate}/u.test(name) ? undefined : name;
};

/** Of all documents of an entry. */
export const documentSegments = ({documents}: Readonly<Record<string, unknown>>): Listing['documents'] =>
	Array.isArray(documents) ? documents.map((document) => documentSegment(document)) : [];

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

/**
 * Reads the body of a poll or acknowledge.
 * @throws ProtocolError when it is not JSON or has no list of results.
 */
export const parseAnswer = (body: string): ParsedAnswer => {
	let answer: unknown;
	try {
		answer = JSON.parse(body.replace(/^\uFEFF/, ''));
	} catch (cause) {
		throw new ProtocolError(/^\s*</.test(body) ? 'htmlAnswer' : 'notJson', {}, {cause});
	}

	if (!isRecord(answer) || !Array.isArray(answer.results)) {
		throw new ProtocolError('noResults');
	}

	const listings = new Map<string, Listing>();
	let malformed = 0;
	for (const entry of answer.results as unknown[]) {
		const id = isRecord(entry) ? faxId(entry.id) : undefined;
		if (id === undefined || !isRecord(entry)) {
			malformed += 1;
		} else if (!listings.has(id)) {
			listings.set(id, {id, documents: documentSegments(entry), raw: cleanRecord(entry, 0)});
		}
	}

	return {listings: [...listings.values()], malformed};
};

/** A number beyond 2^53 has lost digits: acknowledging it would name another fax. */
const faxId = (id: unknown): string | undefined => {
	const text = Number.isSafeInteger(id) ? String(id) : id;
	return isFaxId(text) ? text : undefined;
};

/** Node-RED's clone turns an own `__proto__` key into a real prototype, and recursion of any depth into a crash. */
const clean = (value: unknown, depth: number): unknown => {
	if (typeof value !== 'object' || value === null) {
		return value;
	}

	if (depth >= maxDepth) {
		return undefined;
	}

	return Array.isArray(value)
		? value.map((item: unknown) => clean(item, depth + 1))
		: cleanRecord(value as Record<string, unknown>, depth);
};

const prototypeKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const cleanRecord = (record: Record<string, unknown>, depth: number): Record<string, unknown> => {
	const result: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(record)) {
		if (!prototypeKeys.has(key)) {
			result[key] = clean(value, depth + 1);
		}
	}

	return result;
};
