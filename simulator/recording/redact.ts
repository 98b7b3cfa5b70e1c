import {randomInt} from 'node:crypto';
import type {Random} from '../identifiers';
import {date, Disguise} from './disguise';
import {addressWords, tokensIn, wholeWords} from './words';

/** What a poll was answered, as it came. */
export interface RawExchange {
	readonly topic: string;
	/** Customer number and password: they should not be in the answer, and if they are they must not stay there. */
	readonly secrets: readonly string[];
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** An example that may be shown to anybody. `--replay` takes it. */
export interface Recording {
	readonly recording: 1;
	readonly request: string;
	readonly status: number;
	/** Values only of those that tell nothing but the form of the body. */
	readonly headers: Readonly<Record<string, string>>;
	/** Absent when the answer is not JSON; then its length is all that is told. */
	readonly body?: unknown;
	readonly bodyLength: number;
}

/** The recording would still tell something. */
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
 * Keeps names of fields, structure, types and forms; replaces all values.
 * @throws LeakError if, against expectation, something of the answer is left
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

/** Nobody is to find out what was there by drawing again. */
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
 * Names of fields are what a recording is for. One that does not look like a name, or of which a part turns up in a value, may be a number or an id
 * that was put in its place.
 */
function secretNames(values: readonly string[]): (name: string) => boolean {
	const tokens = tokensIn(values);
	return (name) =>
		!/^[@$_]?[A-Za-z][A-Za-z_.:-]{0,60}\d{0,2}$/.test(name) ||
		[...tokensIn([name])].some((part) => tokens.has(part) && isTelling(part));
}

/** Every text and number in a value, at any depth, with the names of fields or without. */
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

/** Shorter ones turn up by chance. */
function isTelling(part: string): boolean {
	return part.length > 3 && !addressWords.has(part);
}

/** The last line: looks at what is about to be written as somebody would who searches it. */
function refuseLeaks(redacted: unknown, originals: readonly string[]): void {
	const written = textsIn(redacted, false);
	const isReplaced = (text: string): boolean => !wholeWords.has(text.toLowerCase());
	const tokens = tokensIn(written.filter(isReplaced).map((text) => text.replaceAll(date, '')));
	const left = [...tokensIn(originals.filter(isReplaced))].filter((part) => tokens.has(part) && isTelling(part));
	if (left.length > 0) {
		throw new LeakError(
			`The recording still has ${left.length === 1 ? 'a word' : `${left.length} words`} of the answer in it. Nothing was written: run it once more.`,
		);
	}
}
