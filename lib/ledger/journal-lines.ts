/** How records lie in a journal: a line each, of eight hex digits of CRC-32, a space, and JSON. */
import {crc32} from 'node:zlib';
import {setImmediate} from 'node:timers/promises';
import type {AppendFile, Files} from '../environment';

const checksumLength = 8;

export const encode = (record: unknown): string => {
	const json = JSON.stringify(record);
	return `${crc32(json).toString(16).padStart(checksumLength, '0')} ${json}\n`;
};

/** With the space. */
const prefixLength = checksumLength + 1;
const space = 32;
const lineFeed = 10;
const carriageReturn = 13;

/** No record is longer. Without a limit, garbage without line ends would have to fit into memory. */
const longestLine = 1024 * 1024;

/** The number that the lower-case digits stand for; not a number if they are none. */
const readHex = (bytes: Buffer, start: number, end: number): number => {
	let number = 0;
	for (let at = start; at < end; at += 1) {
		const digit = bytes[at] ?? 0;
		if (digit >= 48 && digit <= 57) {
			number = number * 16 + digit - 48;
		} else if (digit >= 97 && digit <= 102) {
			number = number * 16 + digit - 87;
		} else {
			return Number.NaN;
		}
	}

	return number;
};

/** @returns `undefined` for a line that is not whole */
const decode = (bytes: Buffer, start: number, end: number): unknown => {
	const from = start + prefixLength;
	if (end <= from || bytes[from - 1] !== space) {
		return undefined;
	}

	if (crc32(bytes.subarray(from, end)) !== readHex(bytes, start, start + checksumLength)) {
		return undefined;
	}

	try {
		return JSON.parse(bytes.toString('utf8', from, end)) as unknown;
	} catch {
		// Eight zeros are the checksum of nothing.
		return undefined;
	}
};

/** Other work goes on between two of these, and between two slices that are written. */
const pieceBytes = 512 * 1024;
const sliceLength = 256 * 1024;
const sliceSteps = 5000;

/** The content of a file, none if there is no such file. In pieces: no size stops a start, and other work goes on. */
export async function* readPieces(files: Files, path: string): AsyncIterable<Buffer> {
	for (let from = 0; ;) {
		const piece = await files.read(path, from, pieceBytes);
		if (piece === undefined || piece.length === 0) {
			return;
		}

		from += piece.length;
		yield piece;
	}
}

/** Hands on every whole record of a journal. */
export const readRecords = async (
	files: Files,
	path: string,
	onRecord: (record: unknown) => void,
): Promise<JournalReader> => {
	const reader = new JournalReader(onRecord);
	for await (const piece of readPieces(files, path)) {
		reader.take(piece);
	}

	return reader;
};

/**
 * Appends records in slices.
 * @param records `undefined` for a step that leaves nothing to write
 * @returns the number of lines
 */
export const writeRecords = async (file: AppendFile, records: Iterable<unknown>): Promise<number> => {
	let lines = 0;
	let steps = 0;
	let slice = '';
	for (const record of records) {
		steps += 1;
		if (record !== undefined) {
			lines += 1;
			slice += encode(record);
		}

		if (slice.length >= sliceLength) {
			await file.append(Buffer.from(slice));
			slice = '';
		} else if (steps % sliceSteps === 0) {
			await setImmediate();
		}
	}

	if (slice !== '') {
		await file.append(Buffer.from(slice));
	}

	return lines;
};

/** Durable, or not there at all. */
export const copyFile = async (files: Files, from: string, to: string): Promise<void> => {
	const file = await files.open(to);
	try {
		for await (const piece of readPieces(files, from)) {
			await file.append(piece);
		}

		await file.sync();
	} catch (error) {
		await files.remove(to).catch(() => undefined);
		throw error;
	} finally {
		await file.close().catch(() => undefined);
	}
};

/**
 * Reads a journal piece by piece and hands on every record that is whole, even where a tool changed the line ends.
 * A bad line at the end is only torn: a power cut can leave the last lines as holes. A bad line before a good one means
 * damage, and so does a file without a single good line: a file gets its name when it is complete.
 */
export class JournalReader {
	readonly #onRecord: (record: unknown) => void;
	/** The beginning of a line whose end is in a later piece. */
	#begun: Buffer = Buffer.alloc(0);
	#isEmpty = true;
	#hasGoodLine = false;
	#hasBadLine = false;
	#hasGoodAfterBad = false;

	constructor(onRecord: (record: unknown) => void) {
		this.#onRecord = onRecord;
	}

	/** Whether anything but the end is bad, once all was read. */
	get isDamaged(): boolean {
		return this.#hasGoodAfterBad || (!this.#hasGoodLine && !this.#isEmpty);
	}

	take(piece: Buffer): void {
		this.#isEmpty &&= piece.length === 0;
		const bytes = this.#begun.length === 0 ? piece : Buffer.concat([this.#begun, piece]);
		let start = 0;
		for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
			this.#line(bytes, start, end > start && bytes[end - 1] === carriageReturn ? end - 1 : end);
			start = end + 1;
		}

		this.#begun = bytes.subarray(start);
		if (this.#begun.length > longestLine) {
			this.#hasBadLine = true;
			this.#begun = Buffer.alloc(0);
		}
	}

	#line(bytes: Buffer, start: number, end: number): void {
		const record = decode(bytes, start, end);
		if (record === undefined) {
			this.#hasBadLine = true;
			return;
		}

		this.#hasGoodLine = true;
		this.#hasGoodAfterBad ||= this.#hasBadLine;
		this.#onRecord(record);
	}
}
