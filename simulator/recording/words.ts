/** Words of the service's own URLs. They are not personal and stay when they occur in a URL. */
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

/** Protocol words. They stay only when they are the whole value. */
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

/** A run of letters, digits and non-ASCII characters: anything that can carry information. The rest is punctuation. */
export const token = /[A-Za-z0-9\u{80}-\u{DFFF}\u{F900}-\u{10FFFF}]+/gu;

export function tokensIn(texts: Iterable<string>): Set<string> {
	return new Set([...texts].flatMap((text) => open(text).toLowerCase().match(token) ?? []));
}

/** Start of Unicode's private use area, whose characters have no meaning of their own. */
const placeholder = 0xe000;

/**
 * Decodes percent-encoded letters and digits, so that an encoded id equals a plain one. Each encoded punctuation mark
 * becomes a private character, which {@link close} encodes again.
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

/** Bytes that are not UTF-8 count as letters. */
function decoded(run: string): string {
	try {
		return decodeURIComponent(run);
	} catch {
		return 'x'.repeat(run.length / 3);
	}
}
