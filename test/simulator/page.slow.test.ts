import 'should';
import {bytesOf, nameDocuments} from '../../simulator/documents/document';
import {sampleDocuments} from '../../simulator/documents/samples';
import {closeBrowser} from '../node-red/browser';
import {authorization} from '../node-red/desk';
import {PageVisit} from './page-visit';

const facts = {id: 'x', from: '+491', to: '+492', csid: 'X', receivedAtMs: 0};
const fileOf = (sample: 'letter' | 'prescription'): Buffer =>
	nameDocuments('x', sampleDocuments(sample, facts)).map(bytesOf)[0] ?? Buffer.alloc(0);

describe("The simulator's page", function () {
	this.timeout(60_000);

	let visit: PageVisit;

	afterEach(async () => {
		await visit.close();
		visit.complaints.should.be.empty();
	});

	after(closeBrowser);

	it('sends samples and follows their states', async () => {
		visit = await PageVisit.open(['--faxes', '0', '--topic', 'demo', '--topic', 'orders']);
		await visit.page.getByText('No fax has arrived yet').waitFor();
		await visit.page.getByLabel('Caller', {exact: true}).fill('+4930123');
		await visit.page.getByLabel('Copies').fill('3');
		await visit.click('order');
		await visit.untilRows(3, 'waiting');
		(await visit.rows().first().innerText()).should.containEql('+4930123');

		const [first, second] = await visit.desk.poll('fetch=2&timeout=90');
		await visit.untilRows(2, 'locked');
		(await visit.rows('locked').first().innerText()).should.match(/1 min \d+ s left, by #\d+/);
		await visit.desk.poll(`fetch=0&ids=${encodeURIComponent(first?.id ?? '')}`);
		await visit.untilRows(1, 'acknowledged');
		await visit.click('+1 h');
		await visit.untilRows(2, 'waiting');
		await visit.click(/^acknowledged/);
		(await visit.rows('waiting').first().isHidden()).should.be.true();
		await visit.click(/^all/);
		await visit.page.getByLabel('Search').fill(second?.id ?? '');
		(await visit.page.locator('#rows li:visible').count()).should.equal(1);
		await visit.page.getByLabel('Search').fill('');
		await visit.click('+8 d');
		await visit.untilRows(3, 'deleted');
	});

	it('turns a dropped PDF and a chosen TIFF into faxes', async () => {
		visit = await PageVisit.open(['--faxes', '0']);
		const data = await visit.page.evaluateHandle(
			(bytes) => {
				const transfer = new DataTransfer();
				transfer.items.add(new File([new Uint8Array(bytes)], 'letter.pdf', {type: 'application/pdf'}));
				return transfer;
			},
			[...fileOf('letter')],
		);
		await visit.page.dispatchEvent('#drop', 'drop', {dataTransfer: data});
		await visit.untilRows(1);
		await visit.page.setInputFiles('#file', {name: 'page.tif', mimeType: '', buffer: fileOf('prescription')});
		await visit.untilRows(2);
		(await visit.rows().allInnerTexts())
			.map((text) => /\d+ pages?/.exec(text)?.[0])
			.should.deepEqual(['1 page', '3 pages']);
		const [letter] = await visit.desk.poll('fetch=1');
		const served = await fetch(letter?.documents[0]?.url ?? '', {headers: authorization});
		Buffer.from(await served.arrayBuffer())
			.equals(fileOf('letter'))
			.should.be.true();
	});

	it('explains why it refuses any other file', async () => {
		visit = await PageVisit.open(['--faxes', '0']);
		await visit.page.setInputFiles('#file', {
			name: 'letter.pdf',
			mimeType: 'application/pdf',
			buffer: Buffer.from('<html>'),
		});
		await visit.page.getByText('This is not a PDF: it does not start like one.').waitFor();
		(await visit.rows().count()).should.equal(0);
	});

	it("shows a PDF in the browser's own viewer and decodes a TIFF itself", async () => {
		visit = await PageVisit.open(['--faxes', '4']);
		await visit.untilRows(4);
		const viewed = visit.page.waitForResponse((response) => response.url().includes('/simulator/files/'));
		await visit.rows().nth(3).getByRole('button').click();
		(await viewed).headers().should.containEql({'content-type': 'application/pdf', 'content-disposition': 'inline'});
		await visit.page.locator('#detail iframe').waitFor();
		await visit.page.keyboard.press('Escape');
		(await visit.page.locator('#detail').isHidden()).should.be.true();

		(
			await visit.page.evaluate(() =>
				performance.getEntriesByType('resource').some(({name}) => name.endsWith('tiff.js')),
			)
		).should.be.false();
		await visit.rows().nth(1).getByRole('button').click();
		const drawn = visit.page.locator('#detail img');
		await drawn.waitFor();
		(
			await drawn.evaluate((image: HTMLImageElement) => {
				const {naturalWidth: width, naturalHeight: height} = image;
				const canvas = new OffscreenCanvas(width, height).getContext('2d');
				canvas?.drawImage(image, 0, 0);
				const dots = canvas?.getImageData(0, 0, width, height).data ?? [];
				let black = 0;
				for (let at = 0; at < dots.length; at += 4) {
					black += dots[at] === 0 ? 1 : 0;
				}
				return {width, height, isPage: black > 5000 && black < (width * height) / 4};
			})
		).should.deepEqual({width: 1728, height: 2292, isPage: true});

		await visit.rows().nth(0).getByRole('button').click();
		(await visit.page.locator('#detail .viewer button').count()).should.equal(2);
	});

	it('shows the history of a fax with the requests behind it', async () => {
		visit = await PageVisit.open(['--faxes', '1']);
		const [fax] = await visit.desk.poll('fetch=1&timeout=30');
		await fetch(fax?.documents[0]?.url ?? '', {headers: authorization});
		await visit.desk.poll(`fetch=0&ids=${encodeURIComponent(fax?.id ?? '')}`);
		await visit.untilRows(1, 'acknowledged');
		await visit.rows().first().getByRole('button').click();
		await visit.page.locator('.timeline li:nth-child(4) small').waitFor();
		const history = await visit.page.locator('.timeline li').allInnerTexts();
		history
			.map((text) => text.replace(/^\S+( [AP]M)? /, '').replace(/\s+/g, ' '))
			.should.deepEqual([
				'received',
				'listed, locked for 30 s #1 POST topics/demo?fetch=1&timeout=30',
				`document downloaded: ${fax?.id ?? ''}.pdf #2 GET files/${fax?.id ?? ''}.pdf`,
				`acknowledged #3 POST topics/demo?fetch=0&ids=${fax?.id ?? ''}`,
			]);
	});

	it('changes the network and the switches', async () => {
		visit = await PageVisit.open(['--faxes', '0']);
		await visit.page.getByText('Network', {exact: true}).click();
		await visit.page.getByLabel('503 answers, %').fill('100');
		await visit.page.getByLabel('503 answers, %').press('Tab');
		await visit.page.waitForFunction(
			async () =>
				((await (await fetch('network')).json()) as {network: {unavailableRate: number}}).network.unavailableRate === 1,
		);
		(await visit.desk.status('/topics/demo?fetch=1')).should.equal(503);
		await visit.page.getByLabel('503 answers, %').fill('0');
		await visit.page.getByText('Open questions').click();
		await visit.page.getByLabel('Status of success').selectOption('201');
		await visit.page.waitForFunction(
			async () =>
				((await (await fetch('switches')).json()) as {switches: {successStatus: number}}).switches.successStatus ===
				201,
		);
		(await visit.desk.status('/topics/demo?fetch=1')).should.equal(201);
		(await visit.page.locator('#switches label').count()).should.equal(21);

		visit.page.on('dialog', (dialog) => void dialog.accept());
		await visit.click('Reset everything');
		await visit.page.waitForFunction(
			async () =>
				((await (await fetch('switches')).json()) as {switches: {successStatus: number}}).switches.successStatus ===
				200,
		);
	});

	it('parses nothing in a fax as HTML', async () => {
		visit = await PageVisit.open(['--faxes', '0']);
		const attack = '<img src=x onerror="document.title=\'taken\'">';
		for (const label of ['Caller', 'Called', 'Name of the sending machine']) {
			await visit.page.getByLabel(label, {exact: true}).fill(attack);
		}
		await visit.click('order');
		await visit.untilRows(1);
		await visit.rows().first().getByRole('button').click();
		await visit.page.locator('dd', {hasText: attack}).first().waitFor();
		(await visit.page.locator('#rows img, #detail img').count()).should.equal(0);
		(await visit.page.title()).should.equal('Fax simulator');
	});

	it('works with the password on a host that other machines can reach, and not without', async () => {
		visit = await PageVisit.open(['--host', '0.0.0.0', '--password', 'chosen', '--faxes', '2'], {
			httpCredentials: {username: '99999', password: 'chosen'},
		});
		await visit.untilRows(2, 'waiting');
		await visit.click('order');
		await visit.untilRows(3, 'waiting');
		(await fetch(visit.desk.origin)).status.should.equal(401);
	});

	it('reports that the simulator is gone', async () => {
		visit = await PageVisit.open(['--faxes', '0']);
		await visit.desk.close();
		await visit.page.getByText('The simulator does not answer').waitFor();
	});
});
