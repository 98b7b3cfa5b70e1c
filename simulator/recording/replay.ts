import type {AnswerEntry} from '../../lib/retarus/wire';
import type {Recording} from './redact';

type Fields = Readonly<Record<string, unknown>>;

/** Gives answers the shape of a recorded one. */
export interface Replay {
	/** Status of a successful answer. */
	readonly status: number;
	/** @param entry the fax as the simulator would list it */
	entry(entry: AnswerEntry): unknown;
	/** @param meta the metadata as the simulator would write it */
	meta(meta: Fields, next: string, exit: string): Fields;
}

/** @throws Error whose message is one sentence, unless the text is a recording that lists at least one fax */
export function readReplay(text: string): Replay {
	const {status, body} = readRecording(text);
	if (!isRecord(body) || !Array.isArray(body.results)) {
		throw new Error('The recording has no list of results.');
	}
	const [entry] = body.results as readonly unknown[];
	if (!isRecord(entry) || typeof entry.id !== 'string') {
		throw new Error('The recording has no fax: record again while a fax is waiting.');
	}
	const {id} = entry;
	const recordedMeta = isRecord(body.meta) ? body.meta : {};
	return {
		status,
		entry: (listed) => ({...renamed(entry, id, listed.id), documents: documentsLike(entry.documents, listed, id)}),
		meta(meta, next, exit) {
			const fields = Object.entries(recordedMeta).map(([name, value]) => {
				const isAddress = typeof value === 'string' && /\/topics\/.*[?&]fetch=/.test(value);
				const address = /exit/i.test(name) ? exit : next;
				return [name, isAddress ? address : (meta[name] ?? value)] as const;
			});
			return fields.length === 0 ? meta : Object.fromEntries(fields);
		},
	};
}

function readRecording(text: string): Pick<Recording, 'status' | 'body'> {
	try {
		const recording: unknown = JSON.parse(text);
		if (isRecord(recording) && recording.recording === 1 && typeof recording.status === 'number') {
			return {status: recording.status, body: recording.body};
		}
	} catch {
		// Reported below.
	}
	throw new Error('The file is not a recording: retarus-fax-simulator record makes one.');
}

/** Replaces the recorded id in every field, since URLs and other fields repeat it. */
function renamed(entry: Fields, recordedId: string, id: string): Fields {
	return JSON.parse(
		JSON.stringify(entry).replaceAll(JSON.stringify(recordedId).slice(1, -1), JSON.stringify(id).slice(1, -1)),
	) as Fields;
}

/** One entry per document of the fax, each with the fields of the recorded one. */
function documentsLike(recorded: unknown, listed: AnswerEntry, recordedId: string): readonly unknown[] {
	const [first] = Array.isArray(recorded) ? (recorded as readonly unknown[]) : [];
	return listed.documents.map((document) => ({
		...(isRecord(first) && renamed(first, recordedId, listed.id)),
		...document,
	}));
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
