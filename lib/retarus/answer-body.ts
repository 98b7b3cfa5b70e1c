/** The body of an answer as text: bounded, in the coding and the characters it says it is in. */
import {ProtocolError} from '../errors';
import {largestAnswerBytes} from './facts';
import type {TransportResponse} from './http';

export interface AnswerText {
	readonly text: string;
	/** Some bytes are no characters of the charset; each became U+FFFD. What holds one is not what was sent. */
	readonly isDamaged: boolean;
	/** In which it was read. */
	readonly charset: string;
}

/** The body of an answer that says no, as far as it can tell who speaks. */
const longestRefusalBytes = 65_536;

const codings: readonly string[] = ['gzip', 'x-gzip', 'compress', 'x-compress', 'deflate', 'br', 'zstd'];

/**
 * Refuses a body that really is compressed, which was not asked for. Any other word in the header (`UTF-8`, `none`,
 * `aws-chunked`) codes nothing: the content itself shows whether it can be read. Such a word is never repeated in
 * an error, because a header may echo what it was sent, credentials included.
 * @throws ProtocolError
 */
export const refuseCoding = (response: TransportResponse): void => {
	const words = (response.headers['content-encoding'] ?? '').toLowerCase().split(',');
	const encoding = codings.find((coding) => words.some((word) => word.trim() === coding));
	if (encoding !== undefined) {
		response.discard();
		throw new ProtocolError('encodingUnknown', {encoding});
	}
};

/** @throws ProtocolError when the answer is too large */
export const readAnswer = async (response: TransportResponse, onChunk: () => void): Promise<AnswerText> => {
	const chunks: Uint8Array[] = [];
	let size = 0;
	await response.read((chunk) => {
		onChunk();
		size += chunk.length;
		if (size > largestAnswerBytes) {
			throw new ProtocolError('answerTooLarge', {limit: largestAnswerBytes / 1024 / 1024});
		}

		chunks.push(chunk);
	});
	return decode(Buffer.concat(chunks), response.headers['content-type']);
};

/**
 * Reads a short body to its end, so that the connection can be used again; a long one costs the connection. Never
 * throws.
 */
export const readRefusal = async (response: TransportResponse): Promise<string> => {
	const chunks: Uint8Array[] = [];
	let size = 0;
	try {
		await response.read((chunk) => {
			size += chunk.length;
			chunks.push(chunk);
			if (size > longestRefusalBytes) {
				throw new Error('enough');
			}
		});
	} catch {
		// The status has said it all.
	}

	return decode(Buffer.concat(chunks), response.headers['content-type']).text;
};

/**
 * JSON is UTF-8 unless it says otherwise: by a byte order mark, by the zeros that its first character leaves in
 * UTF-16, or by its content type, in this order. An unknown charset is most likely a spelling of UTF-8.
 */
export const decode = (bytes: Buffer, contentType: string | undefined): AnswerText => {
	const charset = decoderFor(sniff(bytes) ?? declared(contentType) ?? 'utf-8') ?? 'utf-8';
	try {
		const text = new TextDecoder(charset, {fatal: true}).decode(bytes);
		return {text: charset === 'windows-1252' ? corrected(text) : text, isDamaged: false, charset};
	} catch {
		return {text: new TextDecoder(charset).decode(bytes), isDamaged: true, charset};
	}
};

/** What Windows has where Latin-1 has control characters, from 0x80 on. */
const windows1252 =
	'\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F' +
	'\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178';

/** Some versions of Node read Windows-1252, by which Latin-1 is meant too, as if it were pure Latin-1. */
const corrected = (text: string): string =>
	text.replace(/[\u0080-\u009F]/g, (character) => windows1252[character.charCodeAt(0) - 0x80] ?? character);

const sniff = ([first, second]: Buffer): string | undefined => {
	if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) {
		return 'utf-16le';
	}

	if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined && second !== 0)) {
		return 'utf-16be';
	}

	return first === 0xef && second === 0xbb ? 'utf-8' : undefined;
};

const declared = (contentType = ''): string | undefined =>
	/;\s*charset\s*=\s*["']?([^\s"';,]+)/i.exec(contentType)?.[1];

/** The name by which Node knows a charset; `undefined` when it does not. */
const decoderFor = (label: string): string | undefined => {
	try {
		return new TextDecoder(label).encoding;
	} catch {
		return undefined;
	}
};
