/**
 * A normalised view of an entry. The service's own field names are unknown here: these aliases are the spellings of
 * the same facts in Retarus's other products, and the entry itself stays in `msg.fax.raw`.
 */
import type {Draft, FaxMetadata} from '../fax';
import {isRecord} from '../json';
import {keptByServiceMs} from './facts';
import {readTime} from './times';

/** Keys of an entry. One with a dot may be one key, or a key within a record. */
const aliasesOf = (...names: readonly string[]): readonly Alias[] =>
	names.map((name) => {
		const [outer = name, inner] = name.split('.');
		return {name, outer, inner};
	});

interface Alias {
	readonly name: string;
	readonly outer: string;
	readonly inner: string | undefined;
}

const aliases = {
	from: aliasesOf('CallingNumber', 'callingNumber', 'caller', 'SENDER.FAXNO', 'from'),
	to: aliasesOf('CalledNumber', 'calledNumber', 'called', 'to'),
	csid: aliasesOf('RemoteCSID', 'remoteCsid', 'SENDER.ID', 'csid'),
	pages: aliasesOf('PageCount', 'pageCount', 'pages', 'PAGES'),
	receivedAt: aliasesOf('DateReceived', 'dateReceived', 'receivedTime', 'receivedTs', 'RECEIPT.DATE'),
};

export const readMetadata = (raw: Readonly<Record<string, unknown>>): FaxMetadata => {
	const from = first(raw, aliases.from, faxNumber);
	const to = first(raw, aliases.to, faxNumber);
	const csid = first(raw, aliases.csid, text);
	const pages = first(raw, aliases.pages, pageCount);
	const receivedAt = readReceivedAt(raw);
	const metadata: Draft<FaxMetadata> = {};
	if (from !== undefined) {
		metadata.from = from;
	}

	if (to !== undefined) {
		metadata.to = to;
	}

	if (csid !== undefined) {
		metadata.csid = csid;
	}

	if (pages !== undefined) {
		metadata.pages = pages;
	}

	if (receivedAt !== undefined) {
		metadata.receivedAt = receivedAt;
	}

	return metadata;
};

export const readReceivedAt = (raw: Readonly<Record<string, unknown>>): string | undefined =>
	first(raw, aliases.receivedAt, readTime);

/** When the documents will be deleted, where that is known. */
export const deletionTime = ({receivedAt}: FaxMetadata, keptMs = keptByServiceMs): string | undefined =>
	receivedAt === undefined ? undefined : new Date(Date.parse(receivedAt) + keptMs).toISOString();

/** Of the first spelling whose value can be read. */
const first = <Value>(
	raw: Readonly<Record<string, unknown>>,
	names: readonly Alias[],
	read: (value: unknown) => Value | undefined,
): Value | undefined => {
	for (const {name, outer, inner} of names) {
		const nested = inner === undefined ? undefined : raw[outer];
		const value = read(
			Object.hasOwn(raw, name) ? raw[name] : inner !== undefined && isRecord(nested) ? nested[inner] : undefined,
		);
		if (value !== undefined) {
			return value;
		}
	}

	return undefined;
};

/**
 * Senders write these texts, and mails and logs repeat them: no line breaks, nothing that moves a cursor or
 * reverses text.
 */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

/** A number beyond 2^53 has lost digits. */
const text = (value: unknown): string | undefined => {
	const string = Number.isSafeInteger(value) ? String(value) : value;
	const line = typeof string === 'string' ? string.replace(controls, ' ').trim() : '';
	return line === '' ? undefined : line.slice(0, 256).trimEnd();
};

/** `0049…` and `+49…` are the same number. */
const faxNumber = (value: unknown): string | undefined => text(value)?.replace(/^00(?=[1-9])/, '+');

const pageCount = (value: unknown): number | undefined => {
	const number = typeof value === 'string' && /^\s*\d+(?:\.0*)?\s*$/.test(value) ? Number(value) : value;
	return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
};
