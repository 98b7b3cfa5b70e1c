import {decode, decodeImage, toRGBA8, type IFD} from 'utif2';

export interface TiffPage {
	readonly image: ImageData;
	/** Height of a dot divided by its width. */
	readonly stretch: number;
}

/** A fax page has 4 million dots; a damaged file may claim any number. */
const maximumDots = 100_000_000;
const maximumPages = 200;

/** Decodes the pages of a TIFF of any compression. @throws if the bytes are not a TIFF */
export function decodeTiff(bytes: ArrayBuffer): readonly TiffPage[] {
	return decode(bytes)
		.slice(0, maximumPages)
		.flatMap((directory) => {
			if (numberOf(directory, 't256') * numberOf(directory, 't257') > maximumDots) {
				return [];
			}
			decodeImage(bytes, directory);
			const {width, height} = directory;
			if (!(width > 0 && height > 0)) {
				return [];
			}
			const dots = new Uint8ClampedArray(width * height * 4);
			dots.set(toRGBA8(directory).subarray(0, dots.length));
			return [{image: new ImageData(dots, width, height), stretch: stretchOf(directory)}];
		});
}

function stretchOf(directory: IFD): number {
	const across = numberOf(directory, 't282');
	const down = numberOf(directory, 't283');
	return across > 0 && down > 0 && across / down < 8 && down / across < 8 ? across / down : 1;
}

function numberOf(directory: IFD, tag: string): number {
	const value = directory[tag];
	const first: unknown = Array.isArray(value) ? value[0] : undefined;
	return typeof first === 'number' ? first : 0;
}
