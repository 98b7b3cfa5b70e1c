import type {AnswerEntry} from '../../lib/retarus/wire';
import type {Recording} from './redact';

type Fields = Readonly<Record<string, unknown>>;

/** Faxes in the form of a recorded answer. */
export interface Replay {
	/** Of a successful answer. */
	readonly status: number;
	/** @param entry as the simulator would list the fax */
	entry(entry: AnswerEntry): unknown;
	/** @param meta as the simulator would write it */
	meta(meta: Fields, next: string, exit: string): Fields;
}

/** @throws Error in one sentence when this is no recording of a success with at least one fax */
export function readReplay(text: string): Replay {
	const {status, body} = readRecording(text);
	if (!isRecord(body) || !Array.isArray(body.results)) {
		throw new Error('The recording has no list of results to replay.');
	}
	const [entry] = body.results as readonly unknown[];
	if (!isRecord(entry) || typeof entry.id !== 'string') {
		throw new Error('The recording has no fax to replay: record it while one is waiting.');
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
		// Said below.
	}
	throw new Error('The file is no recording: retarus-fax-simulator record makes one.');
}

/** The id turns up in other fields, too. */
function renamed(entry: Fields, recordedId: string, id: string): Fields {
	return JSON.parse(
		JSON.stringify(entry).replaceAll(JSON.stringify(recordedId).slice(1, -1), JSON.stringify(id).slice(1, -1)),
	) as Fields;
}

/** As many documents as the fax has, each with the fields of a recorded one. */
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
