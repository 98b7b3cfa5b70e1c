/** Whether a TIFF is complete, by its directories (TIFF 6.0, section 2; BigTIFF has wider fields). Decodes no image. */

/** How well the structure of a file proves that the file is complete. */
export type Completeness =
	| 'complete'
	/** Nothing shows that something is missing. */
	| 'plausible'
	/** It has no content, or points beyond its end. */
	| 'broken';

const magics: readonly string[] = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];

export const isTiff = (content: Buffer): boolean => magics.includes(content.toString('latin1', 0, 4));

const stripOffsets = 273;
const stripByteCounts = 279;
/** Bytes of SHORT, LONG and LONG8. */
const widths: ReadonlyMap<number, number> = new Map([
	[3, 2],
	[4, 4],
	[16, 8],
]);

/** Some writers round the length of a strip up, also at the end of the file. */
const roundingBytes = 64;
/** How many fields are read. A fax of 1,000 pages has far fewer. */
const mostFields = 1_000_000;

/** The values of one entry. */
interface Values {
	readonly at: number;
	readonly width: number;
	readonly count: number;
}

/**
 * Checks that every directory, and every strip that a directory names, lies within the file.
 * The total work is bounded, because a file may claim anything: a ring of directories, directories that overlap,
 * 65,535 entries with the same tag, or strips by the million. What is not read counts as plausible.
 */
export const completenessOf = (content: Buffer): Completeness => {
	try {
		return new Tiff(content).completeness();
	} catch (error) {
		if (error instanceof RangeError) {
			return 'broken';
		}

		throw error;
	}
};

/** Its methods throw a RangeError when they would read beyond the end of the file. */
class Tiff {
	readonly #content: Buffer;
	readonly #isLittle: boolean;
	readonly #isBig: boolean;
	#fields = 0;
	#isProven = true;

	constructor(content: Buffer) {
		this.#content = content;
		this.#isLittle = content[0] === 0x49;
		this.#isBig = content.toString('latin1', 2, 4).includes('+');
	}

	completeness(): Completeness {
		const seen = new Set<number>();
		for (
			let directory = this.#word(this.#isBig ? 8 : 4);
			directory !== 0 && !seen.has(directory) && this.#fields < mostFields;
			directory = this.#checkDirectory(directory)
		) {
			seen.add(directory);
		}

		if (seen.size === 0) {
			return 'broken';
		}

		return this.#isProven && this.#fields < mostFields ? 'complete' : 'plausible';
	}

	/** @returns where the next directory is; 0 after the last one */
	#checkDirectory(directory: number): number {
		const countBytes = this.#isBig ? 8 : 2;
		const entryBytes = this.#isBig ? 20 : 12;
		const entries = this.#uint(directory, countBytes);
		const next = directory + countBytes + entryBytes * entries;
		let offsets: Values | undefined;
		let counts: Values | undefined;
		for (let entry = directory + countBytes; entry < next && this.#fields < mostFields; entry += entryBytes) {
			switch (this.#uint(entry, 2)) {
				case stripOffsets:
					offsets = this.#values(entry);
					break;
				case stripByteCounts:
					counts = this.#values(entry);
			}
		}

		if (offsets) {
			this.#checkStrips(offsets, counts);
		}

		const isOpenEnded = next + (this.#isBig ? 8 : 4) > this.#content.length;
		this.#isProven &&= !isOpenEnded;
		return isOpenEnded ? 0 : this.#word(next);
	}

	#checkStrips(offsets: Values, counts: Values | undefined): void {
		for (let index = 0; index < offsets.count && this.#fields < mostFields; index += 1) {
			const offset = this.#value(offsets, index);
			const count = counts && index < counts.count ? this.#value(counts, index) : 0;
			const end = offset + count;
			if (offset > this.#content.length || end > this.#content.length + roundingBytes) {
				throw new RangeError('a strip beyond the end');
			}

			// A count of 0 means up to the next strip, or to the end.
			this.#isProven &&= count > 0 && end <= this.#content.length;
		}
	}

	/** A few values stand in the entry itself. */
	#values(entry: number): Values | undefined {
		const width = widths.get(this.#uint(entry + 2, 2));
		const count = this.#word(entry + 4);
		const wordBytes = this.#isBig ? 8 : 4;
		const inline = entry + 4 + wordBytes;
		return width === undefined
			? undefined
			: {width, count, at: width * count <= wordBytes ? inline : this.#word(inline)};
	}

	#value({at, width}: Values, index: number): number {
		return this.#uint(at + width * index, width);
	}

	#word(at: number): number {
		return this.#uint(at, this.#isBig ? 8 : 4);
	}

	#uint(at: number, bytes: number): number {
		this.#fields += 1;
		if (bytes === 8) {
			const [high, low] = this.#isLittle ? [at + 4, at] : [at, at + 4];
			return this.#uint(high, 4) * 2 ** 32 + this.#uint(low, 4);
		}

		return this.#isLittle ? this.#content.readUIntLE(at, bytes) : this.#content.readUIntBE(at, bytes);
	}
}
