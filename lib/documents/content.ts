/** What the bytes of a document prove about it. */
import {completenessOf, isTiff, type Completeness} from './tiff';

export type ContentVerdict =
	| {
			readonly kind: 'document';
			/** What the bytes prove, else `application/octet-stream`. */
			readonly contentType: string;
			/** False when that is not what the name says. */
			readonly expected: boolean;
			/** False when something may be missing: fetch it again, and believe it if the same bytes come. */
			readonly isComplete: boolean;
	  }
	/** Something is missing for sure, and nothing says that the service has it like that. */
	| {readonly kind: 'incomplete'}
	| {readonly kind: 'noFax'; readonly detail: string};

export interface Received {
	readonly filename: string;
	readonly content: Buffer;
	/** `Content-Type` of the answer, when it had one. */
	readonly declaredType: string | undefined;
	/** The body ended with the connection, so that only its own structure can prove it complete. */
	readonly closeDelimited: boolean;
}

interface Proof {
	readonly contentType: string;
	readonly completeness: Completeness;
}

const typesByExtension: ReadonlyMap<string, string> = new Map([
	['pdf', 'application/pdf'],
	['tif', 'image/tiff'],
	['tiff', 'image/tiff'],
	['png', 'image/png'],
	['jpg', 'image/jpeg'],
	['jpeg', 'image/jpeg'],
	['txt', 'text/plain'],
	['csv', 'text/csv'],
	['xml', 'application/xml'],
	['json', 'application/json'],
]);

const textTypes: ReadonlySet<string> = new Set(['text/plain', 'text/csv', 'application/xml', 'application/json']);

const unproven: Proof = {contentType: 'application/octet-stream', completeness: 'plausible'};

/** Readers accept a PDF whose header is within the first 1,024 bytes, and whose end mark is within the last. */
const pdfWindow = 1024;
/** Text is told by its beginning: scans and compressed data have control characters long before. */
const textWindow = 65_536;

/**
 * Tells a fax document from what a proxy, a firewall or a failing service sends in its place.
 * The type comes from the bytes alone: believing a name or a header would archive an error message as a fax.
 * Under a name that promises pages, text is refused, and so is a single byte repeated.
 * Every check is linear in the length of the document, whatever the document says of itself.
 */
export const judgeContent = ({filename, content, declaredType, closeDelimited}: Received): ContentVerdict => {
	const extension = /\.([A-Za-z0-9]+)$/.exec(filename)?.[1]?.toLowerCase() ?? '';
	const named = typesByExtension.get(extension);
	const pages = provePages(content);
	if (pages) {
		return accept(pages, named, closeDelimited);
	}

	const text = textOf(content);
	if (content.length === 0 || named === undefined || !textTypes.has(named)) {
		const detail = nameImpostor(content, text, declaredType, named !== undefined);
		if (detail !== undefined) {
			return {kind: 'noFax', detail};
		}
	}

	return accept(text === undefined ? unproven : proveText(text, named), named, closeDelimited);
};

const accept = (
	{contentType, completeness}: Proof,
	named: string | undefined,
	closeDelimited: boolean,
): ContentVerdict => {
	if (completeness === 'broken' && closeDelimited) {
		return {kind: 'incomplete'};
	}

	const isProven = completeness !== 'broken' && contentType !== unproven.contentType;
	return {
		kind: 'document',
		contentType: isProven ? contentType : unproven.contentType,
		expected: isProven && (named === undefined || named === contentType),
		isComplete: completeness === 'complete' || (completeness === 'plausible' && !closeDelimited),
	};
};

const provePages = (content: Buffer): Proof | undefined => {
	if (isTiff(content)) {
		return {contentType: 'image/tiff', completeness: completenessOf(content)};
	}

	if (isPdf(content)) {
		return {contentType: 'application/pdf', completeness: completenessOfPdf(content)};
	}

	const magic = content.toString('latin1', 0, 8);
	if (magic === '\u0089PNG\r\n\u001A\n') {
		return {contentType: 'image/png', completeness: 'plausible'};
	}

	return magic.startsWith('\u00FF\u00D8\u00FF') ? {contentType: 'image/jpeg', completeness: 'plausible'} : undefined;
};

/** Behind a preface, a header counts only if the whole is not text: an error message may well speak of %PDF-1.4. */
const isPdf = (content: Buffer): boolean => {
	const beginning = content.toString('latin1', 0, pdfWindow + 2);
	const header = beginning.search(/%PDF-\d/);
	if (header < 0 || isWebPage(content)) {
		return false;
	}

	const preface = beginning.slice(0, header).replace(byteOrderMark, '');
	return /^[\0\s]*$/.test(preface) || textOf(content) === undefined;
};

const byteOrderMark = /^\u00EF\u00BB\u00BF/;

const isWebPage = (content: Buffer): boolean =>
	/^\s*<(?:!doctype\s+)?html/i.test(content.toString('latin1', 0, pdfWindow).replace(byteOrderMark, ''));

const completenessOfPdf = (content: Buffer): Completeness => {
	const end = lengthWithoutPadding(content);
	if (content.toString('latin1', Math.max(0, end - pdfWindow), end).includes('%%EOF')) {
		return 'complete';
	}

	return content.lastIndexOf('%%EOF', undefined, 'latin1') >= 0 ? 'plausible' : 'broken';
};

/** Some senders fill up the last block of a document. */
const lengthWithoutPadding = (content: Buffer): number => {
	let length = content.length;
	while (isPadding(content[length - 1])) {
		length -= 1;
	}

	return length;
};

/** NUL, blank, tab, line ends. */
const isPadding = (byte: number | undefined): boolean =>
	byte !== undefined && (byte === 0 || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));

/** The beginning of a text, without blanks before it; `undefined` when the bytes are not text, in whatever encoding. */
const textOf = (content: Buffer): string | undefined => {
	const text = decode(content.subarray(0, Math.min(textWindow, lengthWithoutPadding(content))));
	// eslint-disable-next-line no-control-regex -- control characters are what it looks for
	return /[\0-\u0008\u000E-\u0019\u001C-\u001F\u007F]/.test(text) ? undefined : text.trimStart();
};

/** Where it is not UTF-16, the encoding does not matter to what is looked for. */
const decode = (bytes: Buffer): string => {
	const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
	if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0 && fourth === 0)) {
		return bytes.toString('utf16le');
	}

	if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && third === 0)) {
		return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
			.swap16()
			.toString('utf16le');
	}

	return bytes.toString('utf8');
};

/** A page, XML, JSON, text or nothing at all where pages were expected; `undefined` when it may be pages. */
const nameImpostor = (
	content: Buffer,
	text: string | undefined,
	declaredType: string | undefined,
	isNamed: boolean,
): string | undefined => {
	if (content.length === 0) {
		return 'empty';
	}

	if (text === '' || content.subarray(1).equals(content.subarray(0, -1))) {
		return 'blank';
	}

	const declared = declaredType?.split(';')[0]?.trim().toLowerCase();
	if (declared === 'text/html' || declared === 'application/json') {
		return declared;
	}

	if (isWebPage(content) || (text !== undefined && /^<[!?a-z]/i.test(text))) {
		return 'text/html';
	}

	if (text === undefined) {
		return undefined;
	}

	return /^["[{]/.test(text) && isJson(content) ? 'application/json' : isNamed ? 'text/plain' : undefined;
};

/** Errors are small; a longer text is not parsed to find out. */
const isJson = (content: Buffer): boolean => {
	try {
		JSON.parse(content.length > textWindow ? '' : content.toString('utf8').replace(/^\uFEFF/, ''));
		return true;
	} catch {
		return false;
	}
};

const proveText = (text: string, named: string | undefined): Proof => {
	const isNamed =
		named === 'text/csv' ||
		(named === 'application/json' && /^["[{]/.test(text)) ||
		(named === 'application/xml' && /^<(?!(?:!doctype\s+)?html)/i.test(text));
	return {contentType: isNamed ? named : 'text/plain', completeness: 'plausible'};
};
