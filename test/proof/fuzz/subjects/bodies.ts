import {util} from '@node-red/util';
import {ProtocolError} from '../../../../lib/errors';
import {deletionTime, readMetadata} from '../../../../lib/retarus/metadata';
import {isFaxId} from '../../../../lib/config-checks';
import {documentFilenames} from '../../../../lib/documents/filenames';
import {
	documentPath,
	documentSegment,
	encodedLength,
	parseAnswer,
	type ParsedAnswer,
} from '../../../../lib/retarus/wire';
import {body, giantBodies} from '../bodies';
import {hold, holdPrototypes, unlessTyped} from '../claims';
import {subject} from '../subject';

let last: {readonly body: string; readonly answer: ParsedAnswer | undefined} | undefined;

/** Parsed once for all claims. */
const parse = (text: string): ParsedAnswer | undefined => {
	if (last?.body !== text) {
		last = {body: text, answer: unlessTyped(() => parseAnswer(text), ProtocolError)};
	}

	return last.answer;
};

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const holdPlain = (value: unknown, depth: number): void => {
	if (typeof value !== 'object' || value === null) {
		return;
	}

	hold(depth <= 64, () => 'nested deeper than 64');
	const prototype: unknown = Object.getPrototypeOf(value);
	hold(prototype === (Array.isArray(value) ? Array.prototype : Object.prototype), () => 'has a prototype of its own');
	for (const [key, inner] of Object.entries(value)) {
		hold(!forbidden.has(key), () => `key ${key}`);
		holdPlain(inner, depth + 1);
	}
};

/** JSON knows neither infinite numbers nor the sign of a zero; both come back as something else, once. */
const json = (value: unknown): string => JSON.stringify(value);

export const pollBodies = subject(
	'A poll body',
	'bodies',
	body,
	{
		'is parsed, or refused with a typed error'(text) {
			parse(text);
		},
		'changes no prototype': (text) => {
			parse(text);
			holdPrototypes();
		},
		'lists only faxes that can be acknowledged, each once'(text) {
			const ids = parse(text)?.listings.map(({id}) => id) ?? [];
			hold(
				ids.every((id) => isFaxId(id) && encodedLength(id) > 1),
				() => 'an id that cannot be sent',
			);
			hold(new Set(ids).size === ids.length, () => 'an id twice');
		},
		'becomes plain objects of bearable depth, without a key that reaches for a prototype'(text) {
			for (const {raw} of parse(text)?.listings ?? []) {
				holdPlain(raw, 0);
			}
		},
		"becomes faxes that survive JSON and Node-RED's clone"(text) {
			for (const {raw} of parse(text)?.listings ?? []) {
				const once = json(raw);
				hold(json(JSON.parse(once)) === once, () => 'another JSON the second time');
				if (once.length < 10_000) {
					const clone: unknown = util.cloneMessage({raw});
					hold(json(clone) === `{"raw":${once}}`, () => 'another JSON after a clone');
					holdPlain(clone, -1);
				}
			}
		},
		'has metadata of the types that flows rely on, and the same when they are read again'(text) {
			for (const {raw} of parse(text)?.listings ?? []) {
				const metadata = readMetadata(raw);
				const {receivedAt, pages, ...texts} = metadata;
				hold(
					Object.values(texts).every((value) => typeof value === 'string' && value !== '' && value.length <= 256),
					() => json(metadata),
				);
				hold(pages === undefined || (Number.isSafeInteger(pages) && pages >= 0), () => json(metadata));
				hold(receivedAt === undefined || !Number.isNaN(Date.parse(deletionTime(metadata) ?? '')), () => json(metadata));
				const again = readMetadata({...texts, pages, DateReceived: receivedAt});
				hold(json(again) === json(metadata), () => `${json(metadata)} becomes ${json(again)}`);
			}
		},
		'names only documents below /files/, with names for every disk'(text) {
			for (const {raw} of parse(text)?.listings ?? []) {
				const documents: readonly unknown[] = Array.isArray(raw.documents) ? raw.documents : [];
				const segments = documents.map(documentSegment).filter((segment) => segment !== undefined);
				hold(
					segments.every((segment) => /^\/files\/[\w.!~*'()%-]+$/.test(documentPath(segment))),
					() => segments.join(' '),
				);
				hold(
					documentFilenames(segments).every((name) => /^[A-Za-z0-9][A-Za-z0-9._@-]*$/.test(name)),
					() => segments.join(' '),
				);
			}
		},
	},
	giantBodies,
);
