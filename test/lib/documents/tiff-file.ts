/** TIFF files of our own making, so that a test can say what is wrong with them. */
export interface TiffOptions {
	readonly isLittle?: boolean;
	readonly isBig?: boolean;
	/** What the directory claims of each strip; the strips themselves have 20 bytes. */
	readonly counts?: readonly number[];
	readonly offsets?: readonly number[];
	/** Where the directory says that the next one is. */
	readonly next?: number;
}

const stripBytes = 20;

/** One page with two strips behind its directory. */
export const tiffFile = ({isLittle = true, isBig = false, ...claims}: TiffOptions = {}): Buffer => {
	const word = isBig ? 8 : 4;
	const entry = isBig ? 20 : 12;
	const directory = isBig ? 16 : 8;
	const entriesAt = directory + (isBig ? 8 : 2);
	const listsAt = entriesAt + 2 * entry + word;
	const stripsAt = listsAt + 4 * word;
	const file = Buffer.alloc(stripsAt + 2 * stripBytes, 1);
	const put = (value: number, at: number, bytes: number): void => {
		const half = Math.min(bytes, 4);
		file.fill(0, at, at + bytes);
		if (isLittle) {
			file.writeUIntLE(value, at, half);
		} else {
			file.writeUIntBE(value, at + bytes - half, half);
		}
	};
	file.write(isLittle ? 'II' : 'MM', 'latin1');
	put(isBig ? 43 : 42, 2, 2);
	if (isBig) {
		put(8, 4, 2);
		put(0, 6, 2);
	}

	put(directory, isBig ? 8 : 4, word);
	put(2, directory, isBig ? 8 : 2);
	for (const [index, tag] of [273, 279].entries()) {
		const at = entriesAt + entry * index;
		put(tag, at, 2);
		put(isBig ? 16 : 4, at + 2, 2);
		put(2, at + 4, word);
		put(listsAt + 2 * word * index, at + 4 + word, word);
	}

	put(claims.next ?? 0, entriesAt + 2 * entry, word);
	const {offsets = [stripsAt, stripsAt + stripBytes], counts = [stripBytes, stripBytes]} = claims;
	for (const [index, value] of [...offsets, ...counts].entries()) {
		put(value, listsAt + word * index, word);
	}

	return file;
};
