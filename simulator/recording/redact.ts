import {randomInt} from 'node:crypto';
import type {Random} from '../identifiers';
import {date, Disguise} from './disguise';
import {addressWords, tokensIn, wholeWords} from './words';

/** The answer to a poll, as received. */
export interface RawExchange {
	readonly topic: string;
	/** Customer number and password, in case the answer repeats them. */
	readonly secrets: readonly string[];
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** A sample answer without personal data. `--replay` reads it. */
export interface Recording {
	readonly recording: 1;
	readonly request: string;
	readonly status: number;
	/** Keeps only values that describe the form of the body. */
	readonly headers: Readonly<Record<string, string>>;
	/** Absent unless the answer is JSON; `bodyLength` then is all that remains of it. */
	readonly body?: unknown;
	readonly bodyLength: number;
}

/** Redaction left something of the answer in the recording. */
export class LeakError extends Error {
	override readonly name = 'LeakError';
}

const shownHeaders: ReadonlySet<string> = new Set([
	'content-type',
	'content-encoding',
	'transfer-encoding',
	'retry-after',
	'cache-control',
	'connection',
	'vary',
	'allow',
]);

/**
 * Keeps field names, structure, types and forms; replaces every value.
 * @throws LeakError if part of the answer survives nevertheless
 */
export function redact(
	{topic, secrets, status, headers, body}: RawExchange,
	random: Random = unpredictable,
): Recording {
	const parsed = parse(body);
	const values = textsIn(parsed, false);
	const disguise = new Disguise(random, [topic, ...secrets, ...textsIn(parsed, true)]);
	const isSecret = secretNames(values);
	const redacted = replaceIn(parsed, disguise, isSecret);
	refuseLeaks(redacted, [topic, ...secrets, ...values]);
	return {
		recording: 1,
		request: `POST /topics/${disguise.text(topic)}?fetch=1&timeout=1`,
		status,
		headers: Object.fromEntries(
			Object.entries(headers).map(([name, value]) => [
				isSecret(name) ? disguise.text(name) : name,
				shownHeaders.has(name) && value.length < 80 ? value : `(${value.length} characters)`,
			]),
		),
		...(redacted !== undefined && {body: redacted}),
		bodyLength: body.length,
	};
}

/** A cryptographic source: with a predictable one, the originals could be recovered by repeating the draws. */
const unpredictable: Random = () => randomInt(2 ** 47) / 2 ** 47;

function parse(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

function replaceIn(value: unknown, disguise: Disguise, isSecret: (name: string) => boolean): unknown {
	if (typeof value === 'string') {
		return disguise.text(value);
	}
	if (typeof value === 'number') {
		return disguise.number(value);
	}
	if (Array.isArray(value)) {
		return value.map((item) => replaceIn(item, disguise, isSecret));
	}
	if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value).map(([name, item]) => [
			isSecret(name) ? disguise.text(name) : name,
			replaceIn(item, disguise, isSecret),
		]);
		return Object.fromEntries(entries);
	}
	return value;
}

/**
 * Tells which field names to replace. Names are the point of a recording and stay, but some answers use data as keys.
 * So a name that does not look like one, or shares a word with a value, counts as data.
 */
function secretNames(values: readonly string[]): (name: string) => boolean {
	const tokens = tokensIn(values);
	return (name) =>
		!/^[@$_]?[A-Za-z][A-Za-z_.:-]{0,60}\d{0,2}$/.test(name) ||
		[...tokensIn([name])].some((part) => tokens.has(part) && isTelling(part));
}

/** Every string and number in a value, at any depth, with or without the field names. */
function textsIn(value: unknown, hasNames: boolean): string[] {
	if (typeof value === 'string' || typeof value === 'number') {
		return [String(value)];
	}
	if (Array.isArray(value)) {
		return value.flatMap((item) => textsIn(item, hasNames));
	}
	if (typeof value === 'object' && value !== null) {
		return Object.entries(value).flatMap(([name, item]) => [...(hasNames ? [name] : []), ...textsIn(item, hasNames)]);
	}
	return [];
}

/** Up to three characters match by chance and reveal nothing. */
function isTelling(part: string): boolean {
	return part.length > 3 && !addressWords.has(part);
}

/** The last line of defence: searches the finished recording for words of the original answer. */
function refuseLeaks(redacted: unknown, originals: readonly string[]): void {
	const written = textsIn(redacted, false);
	const isReplaced = (text: string): boolean => !wholeWords.has(text.toLowerCase());
	const tokens = tokensIn(written.filter(isReplaced).map((text) => text.replaceAll(date, '')));
	const left = [...tokensIn(originals.filter(isReplaced))].filter((part) => tokens.has(part) && isTelling(part));
	if (left.length > 0) {
		throw new LeakError(
			`The recording still contains ${left.length === 1 ? 'a word' : `${left.length} words`} of the answer. ` +
				'Nothing was written: run the command again.',
		);
	}
}
