import should from 'should';
import {documentFilenames} from '../../../lib/documents/filenames';
import {Random} from '../../world/random';

const pattern = /^[A-Za-z0-9][A-Za-z0-9._@-]*$/;
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

const strange = [
	'..pdf',
	'.pdf',
	'-a.pdf',
	'@a',
	'_a',
	'a b.pdf',
	'a/b.pdf',
	'ü.pdf',
	'\u00fc',
	'\ud83d\ude00.tiff',
	'CON',
	'con.pdf',
	'NUL.tar.gz',
	'Lpt1.pdf',
	'COM0',
	'a.',
	'a..',
	'a.pdf.',
	'"',
	'%',
	'',
	'x'.repeat(300),
	`${'x'.repeat(300)}.pdf`,
	`a.${'x'.repeat(300)}`,
	'a:b.pdf',
	'a\u0000.pdf',
	'...',
	'a .',
	'nul ',
	'con',
];

describe('A document name', () => {
	it('stays as it is when every disk accepts it', () => {
		for (const name of [
			'a.pdf',
			'K34A3QX3@J78AO6W.glaqsmucre101.QA1.tiff',
			'0',
			'connect.pdf',
			'nulla',
			'com10.pdf',
			'a-b_c.d',
			'x'.repeat(180),
		]) {
			should(documentFilenames([name])).deepEqual([name]);
		}
	});

	for (const original of strange) {
		it(`is one that every disk accepts for ${JSON.stringify(original).slice(0, 30)}`, () => {
			const [name = ''] = documentFilenames([original]);
			should(name).match(pattern);
			should(reserved.test(name)).be.false();
			should(name.endsWith('.')).be.false();
			should(name.length).be.belowOrEqual(200);
		});
	}

	it('keeps its extension when it has to change', () => {
		should(documentFilenames(['a b.pdf'])[0]).match(/^fax-a_b-[0-9a-f]{8}\.pdf$/);
		should(documentFilenames([`${'x'.repeat(300)}.tiff`])[0]).match(/\.tiff$/);
		should(documentFilenames(['CON.pdf'])[0]).match(/^fax-CON-[0-9a-f]{8}\.pdf$/);
	});

	it('is the same at every delivery', () => {
		should(documentFilenames(strange)).deepEqual(documentFilenames(strange));
	});

	it('differs for originals that look alike once changed', () => {
		const names = ['a b.pdf', 'a_b.pdf', 'a?b.pdf', 'a:b.pdf'].map((original) => documentFilenames([original])[0]);
		should(new Set(names).size).equal(names.length);
	});

	it('is unique within a fax, regardless of case', () => {
		const names = documentFilenames(['A.pdf', 'a.pdf', 'a.pdf', 'a-2.pdf', 'A-2.PDF', 'b.pdf']);
		should(new Set(names.map((name) => name.toLowerCase())).size).equal(names.length);
		should(names.at(-1)).equal('b.pdf');
	});

	it('belongs to its original, in whatever order the documents are listed', () => {
		should(documentFilenames(['a.pdf', 'A.pdf'])).deepEqual([...documentFilenames(['A.pdf', 'a.pdf'])].reverse());
	});

	it('belongs to its original, even when another original is spelled like it', () => {
		const [made = ''] = documentFilenames(['a b']);
		should(documentFilenames(['a b', made])).deepEqual([...documentFilenames([made, 'a b'])].reverse());
		should(documentFilenames(['a.pdf', 'a.pdf', 'a-2.pdf'])).deepEqual(['a.pdf', 'a-3.pdf', 'a-2.pdf']);
		should(documentFilenames(['a-2.pdf', 'a.pdf', 'a.pdf'])).deepEqual(['a-2.pdf', 'a.pdf', 'a-3.pdf']);
	});

	it('stays within its length with a number, and stays as it is when given again', () => {
		const names = documentFilenames([
			'x'.repeat(180),
			'x'.repeat(180),
			`${'y'.repeat(176)}.pdf`,
			`${'y'.repeat(176)}.pdf`,
		]);
		should(names.every((name) => name.length <= 180)).be.true();
		should(documentFilenames(names)).deepEqual(names);
	});

	it('is found without a noticeable pause, however often a document is listed', () => {
		const before = performance.now();
		const originals = Array.from({length: 50_000}, (_, index) => (index % 2 === 0 ? 'a.pdf' : `a-${index}.pdf`));
		should(new Set(documentFilenames(originals)).size).equal(originals.length);
		should(performance.now() - before).be.below(2000);
	});

	it('is unique whatever names come', () => {
		const random = new Random(5);
		for (let round = 0; round < 200; round += 1) {
			const letters = ['a', 'A', '-', '2', '.', 'ü', 'p'];
			const originals = Array.from({length: 30}, () =>
				Array.from(
					{length: 1 + Math.floor(random.next() * 5)},
					() => letters[Math.floor(random.next() * letters.length)],
				).join(''),
			);
			const names = documentFilenames(originals);
			should(new Set(names.map((name) => name.toLowerCase())).size).equal(originals.length);
			for (const name of names) {
				should(name).match(pattern);
			}
		}
	});
});
