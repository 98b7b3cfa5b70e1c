import {mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync} from 'node:fs';
import {join, parse} from 'node:path';
import 'should';
import type {FaxView} from '../../simulator';
import {isFiled, listings} from './counterparts/stage';
import {describeExample} from './counterparts/staged';
import {isAcknowledged} from '../node-red/node-red-until';
import {scannedPdf} from './counterparts/scanned-pdf';

const name = '03 - OCR and text search';

describeExample(name, {commands: ['tesseract', 'pdftotext', 'pdftoppm'], workMs: 30_000}, (stage) => {
	const textFile = (document: string): string => join(stage().folder, `${parse(document).name}.txt`);
	const textOf = (fax: FaxView): string =>
		fax.documents.map((document) => readFileSync(textFile(document.name), 'utf8')).join('\n');
	const isText = (path: string): boolean => statSync(path, {throwIfNoEntry: false})?.isFile() ?? false;
	const isRead = (fax: FaxView): boolean =>
		isFiled(fax, stage().folder) && fax.documents.every(({name: document}) => isText(textFile(document)));

	const deploy = async (): ReturnType<ReturnType<typeof stage>['deploy']> => {
		stage().watch(isRead);
		return await stage().deploy(name, {FAX_FOLDER: stage().folder, OCR_LANGUAGE: 'eng'});
	};

	it('extracts the text of PDF, scanned PDF and TIFF before it acknowledges, and finds words in it', async () => {
		const order = stage().addFax({sample: 'order'});
		const notes = stage().addFax({sample: 'notes'});
		const scanned = stage().addFax({documents: [{extension: 'pdf', content: scannedPdf()}]});
		const flow = await deploy();
		await stage().until(() => stage().simulator.faxes().every(isAcknowledged));
		stage().early.should.be.empty();
		textOf(order).should.match(/PURCHASE ORDER No\. 4711/);
		textOf(notes)
			.should.match(/DELIVERY NOTE/)
			.and.match(/90210-1/)
			.and.match(/90210-2/);
		textOf(scanned).should.match(/prescription/i);
		readdirSync(stage().folder)
			.filter((file) => /\.(png|pages)$/.test(file))
			.should.be.empty();

		await stage().press(flow, 'search for "order"');
		const found = (document: string): boolean => stage().nodeRed.log.join('\n').includes(textFile(document));
		await stage().until(() => found(order.documents[0]?.name ?? ''));
		found(scanned.documents[0]?.name ?? '').should.be.false();
	});

	// tesseract exits with 0 in both cases.
	const obstacles: Readonly<Record<string, (path: string) => void>> = {
		'a folder is in the way': (path) => {
			mkdirSync(path);
		},
		'the disk is full': (path) => {
			symlinkSync('/dev/full', path);
		},
	};
	for (const [why, obstruct] of Object.entries(obstacles)) {
		it(`acknowledges no fax whose text cannot be written while ${why}`, async () => {
			const fax = stage().addFax({sample: 'prescription'});
			const path = textFile(fax.documents[0]?.name ?? '');
			mkdirSync(stage().folder);
			obstruct(path);
			await deploy();
			await stage().passUntil(() => listings(fax) > 1);
			isAcknowledged(fax).should.be.false();

			rmSync(path, {recursive: true});
			await stage().untilAllAcknowledged();
			stage().early.should.be.empty();
			textOf(fax).should.match(/prescription/i);
		});
	}
});
