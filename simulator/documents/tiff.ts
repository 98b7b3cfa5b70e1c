import type {Bitmap} from './bitmap';
import {encodeGroup4} from './group4';

/** Resolution of a fax machine in "fine" mode. */
export const dotsPerInch = {across: 204, down: 196} as const;

const short = 3;
const long = 4;
const rational = 5;
const entryCount = 14;
const directoryLength = 2 + entryCount * 12 + 4;
const rationalsLength = 16;

/**
 * Writes a little-endian TIFF with one directory per page and each page as one CCITT group 4 strip (TIFF 6.0,
 * section 11). Layout: the header, then the directory, resolution and strip of each page.
 */
export function writeTiff(pages: readonly Bitmap[]): Buffer {
	const header = Buffer.from('49492a0008000000', 'hex');
	const parts: Buffer[] = [header];
	let offset = header.length;
	pages.forEach((page, index) => {
		const strip = encodeGroup4(page);
		const padding = strip.length % 2;
		const end = offset + directoryLength + rationalsLength + strip.length + padding;
		parts.push(
			writeDirectory(page, {
				index,
				count: pages.length,
				offset,
				stripLength: strip.length,
				next: index === pages.length - 1 ? 0 : end,
			}),
		);
		parts.push(strip, Buffer.alloc(padding));
		offset = end;
	});
	return Buffer.concat(parts);
}

interface Position {
	readonly index: number;
	readonly count: number;
	/** Offset of the directory, in bytes from the start of the file. */
	readonly offset: number;
	readonly stripLength: number;
	/** Offset of the next directory; 0 after the last. */
	readonly next: number;
}

function writeDirectory(page: Bitmap, {index, count, offset, stripLength, next}: Position): Buffer {
	const rationals = offset + directoryLength;
	const entries: readonly (readonly [tag: number, type: number, value: number])[] = [
		[254, long, 2], // NewSubfileType: one page of a document
		[256, long, page.width],
		[257, long, page.height],
		[258, short, 1], // BitsPerSample
		[259, short, 4], // Compression: CCITT group 4
		[262, short, 0], // PhotometricInterpretation: 0 is white
		[273, long, rationals + rationalsLength], // StripOffsets
		[277, short, 1], // SamplesPerPixel
		[278, long, page.height], // RowsPerStrip
		[279, long, stripLength],
		[282, rational, rationals],
		[283, rational, rationals + 8],
		[296, short, 2], // ResolutionUnit: inch
		[297, short, index | (count << 16)], // PageNumber: two shorts
	];
	const directory = Buffer.alloc(directoryLength + rationalsLength);
	directory.writeUInt16LE(entries.length, 0);
	entries.forEach(([tag, type, value], position) => {
		const at = 2 + position * 12;
		directory.writeUInt16LE(tag, at);
		directory.writeUInt16LE(type, at + 2);
		directory.writeUInt32LE(tag === 297 ? 2 : 1, at + 4);
		directory.writeUInt32LE(value, at + 8);
	});
	directory.writeUInt32LE(next, directoryLength - 4);
	directory.writeUInt32LE(dotsPerInch.across, directoryLength);
	directory.writeUInt32LE(1, directoryLength + 4);
	directory.writeUInt32LE(dotsPerInch.down, directoryLength + 8);
	directory.writeUInt32LE(1, directoryLength + 12);
	return directory;
}
