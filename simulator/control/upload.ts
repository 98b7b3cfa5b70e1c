import {RequestError} from '../http/reply';
import {parseFacts, type FaxInput} from './fax-input';
import {Fields} from './fields';

const pdf = /^[^]{0,1000}%PDF-\d/;
/** Both byte orders, classic and BigTIFF. */
const tiff = /^(II[*+]\0|MM\0[*+])/;

const formats = {
	'application/pdf': {extension: 'pdf', title: 'PDF', start: pdf, countPages: countPdfPages},
	'image/tiff': {extension: 'tiff', title: 'TIFF', start: tiff, countPages: countTiffPages},
} as const;

/** Content type of an uploaded fax. */
export type UploadType = keyof typeof formats;

export function uploadType(contentType: string): UploadType | undefined {
	const [type = ''] = contentType.toLowerCase().split(';');
	return Object.keys(formats).find((name): name is UploadType => name === type.trim());
}

/**
 * Makes a fax whose only document is the upload. The query holds its facts: `?topic=demo&from=%2B4989000001&copies=3`.
 * @throws RequestError 400, 415
 */
export function parseUpload(type: UploadType, content: Buffer, query: URLSearchParams): FaxInput {
	const {extension, title, start, countPages} = formats[type];
	if (!start.test(content.toString('latin1', 0, 1100))) {
		throw new RequestError(415, `This is not a ${title}: it does not start like one.`);
	}
	const fields = new Fields(
		Object.fromEntries([...query].map(([name, value]) => [name, readNumber(name, value)])),
		'An upload',
	);
	const {copies, ...facts} = parseFacts(fields);
	fields.finish();
	return {newFax: {...facts, pages: facts.pages ?? countPages(content), documents: [{extension, content}]}, copies};
}

/** A query holds only strings; turns the numeric fields into numbers. */
function readNumber(name: string, value: string): string | number {
	return (name === 'copies' || name === 'pages') && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

/** Counts the page objects outside compressed streams; a file that hides all of them counts as one page. */
function countPdfPages(content: Buffer): number {
	return Math.max(1, content.toString('latin1').match(/\/Type\s*\/Page(?![A-Za-z])/g)?.length ?? 0);
}

const maximumPages = 10_000;

/** Follows the chain of directories. In a damaged file it may be a ring, hence the limit. */
function countTiffPages(content: Buffer): number {
	const isLittle = content.toString('latin1', 0, 2) === 'II';
	const short = (at: number): number => (isLittle ? content.readUInt16LE(at) : content.readUInt16BE(at));
	const long = (at: number): number => (isLittle ? content.readUInt32LE(at) : content.readUInt32BE(at));
	let pages = 0;
	try {
		for (let at = long(4); at !== 0 && pages < maximumPages; at = long(at + 2 + 12 * short(at))) {
			pages += 1;
		}
	} catch {
		// The chain points beyond the end of the file.
	}
	return Math.max(1, pages);
}
