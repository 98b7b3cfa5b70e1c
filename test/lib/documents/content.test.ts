import should from 'should';
import {judgeContent, type Received} from '../../../lib/documents/content';

/** A TIFF of one page with two strips, in either byte order. */
const tiff = (little = true, strip = Buffer.alloc(20, 1)): Buffer => {
	const head = Buffer.alloc(8 + 2 + 2 * 12 + 4 + 16);
	const uint16 = (value: number, at: number): number =>
		little ? head.writeUInt16LE(value, at) : head.writeUInt16BE(value, at);
	const uint32 = (value: number, at: number): number =>
		little ? head.writeUInt32LE(value, at) : head.writeUInt32BE(value, at);
	head.write(little ? 'II' : 'MM', 'latin1');
	uint16(42, 2);
	uint32(8, 4);
	uint16(2, 8);
	const lists = 8 + 2 + 2 * 12 + 4;
	for (const [number, tag] of [273, 279].entries()) {
		const at = 10 + 12 * number;
		uint16(tag, at);
		uint16(4, at + 2);
		uint32(2, at + 4);
		uint32(lists + 8 * number, at + 8);
	}

	uint32(head.length, lists);
	uint32(head.length + strip.length, lists + 4);
	uint32(strip.length, lists + 8);
	uint32(strip.length, lists + 12);
	return Buffer.concat([head, strip, strip]);
};

const pdf = Buffer.from(`%PDF-1.4\n${'x'.repeat(3000)}\n%%EOF\n`);
const html = '<!DOCTYPE html><title>Sign in</title>';

const judge = (content: Buffer | string, rest: Partial<Received> = {}) =>
	judgeContent({
		filename: 'a.pdf',
		content: Buffer.from(content),
		declaredType: undefined,
		closeDelimited: false,
		...rest,
	});

describe('The content of a document', () => {
	it('is what its name says', () => {
		should(judge(pdf)).deepEqual({kind: 'document', contentType: 'application/pdf', expected: true});
		for (const filename of ['a.tif', 'a.TIFF', 'K34@J.QA1.tiff']) {
			should(judge(tiff(), {filename})).deepEqual({kind: 'document', contentType: 'image/tiff', expected: true});
			should(judge(tiff(false), {filename})).deepEqual({kind: 'document', contentType: 'image/tiff', expected: true});
		}
	});

	it('may be another fax format than its name says, which is worth a warning', () => {
		should(judge(tiff())).deepEqual({kind: 'document', contentType: 'image/tiff', expected: false});
		should(judge(pdf, {filename: 'a.tif'})).deepEqual({
			kind: 'document',
			contentType: 'application/pdf',
			expected: false,
		});
		should(judge('garbage')).deepEqual({kind: 'document', contentType: 'application/pdf', expected: false});
	});

	it('is judged by its bytes where its name ends in a word of JavaScript', () => {
		for (const filename of ['a.constructor', 'a.valueof', 'a.prototype', 'a.length']) {
			should(judge(pdf, {filename})).deepEqual({kind: 'document', contentType: 'application/pdf', expected: true});
			should(judge('text', {filename, declaredType: 'text/plain'})).deepEqual({
				kind: 'document',
				contentType: 'text/plain',
				expected: true,
			});
		}
	});

	it('may have up to a kilobyte before the header of a PDF', () => {
		should(judge(Buffer.concat([Buffer.alloc(1020, 32), Buffer.from('%PDF-1.7')]))).match({expected: true});
		should(judge(Buffer.concat([Buffer.alloc(1021, 32), Buffer.from('%PDF-1.7')]))).match({expected: false});
	});

	it('is no fax when nothing came', () => {
		should(judge('')).deepEqual({kind: 'noFax', detail: 'empty'});
		should(judge('', {filename: 'a.txt', closeDelimited: true})).deepEqual({kind: 'noFax', detail: 'empty'});
	});

	for (const page of [html, '\n\t<html>', '\ufeff<HTML lang="de">', '<head>', '<body>', '<script>']) {
		it(`is no fax when it is the web page ${JSON.stringify(page).slice(0, 20)}`, () => {
			for (const filename of ['a.pdf', 'a.tiff', 'a', 'a.png', 'a.unknown']) {
				should(judge(page, {filename})).deepEqual({kind: 'noFax', detail: 'text/html'});
			}
		});
	}

	for (const body of ['{"error":1}', ' [ ]', '{}', '[\n"a"]', '\ufeff{"a":1}']) {
		it(`is no fax when it is the JSON ${JSON.stringify(body)}`, () => {
			should(judge(body)).deepEqual({kind: 'noFax', detail: 'application/json'});
		});
	}

	it('may be text, JSON or XML where the name says so', () => {
		should(judge('{"a":1}', {filename: 'a.json'})).match({
			kind: 'document',
			contentType: 'application/json',
			expected: true,
		});
		should(judge(html, {filename: 'a.txt'})).match({kind: 'document', contentType: 'text/plain'});
		should(judge('Barcode 1', {filename: 'a.txt'})).match({
			kind: 'document',
			contentType: 'text/plain',
			expected: true,
		});
	});

	it('has the declared type where neither name nor bytes tell', () => {
		should(judge('x', {filename: 'a', declaredType: 'Application/X-Fax; q=1'})).match({
			contentType: 'application/x-fax',
			expected: true,
		});
		should(judge('x', {filename: 'a', declaredType: ''})).match({contentType: 'application/octet-stream'});
		should(judge('x', {filename: 'a.b'})).match({contentType: 'application/octet-stream'});
		should(judge(pdf, {filename: 'a', declaredType: 'text/html'})).match({contentType: 'application/pdf'});
	});

	describe('whose end is the end of the connection', () => {
		it('is whole with the end mark of a PDF', () => {
			should(judge(pdf, {closeDelimited: true})).match({kind: 'document'});
			should(judge(Buffer.concat([pdf, Buffer.alloc(900, 10)]), {closeDelimited: true})).match({kind: 'document'});
		});

		it('is incomplete without it, wherever it was cut', () => {
			for (const length of [4, 100, 2000, pdf.length - 3]) {
				should(judge(pdf.subarray(0, length), {closeDelimited: true})).deepEqual({kind: 'incomplete'});
			}
		});

		for (const little of [true, false]) {
			it(`is incomplete wherever a TIFF was cut (${little ? 'II' : 'MM'})`, () => {
				const whole = tiff(little);
				should(judge(whole, {closeDelimited: true})).match({kind: 'document'});
				for (let length = 4; length < whole.length; length += 1) {
					should(judge(whole.subarray(0, length), {closeDelimited: true})).deepEqual(
						{kind: 'incomplete'},
						`cut at ${length}`,
					);
				}
			});
		}

		it('is read to its end even when a TIFF names its directories in a circle', () => {
			const circle = tiff();
			circle.writeUInt32LE(8, 8 + 2 + 24);
			should(judge(circle, {closeDelimited: true})).match({kind: 'document'});
		});

		it('is incomplete when a TIFF has no directory at all', () => {
			should(judge(Buffer.from('II*\0\0\0\0\0'), {closeDelimited: true})).deepEqual({kind: 'incomplete'});
		});

		it('may be text of any length', () => {
			should(judge('x', {filename: 'a.txt', closeDelimited: true})).match({kind: 'document'});
		});

		it('is no fax rather than incomplete when it is a web page', () => {
			should(judge(html, {closeDelimited: true})).match({kind: 'noFax'});
		});
	});
});

describe('A body in place of a fax document', () => {
	const bodies: Readonly<Record<string, readonly [body: string, declaredType?: string]>> = {
		'a page behind a comment': ['<!-- login --><html></html>'],
		'a page behind an XML declaration': ['<?xml version="1.0"?><!DOCTYPE html><html></html>'],
		'a page that begins with its title': ['<title>Sign in</title>'],
		'an XML error': ['<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
		'a page behind a byte order mark': ['\uFEFF<p>Sign in</p>'],
		'a JSON list': ['[1]'],
		'a JSON text': ['"error"'],
		'anything declared as a page': ['Sign in, please', 'text/html; charset=utf-8'],
	};
	for (const [name, [body, declaredType]] of Object.entries(bodies)) {
		it(`is refused when it is ${name}`, () => {
			should(
				judgeContent({filename: 'a.pdf', content: Buffer.from(body), declaredType, closeDelimited: false}).kind,
			).equal('noFax');
		});
	}

	it('is a document when it only looks a little like one', () => {
		should(
			judgeContent({
				filename: 'a.pdf',
				content: Buffer.from('[not JSON'),
				declaredType: 'application/pdf',
				closeDelimited: false,
			}),
		).match({kind: 'document', expected: false});
	});
});
