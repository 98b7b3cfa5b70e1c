import type {Answer, AnswerEntry} from '../../lib/retarus/wire';
import type {FaxDocument} from '../documents/document';
import type {ExchangeQuery} from './exchange-query';
import type {Fax} from '../faxes/fax';
import {metadataFields} from '../faxes/metadata';
import type {Replay} from '../recording/replay';
import type {Switches} from './switches';

/** The undocumented parts of an answer's shape. */
export type AnswerForm = Pick<Switches, 'fieldNames' | 'metaNames'> & {readonly replay: Replay | undefined};

/** The answer as sent: an {@link Answer}, unless a test replaced an entry. */
export interface SentAnswer extends Pick<Answer, 'meta'> {
	readonly results: readonly unknown[];
}

/**
 * Builds an answer: `meta` describes the request, `results` lists faxes.
 * `next` and `exit` are ordinary URLs that acknowledge every fax of the answer, with or without fetching more: a trap
 * for clients that follow them. The manual mentions these two URLs; the names of the other fields are guesses.
 */
export function buildAnswer(
	baseUrl: string,
	topic: string,
	query: ExchangeQuery,
	faxes: readonly Fax[],
	form: AnswerForm,
): SentAnswer {
	const address = `${baseUrl}/topics/${encodeURIComponent(topic)}`;
	const timeout = `timeout=${query.timeoutSeconds}`;
	const ids = faxes.length === 0 ? '' : `&ids=${faxes.map((fax) => encodeURIComponent(fax.facts.id)).join(',')}`;
	const next = `${address}?fetch=${query.fetch}&${timeout}${ids}`;
	const exit = `${address}?fetch=0&${timeout}${ids}`;
	const meta = {
		topic,
		fetch: query.fetch,
		timeout: query.timeoutSeconds,
		acknowledged: query.ids.length,
		count: faxes.length,
		...metaAddresses[form.metaNames](next, exit),
	};
	return {
		meta: form.replay?.meta(meta, next, exit) ?? meta,
		results: faxes.map((fax) => buildEntry(baseUrl, fax, form)),
	};
}

const metaAddresses: Readonly<
	Record<Switches['metaNames'], (next: string, exit: string) => Readonly<Record<string, string>>>
> = {
	next: (next, exit) => ({next, exit}),
	nextUrl: (nextUrl, exitUrl) => ({nextUrl, exitUrl}),
	none: () => ({}),
};

function buildEntry(baseUrl: string, fax: Fax, {fieldNames, replay}: AnswerForm): unknown {
	const {fields, rawEntry} = fax.overrides;
	if (rawEntry !== undefined) {
		return rawEntry;
	}
	const entry: AnswerEntry = {
		id: fax.facts.id,
		...metadataFields(fax.facts, fieldNames),
		documents: fax.documents.map((document) => ({url: document.url ?? documentUrl(baseUrl, document)})),
	};
	return replay?.entry(entry) ?? {...entry, ...fields};
}

/** Leaves the at sign of an id unencoded, as in the documented example. It is legal in a path. */
function documentUrl(baseUrl: string, document: FaxDocument): string {
	return `${baseUrl}/files/${encodeURIComponent(document.name).replaceAll('%40', '@')}`;
}
