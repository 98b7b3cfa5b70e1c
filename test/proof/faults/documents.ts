/** Documents with status 200 that are none, or not whole, or not what they are called. */
import {gzipSync} from 'node:zlib';
import {answer, body, raw, unannouncedHead} from './answers';
import type {Fault, Row} from './fault';
import {fails, recovers} from './outcomes';

const invalid: Row['outcomes'] = {document: fails('RETARUS_DOCUMENT_INVALID')};
const tooLarge: Row['outcomes'] = {document: fails('RETARUS_DOCUMENT_TOO_LARGE')};
const delivered: Row['outcomes'] = {document: recovers};
const unexpected: Row['outcomes'] = {document: {...recovers, told: ['contentMismatch']}};

const instead = (content: string | Buffer, type = 'application/pdf'): Fault =>
	body(() => content, {'content-type': type});

/** One strip of 108 bytes behind one directory, which may claim that there are more. */
const tiffOf = (claimedBytes: number): Buffer => {
	const file = Buffer.alloc(164);
	file.write('II*\0', 'latin1');
	file.writeUInt32LE(8, 4);
	file.writeUInt16LE(2, 8);
	for (const [index, [tag, value]] of (
		[
			[273, 56],
			[279, claimedBytes],
		] as const
	).entries()) {
		const at = 10 + 12 * index;
		file.writeUInt16LE(tag, at);
		file.writeUInt16LE(4, at + 2);
		file.writeUInt32LE(1, at + 4);
		file.writeUInt32LE(value, at + 8);
	}

	return file;
};

const tiff = tiffOf(108);
const inTiff = {documents: {'a.tif': tiff}};
const page = '<html><body>Sign in</body></html>';
const megabytes = Buffer.alloc(1024 * 1024, 'x');

export const documents: readonly Row[] = [
	{kind: 'login page as a document', fault: instead(page, 'text/html'), outcomes: invalid},
	{kind: 'login page that calls itself PDF', fault: instead(page), outcomes: invalid},
	{kind: 'login page behind a byte order mark', fault: instead(`\uFEFF\n${page}`), outcomes: invalid},
	// Four attempts of it are more than a fax may have.
	{kind: 'large login page as a document', fault: instead(page + ' '.repeat(400_000)), outcomes: invalid},
	{
		kind: 'PDF that calls itself HTML',
		fault: body(({body: content}) => content, {'content-type': 'text/html'}),
		outcomes: delivered,
	},
	{kind: 'JSON as a document', fault: instead('{"error":"no"}', 'application/json'), outcomes: invalid},
	{kind: 'JSON that calls itself PDF', fault: instead('{"error":"no"}'), outcomes: invalid},
	{kind: 'XML that calls itself PDF', fault: instead('<?xml version="1.0"?><error/>'), outcomes: invalid},
	{kind: 'empty document', fault: instead(''), outcomes: invalid},
	{kind: 'text called PDF', fault: instead('no page at all'), outcomes: invalid},
	{kind: 'text about a PDF', fault: instead('rendering of %PDF-1.4 failed'), outcomes: invalid},
	{kind: 'zeros called PDF', fault: instead(Buffer.alloc(500)), outcomes: invalid},
	{kind: 'base64 called PDF', fault: instead(Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64')), outcomes: invalid},
	{kind: 'raw fax data called TIFF', fault: instead(Buffer.from([0, 20, 217, 168])), outcomes: unexpected, ...inTiff},
	{kind: 'PDF without its end, in its length', fault: instead('%PDF-1.4\n1 0 obj'), outcomes: unexpected},
	{kind: 'TIFF called PDF', fault: instead(tiff), outcomes: unexpected},
	{kind: 'PDF called TIFF', fault: instead('%PDF-1.4\n%%EOF\n'), outcomes: unexpected, ...inTiff},
	{
		kind: 'TIFF',
		fault: body(({body: content}) => content, {'content-type': 'image/tiff'}),
		outcomes: delivered,
		...inTiff,
	},
	{kind: 'PDF behind a preface', fault: instead(`${' '.repeat(900)}%PDF-1.4\n%%EOF\n`), outcomes: delivered},
	{
		kind: 'PDF cut without an announced length',
		fault: raw(() => [unannouncedHead, '%PDF-1.4\n1 0 obj']),
		outcomes: invalid,
	},
	{
		kind: 'PDF whole without an announced length',
		fault: raw(({body: content}) => [unannouncedHead, content]),
		outcomes: delivered,
	},
	{
		kind: 'TIFF cut without an announced length',
		fault: raw(({body: content}) => [unannouncedHead, content.subarray(0, 60)]),
		outcomes: invalid,
		...inTiff,
	},
	{
		kind: 'TIFF with a count seven too large, without an announced length',
		fault: raw(({body: content}) => [unannouncedHead, content]),
		outcomes: delivered,
		documents: {'a.tif': tiffOf(115)},
	},
	{
		kind: 'PDF with much behind its end, without an announced length',
		fault: raw(({body: content}) => [unannouncedHead, content, Buffer.alloc(5000, 'x')]),
		outcomes: delivered,
	},
	{
		kind: 'TIFF cut in its directory',
		fault: raw(({body: content}) => [unannouncedHead, content.subarray(0, 20)]),
		outcomes: invalid,
		...inTiff,
	},
	{
		kind: 'TIFF whole without an announced length',
		fault: raw(({body: content}) => [unannouncedHead, content]),
		outcomes: delivered,
		...inTiff,
	},
	{
		kind: 'document larger than allowed',
		fault: instead(Buffer.concat([Buffer.from('%PDF-'), megabytes])),
		outcomes: tooLarge,
	},
	{
		kind: 'document that only says it is larger',
		fault: raw(() => ['HTTP/1.1 200 OK\r\nContent-Length: 4000000000\r\n\r\n%PDF-1.4']),
		outcomes: tooLarge,
	},
	{
		kind: 'document without an end',
		fault: answer(({response}) => {
			const more = (): void => {
				if (!response.destroyed) {
					response.write(megabytes, () => setImmediate(more));
				}
			};
			response.write('%PDF-1.4');
			more();
		}),
		outcomes: tooLarge,
	},
	{
		kind: 'compressed document nobody asked for',
		fault: body(({body: content}) => gzipSync(content), {'content-encoding': 'gzip'}),
		outcomes: {document: fails('RETARUS_PROTOCOL')},
	},
	{
		kind: 'gzip bomb as a document',
		fault: body(() => gzipSync(Buffer.alloc(4 * 1024 * 1024)), {'content-encoding': 'gzip'}),
		outcomes: {document: fails('RETARUS_PROTOCOL')},
	},
	{
		kind: 'compressed document without a word',
		fault: body(({body: content}) => gzipSync(content)),
		outcomes: unexpected,
	},
];
