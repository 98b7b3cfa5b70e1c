/** What must not be found where it does not belong, and the ways in which it may be written there. */
import {randomBytes} from 'node:crypto';

export interface Secret {
	readonly name: string;
	readonly value: string;
}

/** Letters and digits that no other run has. */
export const randomWord = (bytes = 9): string =>
	randomBytes(bytes)
		.toString('hex')
		.replace(/(.)(.)/g, (_, first: string, second: string) => `${first}${second.toUpperCase()}`);

export const randomDigits = (count: number): string =>
	Array.from(randomBytes(count), (byte) => String(byte % 10)).join('');

/** The part of a base64 text that is the same whatever stands before and behind, for each of three places where it may begin. */
const base64Cores = (bytes: Buffer): readonly string[] =>
	[0, 1, 2].map((lead) => {
		const text = Buffer.concat([Buffer.alloc(lead), bytes])
			.toString('base64')
			.replace(/=+$/, '');
		// A character holds six bits: those that share bytes with a neighbour are left out.
		const start = Math.ceil((lead * 8) / 6);
		const end = Math.floor(((lead + bytes.length) * 8) / 6);
		return text.slice(start, end);
	});

const urlSafe = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

const escaped = (value: string): string => JSON.stringify(value).slice(1, -1);

/** Every way of writing that is looked for. */
export const writings: Readonly<Record<string, (value: string) => readonly string[]>> = {
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

/** Where something is looked for: by name, as text. */
export type Haystack = Readonly<Record<string, string>>;

/** One sentence for each secret, way of writing and place. */
export const leaksIn = (haystack: Haystack, secrets: readonly Secret[]): readonly string[] =>
	secrets.flatMap(({name, value}) =>
		Object.entries(writings).flatMap(([writing, write]) => {
			const needles = [...new Set(write(value).map((needle) => needle.toLowerCase()))];
			return Object.entries(haystack).flatMap(([place, text]) => {
				const folded = text.toLowerCase();
				return needles
					.flatMap((needle) => {
						const at = folded.indexOf(needle);
						return at < 0
							? []
							: [`${name}, ${writing}, in ${place}: ${text.slice(Math.max(0, at - 200), at + needle.length + 60)}`];
					})
					.slice(0, 1);
			});
		}),
	);
