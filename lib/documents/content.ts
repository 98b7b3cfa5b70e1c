/** What the bytes of a document say about themselves. */

export type ContentVerdict =
	/** A fax document. `expected`: it is what its name says. */
	| {readonly kind: 'document'; readonly contentType: string; readonly expected: boolean}
	| {readonly kind: 'incomplete'}
	| {readonly kind: 'noFax'; readonly detail: string};

export interface Received {
	readonly filename: string;
	readonly content: Buffer;
	/** `Content-Type` of the answer, when it had one. */
	readonly declaredType: string | undefined;
	/** The body ended with the connection, so that nothing but its own end tells that it is whole. */
	readonly closeDelimited: boolean;
}

const typesByExtension: ReadonlyMap<string, string> = new Map(
	Object.entries({
		pdf: 'application/pdf',
		tif: 'image/tiff',
		tiff: 'image/tiff',
		txt: 'text/plain',
		xml: 'application/xml',
		json: 'application/json',
		csv: 'text/csv',
		png: 'image/png',
		jpg: 'image/jpeg',
	}),
);

/** Readers accept a PDF whose header is within the first 1,024 bytes, and whose end mark is within the last. */
const window = 1024;

/** A transfer that ends in the middle of nothing, a login page, and a JSON error are no documents; any other surprise is a document with a strange name. */
export const judgeContent = ({filename, content, declaredType, closeDelimited}: Received): ContentVerdict => {
	const extension = /\.([A-Za-z0-9]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
	const expectedType = typesByExtension.get(extension);
	if (content.length === 0) {
		return {kind: 'noFax', detail: 'empty'};
	}

	const foundType = sniff(content);
	const declared = declaredType?.split(';')[0]?.trim().toLowerCase();
	const isPicture =
		expectedType === undefined || expectedType === 'application/pdf' || expectedType.startsWith('image/');
	const elsewhere = isPicture && foundType === undefined ? speaksForAnother(content, declared) : undefined;
	if (elsewhere !== undefined) {
		return {kind: 'noFax', detail: elsewhere};
	}

	if (closeDelimited && !isWhole(content, foundType)) {
		return {kind: 'incomplete'};
	}

	return {
		kind: 'document',
		contentType:
			foundType ?? expectedType ?? (declared !== undefined && declared !== '' ? declared : 'application/octet-stream'),
		expected:
			expectedType === undefined ||
			expectedType === foundType ||
			(expectedType !== 'application/pdf' && expectedType !== 'image/tiff'),
	};
};

const sniff = (content: Buffer): 'application/pdf' | 'image/tiff' | undefined => {
	const magic = content.toString('latin1', 0, 4);
	if (magic === 'II*\0' || magic === 'MM\0*') {
		return 'image/tiff';
	}

	return content.toString('latin1', 0, window).includes('%PDF') ? 'application/pdf' : undefined;
};

/** Errors and login pages are small; longer text is not parsed to find out. */
const longestAnswer = 65_536;

/** A page, XML or JSON where a picture was expected: somebody answers in place of the service, or the service with an error. */
const speaksForAnother = (content: Buffer, declaredType: string | undefined): string | undefined => {
	if (declaredType === 'text/html' || declaredType === 'application/json') {
		return declaredType;
	}

	const start = content
		.toString('utf8', 0, window)
		.replace(/^\uFEFF/, '')
		.trimStart();
	if (/^<[!?a-z]/i.test(start)) {
		return 'text/html';
	}

	return content.length <= longestAnswer && /^["[{]/.test(start) && isJson(content) ? 'application/json' : undefined;
};

const isJson = (content: Buffer): boolean => {
	try {
		JSON.parse(content.toString('utf8').replace(/^\uFEFF/, ''));
		return true;
	} catch {
		return false;
	}
};

const isWhole = (content: Buffer, type: ReturnType<typeof sniff>): boolean => {
	switch (type) {
		case 'application/pdf':
			return content.toString('latin1', Math.max(0, content.length - window)).includes('%%EOF');
		case 'image/tiff':
			return isWholeTiff(content);
		default:
			return true;
	}
};

/** Every directory, and every strip that a directory names, must lie within the file (TIFF 6.0, section 2; tags 273 and 279). */
const isWholeTiff = (content: Buffer): boolean => {
	const little = content[0] === 0x49;
	const uint16 = (at: number) => (little ? content.readUInt16LE(at) : content.readUInt16BE(at));
	const uint32 = (at: number) => (little ? content.readUInt32LE(at) : content.readUInt32BE(at));
	const values = (entry: number): number[] => {
		const wide = uint16(entry + 2) === 4;
		const count = uint32(entry + 4);
		const at = count * (wide ? 4 : 2) <= 4 ? entry + 8 : uint32(entry + 8);
		return Array.from({length: Math.min(count, content.length)}, (_, index) =>
			wide ? uint32(at + 4 * index) : uint16(at + 2 * index),
		);
	};

	try {
		const seen = new Set<number>();
		for (
			let directory = uint32(4);
			directory !== 0 && !seen.has(directory);
			directory = uint32(directory + 2 + 12 * uint16(directory))
		) {
			seen.add(directory);
			let offsets: number[] = [];
			let lengths: number[] = [];
			for (let number = 0; number < uint16(directory); number += 1) {
				const entry = directory + 2 + 12 * number;
				const tag = uint16(entry);
				offsets = tag === 273 ? values(entry) : offsets;
				lengths = tag === 279 ? values(entry) : lengths;
			}

			if (offsets.some((offset, index) => offset + (lengths[index] ?? 0) > content.length)) {
				return false;
			}
		}

		return seen.size > 0;
	} catch (error) {
		if (error instanceof RangeError) {
			return false;
		}

		throw error;
	}
};
