/** Searches for secrets where they do not belong, in every encoding in which they may be written there. */
import {randomBytes} from 'node:crypto';

export interface Secret {
	readonly name: string;
	readonly value: string;
}

/** Letters and digits that are unique to this run. */
export const randomWord = (bytes = 9): string =>
	randomBytes(bytes)
		.toString('hex')
		.replace(/(.)(.)/g, (_, first: string, second: string) => `${first}${second.toUpperCase()}`);

export const randomDigits = (count: number): string =>
	Array.from(randomBytes(count), (byte) => String(byte % 10)).join('');

/** The part of a base64 text that is independent of its neighbours, for each of the three possible offsets. */
const base64Cores = (bytes: Buffer): readonly string[] =>
	[0, 1, 2].map((lead) => {
		const text = Buffer.concat([Buffer.alloc(lead), bytes])
			.toString('base64')
			.replace(/=+$/, '');
		// A character holds six bits. Leave out those that share a byte with a neighbour.
		const start = Math.ceil((lead * 8) / 6);
		const end = Math.floor(((lead + bytes.length) * 8) / 6);
		return text.slice(start, end);
	});

const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

const escaped = (value: string): string => JSON.stringify(value).slice(1, -1);

/** Every encoding that is searched for. */
export const encodings: Readonly<Record<string, (value: string) => readonly string[]>> = {
	plain: (value) => [value],
	base64: (value) => base64Cores(Buffer.from(value)).flatMap((text) => [text, urlSafe(text)]),
	urlEncoded: (value) => [
		encodeURIComponent(value),
		encodeURI(value),
		new URLSearchParams({v: value}).toString().slice(2),
	],
	jsonEscaped: (value) => [escaped(value), escaped(escaped(value)), value.replaceAll('\\', '\\\\')],
	hex: (value) => [Buffer.from(value).toString('hex')],
	latin1: (value) => [Buffer.from(value).toString('latin1')],
};

/** The texts to search, by name. */
export type Haystack = Readonly<Record<string, string>>;

/** One line for each secret, encoding and text in which it is found. */
export const leaksIn = (haystack: Haystack, secrets: readonly Secret[]): readonly string[] =>
	secrets.flatMap(({name, value}) =>
		Object.entries(encodings).flatMap(([encoding, encode]) => {
			const needles = [...new Set(encode(value).map((needle) => needle.toLowerCase()))];
			return Object.entries(haystack).flatMap(([place, text]) => {
				const folded = text.toLowerCase();
				return needles
					.flatMap((needle) => {
						const at = folded.indexOf(needle);
						const context = text.slice(Math.max(0, at - 200), at + needle.length + 60);
						return at < 0 ? [] : [`${name}, ${encoding}, in ${place}: ${context}`];
					})
					.slice(0, 1);
			});
		}),
	);
