/**
 * A normalised view of an entry. The service's own field names are not published: these aliases are the spellings of the same facts in Retarus's other products
 * (service.md, "Metadata aliases"), and the entry itself stays in `msg.fax.raw`.
 */
import type {Draft, FaxMetadata} from '../fax';
import {isRecord} from '../json';

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

const dayMs = 86_400_000;

/** The service deletes documents 7 days after receipt, downloaded or not (service.md, graded doc). */
export const keptByServiceMs = 7 * dayMs;

export const readMetadata = (raw: Readonly<Record<string, unknown>>): FaxMetadata => {
	const from = faxNumber(first(raw, aliases.from));
	const to = faxNumber(first(raw, aliases.to));
	const csid = text(first(raw, aliases.csid));
	const pages = pageCount(first(raw, aliases.pages));
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
	timestamp(first(raw, aliases.receivedAt));

/** When the documents will be deleted, where that is known. */
export const deletionTime = ({receivedAt}: FaxMetadata): string | undefined =>
	receivedAt === undefined ? undefined : new Date(Date.parse(receivedAt) + keptByServiceMs).toISOString();

const first = (raw: Readonly<Record<string, unknown>>, names: readonly Alias[]): unknown => {
	for (const {name, outer, inner} of names) {
		const nested = inner === undefined ? undefined : raw[outer];
		const value = Object.hasOwn(raw, name)
			? raw[name]
			: inner !== undefined && isRecord(nested)
				? nested[inner]
				: undefined;
		if (value !== undefined && value !== null && value !== '') {
			return value;
		}
	}

	return undefined;
};

const text = (value: unknown): string | undefined => {
	const string = typeof value === 'number' ? String(value) : value;
	return typeof string === 'string' && string.trim() !== '' ? string.trim().slice(0, 256).trimEnd() : undefined;
};

/** `0049…` and `+49…` are the same number. */
const faxNumber = (value: unknown): string | undefined => text(value)?.replace(/^00(?=[1-9])/, '+');

const pageCount = (value: unknown): number | undefined => {
	const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
	return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
};

/** Keeps the offset it came with; `+0100` gets its colon. Milliseconds since 1970 are taken too. */
const timestamp = (value: unknown): string | undefined => {
	if (typeof value === 'number') {
		return Number.isFinite(value) && value > 1e11 && value < 1e14 ? new Date(value).toISOString() : undefined;
	}

	if (typeof value !== 'string') {
		return undefined;
	}

	const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(value.trim());
	if (!parts) {
		return undefined;
	}

	const [, day = '', time = '', offset = ''] = parts;
	const iso = `${day}T${time}${/^[+-]\d{4}$/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset.toUpperCase()}`;
	return Number.isNaN(Date.parse(iso)) ? undefined : iso;
};
