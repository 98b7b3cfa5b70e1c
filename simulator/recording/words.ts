/** Words of the service's own addresses: they tell nothing about a person, and stay where they stand in an address. */
export const addressWords: ReadonlySet<string> = new Set([
	'http',
	'https',
	'api',
	'retarus',
	'com',
	'de1',
	'de2',
	'us1',
	'us2',
	'ch1',
	'sg1',
	'faxin',
	'rest',
	'v1',
	'v2',
	'topics',
	'files',
	'fetch',
	'timeout',
	'ids',
	'next',
	'exit',
	'pdf',
	'tif',
	'tiff',
	'txt',
	'xml',
	'json',
]);

/** Values that are words of a protocol. They stay only as the whole of a value. */
export const wholeWords: ReadonlySet<string> = new Set([
	'',
	'ok',
	'success',
	'successful',
	'failed',
	'error',
	'unknown',
	'none',
	'null',
	'true',
	'false',
	'yes',
	'no',
	'fine',
	'superfine',
	'normal',
	'standard',
	'low',
	'high',
	'pdf',
	'tif',
	'tiff',
	'application/pdf',
	'image/tiff',
	'inbound',
	'fax',
	'n/a',
]);

/** Letters and digits, and whatever is not ASCII: all that can tell something. What is left is punctuation, and tells of the form. */
export const token = /[A-Za-z0-9\u{80}-\u{DFFF}\u{F900}-\u{10FFFF}]+/gu;

export function tokensIn(texts: Iterable<string>): Set<string> {
	return new Set([...texts].flatMap((text) => open(text).toLowerCase().match(token) ?? []));
}

/** Where private characters begin: in their place none of them tells anything. */
const placeholder = 0xe000;

/**
 * Undoes the encoding of letters and digits in an address, so that an encoded id is the same as a plain one, and puts a private character for every
 * encoded punctuation mark, so that {@link close} can encode it again.
 */
export function open(text: string): string {
	return text
		.replaceAll(/[\uE000-\uF8FF]/g, 'x')
		.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Array.from(decoded(run), hidden).join(''));
}

export function close(text: string): string {
	return text.replaceAll(
		/[\uE000-\uF8FF]/g,
		(mark) => `%${(mark.charCodeAt(0) - placeholder).toString(16).toUpperCase().padStart(2, '0')}`,
	);
}

function hidden(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	return code < 0x80 && !/[A-Za-z0-9]/.test(character) ? String.fromCharCode(placeholder + code) : character;
}

/** Bytes that are no UTF-8 stand for some letters. */
function decoded(run: string): string {
	try {
		return decodeURIComponent(run);
	} catch {
		return 'x'.repeat(run.length / 3);
	}
}
