import type {Answer, AnswerEntry} from '../../lib/retarus/wire';
import type {FaxDocument} from '../documents/document';
import type {ExchangeQuery} from './exchange-query';
import type {Fax} from '../faxes/fax';
import {metadataFields} from '../faxes/metadata';
import type {Replay} from '../recording/replay';
import type {Switches} from './switches';

/** How an answer is written where nobody outside knows. */
export type AnswerForm = Pick<Switches, 'fieldNames' | 'metaNames'> & {readonly replay: Replay | undefined};

/** What goes out: an {@link Answer}, unless a test put something else in place of an entry. */
export interface SentAnswer extends Pick<Answer, 'meta'> {
	readonly results: readonly unknown[];
}

/**
 * An answer tells about its request and lists faxes. `next` and `exit` are ordinary addresses that acknowledge every fax of the answer,
 * with and without fetching more, and so a trap for whoever follows them. That there are two such URLs is documented; the names of the other fields are not.
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

/** The at sign of an id stays raw: it may stand in a path, and the documented example has it so. */
function documentUrl(baseUrl: string, document: FaxDocument): string {
	return `${baseUrl}/files/${encodeURIComponent(document.name).replaceAll('%40', '@')}`;
}
