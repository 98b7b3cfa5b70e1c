import {createHash} from 'node:crypto';
import should from 'should';
import {bytesOf, nameDocuments} from '../../simulator/documents/document';
import {seededRandom} from '../../simulator/identifiers';
import {sampleDocuments, sampleNames, type SampleName} from '../../simulator/documents/samples';
import {Bitmap} from '../../simulator/documents/bitmap';
import {encodeGroup4} from '../../simulator/documents/group4';
import {decodeGroup4} from './group4-decoder';
import {exchange, send, simulate, start} from './harness';

const facts = {
	id: 'K34A3QX3@J78AO6W.simulator101.QA1',
	from: '+4989123456',
	to: '+4989654321',
	csid: 'EXAMPLE',
	receivedAtMs: start,
};
const filesOf = (name: SampleName, changed: Partial<typeof facts> = {}): Buffer[] =>
	nameDocuments('x', sampleDocuments(name, {...facts, ...changed})).map(bytesOf);
const fileOf = (name: SampleName): Buffer => filesOf(name)[0] ?? Buffer.alloc(0);

/** Reads the tags of the first directory of a little-endian TIFF. */
function tagsOf(tiff: Buffer): Map<number, number> {
	const at = tiff.readUInt32LE(4);
	const entries = Array.from({length: tiff.readUInt16LE(at)}, (_, index) => at + 2 + index * 12);
	return new Map(entries.map((entry) => [tiff.readUInt16LE(entry), tiff.readUInt32LE(entry + 8)]));
}

function pageOf(tiff: Buffer): Bitmap {
	const tag = (name: number): number => tagsOf(tiff).get(name) ?? 0;
	return decodeGroup4(tiff.subarray(tag(273), tag(273) + tag(279)), tag(256), tag(257));
}

describe('The samples', () => {
	for (const [name, pages, kind] of [
		['order', 1, 'one-page'],
		['letter', 3, 'three-page'],
	] as const) {
		it(`include a ${kind} PDF with a correct object table: ${name}`, () => {
			const pdf = fileOf(name).toString('latin1');
			pdf.should.match(/^%PDF-1\.4\n[^]*%%EOF\n$/);
			pdf.should.containEql(`/Count ${pages} `);
			(pdf.match(/\/Type \/Page /g) ?? []).should.have.length(pages);
			const table = Number(/startxref\n(\d+)\n/.exec(pdf)?.[1]);
			pdf.slice(table).should.startWith('xref\n');
			const offsets = [...pdf.slice(table).matchAll(/^(\d{10}) 00000 n $/gm)].map(([, offset]) => Number(offset));
			offsets.forEach((offset, index) => pdf.slice(offset).should.startWith(`${index + 1} 0 obj\n`));
			for (const [, length, content] of pdf.matchAll(/\/Length (\d+) >>\nstream\n([^]*?)\nendstream/g)) {
				should(content?.length).equal(Number(length));
			}
		});
	}

	it('include a group 4 TIFF in fax resolution: prescription', () => {
		const tiff = fileOf('prescription');
		tiff.subarray(0, 4).toString('latin1').should.equal('II*\0');
		Object.fromEntries(tagsOf(tiff)).should.containEql({
			256: 1728,
			257: 2292,
			258: 1,
			259: 4,
			262: 0,
			277: 1,
			278: 2292,
		});
	});

	it('include two single-page TIFFs for one fax: notes', () => {
		const files = filesOf('notes');
		files.should.have.length(2);
		files.map((tiff) => tagsOf(tiff).get(297)).should.deepEqual([1 << 16, 1 << 16]);
		pageOf(files[0] ?? Buffer.alloc(0))
			.toBytes()
			.should.not.deepEqual(pageOf(files[1] ?? Buffer.alloc(0)).toBytes());
	});

	// The digest is of the page as tiffcp of LibTIFF 4.5 decodes it: our own decoder shares the encoder's code tables.
	it('decode to the page that LibTIFF reads', () => {
		const page = pageOf(fileOf('prescription')).toBytes();
		createHash('sha256')
			.update(page)
			.digest('hex')
			.should.equal('3bd03434ddd61f9a38f88455e19234c9f0c99b2cfdcefa0d67c193d1e5ef5ae8');
	});

	it('are identical for the same fax and differ between faxes', () => {
		for (const name of sampleNames) {
			filesOf(name).should.deepEqual(filesOf(name));
			filesOf(name).should.not.deepEqual(filesOf(name, {id: 'another'}));
			filesOf(name).should.not.deepEqual(filesOf(name, {from: '+4989123457'}));
		}
	});

	it('accept any text in the header line', () => {
		for (const name of sampleNames) {
			for (const file of filesOf(name, {csid: 'Müller (\\) 🙂 ' + 'x'.repeat(500)})) {
				file.length.should.be.above(1000);
			}
		}
	});

	it('take turns when a fax names none', async () => {
		const simulator = await simulate();
		const added = [1, 2, 3, 4, 5].map(() => simulator.addFax());
		added
			.map(({facts: {pages}, documents}) => [pages, documents.map(({contentType}) => contentType)])
			.should.deepEqual([
				[1, ['application/pdf']],
				[3, ['application/pdf']],
				[1, ['image/tiff']],
				[2, ['image/tiff', 'image/tiff']],
				[1, ['application/pdf']],
			]);
		const {results} = await exchange(simulator, 'fetch=1');
		const {body} = await send(simulator, results[0]?.documents[0]?.url ?? '');
		body.toString('latin1').should.containEql(`(Id: ${results[0]?.id ?? ''})`);
	});
});

describe('Group 4 compression', () => {
	it('loses no dot of any page', () => {
		const random = seededRandom(7);
		for (const [width, height] of [
			[1, 1],
			[7, 5],
			[64, 40],
			[5300, 6],
		] as const) {
			for (let round = 0; round < 30; round++) {
				const page = new Bitmap(width, height);
				const boxes = Math.floor(random() * 12);
				for (let box = 0; box < boxes; box++) {
					page.fill(
						Math.floor(random() * width),
						Math.floor(random() * height),
						Math.ceil(random() * width),
						Math.ceil(random() * 4),
					);
				}
				decodeGroup4(encodeGroup4(page), width, height).toBytes().should.deepEqual(page.toBytes());
			}
		}
	});
});
