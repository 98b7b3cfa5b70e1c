import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import should from 'should';
import {judgeContent, type ContentVerdict, type Received} from '../../../lib/documents/content';
import {tiffFile} from './tiff-file';

const pdf = Buffer.from(`%PDF-1.4\n${'x'.repeat(3000)}\n%%EOF\n`);
const html = '<!DOCTYPE html><title>Sign in</title>';
const binary = Buffer.from('no text: \u0001\u0002');

const judge = (content: Buffer | string, rest: Partial<Received> = {}): ContentVerdict =>
	judgeContent({
		filename: 'a.pdf',
		content: Buffer.from(content),
		declaredType: undefined,
		closeDelimited: false,
		...rest,
	});

const fixture = (name: string): Buffer => readFileSync(join(__dirname, 'fixtures', name));

type Accepted = Extract<ContentVerdict, {readonly kind: 'document'}>;

const asNamed = (contentType: string): Accepted => ({kind: 'document', contentType, expected: true, isComplete: true});
const notAsNamed = (contentType: string): Accepted => ({...asNamed(contentType), expected: false});
const doubtful = (contentType: string): Accepted => ({...asNamed(contentType), isComplete: false});
const unproven = {kind: 'document', contentType: 'application/octet-stream', expected: false} as const;

describe('The content of a document', () => {
	it('is what its name says', () => {
		should(judge(pdf)).deepEqual(asNamed('application/pdf'));
		for (const filename of ['a.tif', 'a.TIFF', 'K34@J.QA1.tiff']) {
			for (const isLittle of [true, false]) {
				for (const isBig of [true, false]) {
					should(judge(tiffFile({isLittle, isBig}), {filename})).deepEqual(asNamed('image/tiff'));
				}
			}
		}
	});

	it('may be another fax format than its name says, which is told', () => {
		should(judge(tiffFile())).deepEqual(notAsNamed('image/tiff'));
		should(judge(pdf, {filename: 'a.tif'})).deepEqual(notAsNamed('application/pdf'));
		should(judge('\u00ff\u00d8\u00ff\u00e0', {filename: 'a.tif'})).match({kind: 'noFax'});
		should(judge(Buffer.from('\u00ff\u00d8\u00ff\u00e0\0', 'latin1'))).deepEqual(notAsNamed('image/jpeg'));
		should(judge(Buffer.from('\u0089PNG\r\n\u001a\n\0', 'latin1'))).deepEqual(notAsNamed('image/png'));
	});

	it('is not called PDF or TIFF when its bytes do not prove that, whatever name and header say', () => {
		for (const [filename, declaredType] of [
			['a.pdf', 'application/pdf'],
			['a.tif', 'image/tiff'],
			['a', 'image/tiff'],
			['a.bin', 'application/x-fax'],
			['a.unknown', undefined],
		] as const) {
			should(judge(binary, {filename, declaredType})).deepEqual({...unproven, isComplete: true});
			should(judge(gzipSync(pdf), {filename, declaredType})).deepEqual({...unproven, isComplete: true});
		}

		should(judge(pdf, {filename: 'a', declaredType: 'text/html'})).deepEqual(asNamed('application/pdf'));
	});

	it('is judged by its bytes where its name ends in a word of JavaScript', () => {
		for (const filename of ['a.constructor', 'a.valueof', 'a.prototype', 'a.length']) {
			should(judge(pdf, {filename})).deepEqual(asNamed('application/pdf'));
			should(judge('text', {filename})).deepEqual(asNamed('text/plain'));
		}
	});

	it('may have up to a kilobyte before the header of a PDF', () => {
		const behind = (preface: string | Buffer) =>
			judge(Buffer.concat([Buffer.from(preface), Buffer.from('%PDF-1.7\n%%EOF')]));
		should(behind(' '.repeat(1020))).deepEqual(asNamed('application/pdf'));
		should(behind(' '.repeat(1021))).match({kind: 'noFax'});
		should(behind('\uFEFF\r\n')).deepEqual(asNamed('application/pdf'));
		should(behind('<br />\n<b>Warning</b>: no font\n%\u0001')).deepEqual(asNamed('application/pdf'));
	});

	it('may be text, CSV, JSON or XML where the name says so, and is called text where it does not look like that', () => {
		should(judge('Barcode 1', {filename: 'a.txt'})).deepEqual(asNamed('text/plain'));
		should(judge(html, {filename: 'a.txt'})).deepEqual(asNamed('text/plain'));
		should(judge('a;b', {filename: 'a.csv'})).deepEqual(asNamed('text/csv'));
		should(judge('{"a":1}', {filename: 'a.json'})).deepEqual(asNamed('application/json'));
		should(judge('<?xml version="1.0"?><a/>', {filename: 'a.xml'})).deepEqual(asNamed('application/xml'));
		should(judge(html, {filename: 'a.xml'})).deepEqual(notAsNamed('text/plain'));
		should(judge('upstream request timeout', {filename: 'a.json'})).deepEqual(notAsNamed('text/plain'));
		should(judge(binary, {filename: 'a.txt'})).deepEqual({...unproven, isComplete: true});
		should(judge(pdf, {filename: 'a.txt'})).deepEqual(notAsNamed('application/pdf'));
	});

	it('is not a fax when nothing came', () => {
		should(judge('')).deepEqual({kind: 'noFax', detail: 'empty'});
		should(judge('', {filename: 'a.txt', closeDelimited: true})).deepEqual({kind: 'noFax', detail: 'empty'});
	});

	for (const page of [html, '\n\t<html>', '\ufeff<HTML lang="de">', '<head>', '<body>', '<script>']) {
		it(`is not a fax when it is the web page ${JSON.stringify(page).slice(0, 20)}`, () => {
			for (const filename of ['a.pdf', 'a.tiff', 'a', 'a.png', 'a.unknown']) {
				should(judge(page, {filename})).deepEqual({kind: 'noFax', detail: 'text/html'});
			}
		});
	}

	for (const body of ['{"error":1}', ' [ ]', '{}', '[\n"a"]', '\ufeff{"a":1}', '"error"']) {
		it(`is not a fax when it is the JSON ${JSON.stringify(body)}`, () => {
			for (const filename of ['a.pdf', 'a.tif', 'a']) {
				should(judge(body, {filename})).deepEqual({kind: 'noFax', detail: 'application/json'});
			}
		});
	}

	const impostors: Readonly<Record<string, readonly [content: string | Buffer, detail: string]>> = {
		'a sentence': ['upstream request timeout', 'text/plain'],
		'a sentence in Latin-1': [Buffer.from('Zeit\u00fcberschreitung', 'latin1'), 'text/plain'],
		'a sentence in UTF-16': [Buffer.from('\ufeffupstream request timeout', 'utf16le'), 'text/plain'],
		'a sentence in UTF-16 of the other order': [Buffer.from('no page', 'utf16le').swap16(), 'text/plain'],
		'a sentence filled up with NULs': [`upstream request timeout${'\0'.repeat(5000)}`, 'text/plain'],
		'a sentence about a PDF': ['Error 500: rendering of %PDF-1.4 failed', 'text/plain'],
		'a page about a PDF': ['<html><title>Conversion to %PDF-1.4 failed</title>', 'text/html'],
		'a page about a PDF, with a control character': ['<html>\u0001<title>%PDF-1.4</title>', 'text/html'],
		'a page behind a comment': ['<!-- login --><html></html>', 'text/html'],
		'a page behind an XML declaration': ['<?xml version="1.0"?><!DOCTYPE html><html></html>', 'text/html'],
		'an XML error': ['<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'text/html'],
		'base64 of a PDF': [fixture('base64.pdf'), 'text/plain'],
		'a data URL': [`data:application/pdf;base64,${pdf.toString('base64')}`, 'text/plain'],
		'%PDF without a version': ['%PDF is not available', 'text/plain'],
		PostScript: ['%!PS-Adobe-3.0\n', 'text/plain'],
		'what only begins like JSON': ['[not JSON', 'text/plain'],
		'NULs only': [Buffer.alloc(5000), 'blank'],
		'one byte over and over': [Buffer.alloc(5000, 0xff), 'blank'],
		'blanks only': [' \r\n\t', 'blank'],
	};
	for (const [name, [content, detail]] of Object.entries(impostors)) {
		it(`is not a fax when it is ${name} under the name of a PDF or a TIFF`, () => {
			for (const filename of ['a.pdf', 'a.tif']) {
				for (const declaredType of [undefined, 'application/pdf']) {
					should(judge(content, {filename, declaredType})).deepEqual({kind: 'noFax', detail});
				}
			}
		});
	}

	it('is not a fax when it is declared as a page or as JSON', () => {
		should(judge('Sign in, please', {declaredType: 'Text/HTML; charset=utf-8'})).match({detail: 'text/html'});
		should(judge(binary, {declaredType: 'application/json'})).match({detail: 'application/json'});
	});

	it('is judged without a noticeable pause, however large it is', () => {
		const size = 16 * 1024 * 1024;
		for (const content of [
			Buffer.alloc(size),
			Buffer.alloc(size, 'upstream '),
			Buffer.alloc(size, '\u0001\u0002'),
			Buffer.concat([pdf, Buffer.alloc(size)]),
			Buffer.concat([Buffer.from('%PDF-1.4'), Buffer.alloc(size, '%')]),
			Buffer.alloc(65_536, '['),
			Buffer.alloc(65_536, '{"a":'),
		]) {
			const before = performance.now();
			judge(content, {closeDelimited: true});
			should(performance.now() - before).be.below(400);
		}
	});
});

describe('A document that only the end of its connection has ended', () => {
	const judgeOpen = (content: Buffer | string, rest: Partial<Received> = {}): ContentVerdict =>
		judge(content, {closeDelimited: true, ...rest});

	it('is complete with the end mark of a PDF, whatever fills the last block', () => {
		should(judgeOpen(pdf)).deepEqual(asNamed('application/pdf'));
		for (const [byte, length] of [
			[0, 1100],
			[10, 900],
			[32, 20_000],
			[0, 600_000],
		] as const) {
			should(judgeOpen(Buffer.concat([pdf, Buffer.alloc(length, byte)]))).deepEqual(asNamed('application/pdf'));
		}

		should(judgeOpen(fixture('padded.pdf'))).deepEqual(asNamed('application/pdf'));
	});

	it('is doubtful when something else is behind the end mark of a PDF', () => {
		should(judgeOpen(Buffer.concat([pdf, Buffer.alloc(40_000, 'x')]))).deepEqual(doubtful('application/pdf'));
	});

	it('is incomplete without the end mark of a PDF, wherever it was cut', () => {
		for (const length of [9, 100, 2000, pdf.length - 3]) {
			should(judgeOpen(pdf.subarray(0, length))).deepEqual({kind: 'incomplete'});
		}
	});

	it('is never complete where a TIFF was cut', () => {
		for (const isBig of [true, false]) {
			const whole = tiffFile({isBig});
			should(judgeOpen(whole, {filename: 'a.tif'})).deepEqual(asNamed('image/tiff'));
			for (let length = 4; length < whole.length; length += 1) {
				const verdict = judgeOpen(whole.subarray(0, length), {filename: 'a.tif'});
				should(verdict.kind === 'document' && verdict.isComplete).be.false(`cut at ${length}`);
			}
		}
	});

	it('is doubtful when its format has no end that proves anything', () => {
		should(judgeOpen('x y', {filename: 'a.txt'})).deepEqual(doubtful('text/plain'));
		should(judgeOpen(binary)).deepEqual({...unproven, isComplete: false});
		should(judgeOpen(tiffFile({counts: [20, 0]}), {filename: 'a.tif'})).deepEqual(doubtful('image/tiff'));
	});

	it('is not a fax, rather than incomplete, when it is a web page', () => {
		should(judgeOpen(html)).match({kind: 'noFax'});
	});
});

describe('A document from other software', () => {
	const verdicts: readonly (readonly [file: string, inItsLength: ContentVerdict, openEnded: ContentVerdict])[] = [
		['bigtiff.tif', asNamed('image/tiff'), asNamed('image/tiff')],
		['jbig.tif', asNamed('image/tiff'), asNamed('image/tiff')],
		['counts-of-zero.tif', asNamed('image/tiff'), doubtful('image/tiff')],
		['count-too-large.tif', asNamed('image/tiff'), doubtful('image/tiff')],
		['cut.tif', {...unproven, isComplete: false}, {kind: 'incomplete'}],
		['raw-g3.tif', {...unproven, isComplete: true}, {...unproven, isComplete: false}],
		['padded.pdf', asNamed('application/pdf'), asNamed('application/pdf')],
		['cut.pdf', {...unproven, isComplete: false}, {kind: 'incomplete'}],
	];
	for (const [filename, inItsLength, openEnded] of verdicts) {
		it(`is judged rightly when it is ${filename}`, () => {
			const content = fixture(filename);
			should(judge(content, {filename})).deepEqual(inItsLength);
			should(judge(content, {filename, closeDelimited: true})).deepEqual(openEnded);
		});
	}
});
