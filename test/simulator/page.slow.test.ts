import type {Page} from 'playwright-core';
import 'should';
import {bytesOf, nameDocuments} from '../../simulator/documents/document';
import {sampleDocuments} from '../../simulator/documents/samples';
import {closeBrowser, openPage} from '../node-red/browser';
import {authorization, Desk} from '../node-red/desk';

const facts = {id: 'x', from: '+491', to: '+492', csid: 'X', receivedAtMs: 0};
const fileOf = (sample: 'letter' | 'prescription'): Buffer =>
	nameDocuments('x', sampleDocuments(sample, facts)).map(bytesOf)[0] ?? Buffer.alloc(0);

describe("The simulator's page", function () {
	this.timeout(60_000);

	let desk: Desk;
	let page: Page;
	let complaints: string[];

	const visit = async (options: string[], context = {}): Promise<void> => {
		desk = await Desk.open(...options);
		page = await openPage({viewport: {width: 1400, height: 1000}, ...context});
		complaints = [];
		page.on('pageerror', (error) => complaints.push(String(error)));
		page.on('request', (request) => {
			if (!request.url().startsWith(desk.origin) && !/^(blob|data|chrome|chrome-extension):/.test(request.url())) {
				complaints.push(`It loads ${request.url()}.`);
			}
		});
		await page.goto(desk.origin);
		await page.waitForSelector('#samples button');
	};
	const rows = (state?: string): ReturnType<Page['locator']> =>
		page.locator(`#rows li${state === undefined ? '' : `[data-state=${state}]`}`);
	const counted = (count: number, state?: string): Promise<unknown> =>
		page.waitForFunction(([selector, wanted]) => document.querySelectorAll(selector).length === wanted, [
			`#rows li${state === undefined ? '' : `[data-state=${state}]`}`,
			count,
		] as const);
	const pressed = async (name: string | RegExp): Promise<void> => {
		await page.getByRole('button', {name}).first().click();
	};

	afterEach(async () => {
		await page.close();
		await desk.close();
		complaints.should.be.empty();
	});

	after(closeBrowser);

	it('sends samples and shows what becomes of them', async () => {
		await visit(['--faxes', '0', '--topic', 'demo', '--topic', 'orders']);
		await page.getByText('No fax has arrived yet').waitFor();
		await page.getByLabel('Caller', {exact: true}).fill('+4930123');
		await page.getByLabel('Copies').fill('3');
		await pressed('order');
		await counted(3, 'waiting');
		(await rows().first().innerText()).should.containEql('+4930123');

		const [first, second] = await desk.poll('fetch=2&timeout=90');
		await counted(2, 'locked');
		(await rows('locked').first().innerText()).should.match(/1 min \d+ s left, by #\d+/);
		await desk.poll(`fetch=0&ids=${encodeURIComponent(first?.id ?? '')}`);
		await counted(1, 'acknowledged');
		await pressed('+1 h');
		await counted(2, 'waiting');
		await pressed(/^acknowledged/);
		(await rows('waiting').first().isHidden()).should.be.true();
		await pressed(/^all/);
		await page.getByLabel('Search').fill(second?.id ?? '');
		(await page.locator('#rows li:visible').count()).should.equal(1);
		await page.getByLabel('Search').fill('');
		await pressed('+8 d');
		await counted(3, 'deleted');
	});

	it('makes a fax of a PDF that is dropped on it, and of a TIFF that is chosen', async () => {
		await visit(['--faxes', '0']);
		const data = await page.evaluateHandle(
			(bytes) => {
				const transfer = new DataTransfer();
				transfer.items.add(new File([new Uint8Array(bytes)], 'letter.pdf', {type: 'application/pdf'}));
				return transfer;
			},
			[...fileOf('letter')],
		);
		await page.dispatchEvent('#drop', 'drop', {dataTransfer: data});
		await counted(1);
		await page.setInputFiles('#file', {name: 'page.tif', mimeType: '', buffer: fileOf('prescription')});
		await counted(2);
		(await rows().allInnerTexts()).map((text) => /\d+ pages?/.exec(text)?.[0]).should.deepEqual(['1 page', '3 pages']);
		const [letter] = await desk.poll('fetch=1');
		const served = await fetch(letter?.documents[0]?.url ?? '', {headers: authorization});
		Buffer.from(await served.arrayBuffer())
			.equals(fileOf('letter'))
			.should.be.true();
	});

	it('says why it takes no other file', async () => {
		await visit(['--faxes', '0']);
		await page.setInputFiles('#file', {name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html>')});
		await page.getByText('This is no PDF: it does not begin like one.').waitFor();
		(await rows().count()).should.equal(0);
	});

	it("shows the pages of a PDF in the browser's own viewer, and those of a TIFF decoded", async () => {
		await visit(['--faxes', '4']);
		await counted(4);
		const viewed = page.waitForResponse((response) => response.url().includes('/simulator/files/'));
		await rows().nth(3).getByRole('button').click();
		(await viewed).headers().should.containEql({'content-type': 'application/pdf', 'content-disposition': 'inline'});
		await page.locator('#detail iframe').waitFor();
		await page.keyboard.press('Escape');
		(await page.locator('#detail').isHidden()).should.be.true();

		(
			await page.evaluate(() => performance.getEntriesByType('resource').some(({name}) => name.endsWith('tiff.js')))
		).should.be.false();
		await rows().nth(1).getByRole('button').click();
		const drawn = page.locator('#detail img');
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

		await rows().nth(0).getByRole('button').click();
		(await page.locator('#detail .viewer button').count()).should.equal(2);
	});

	it('tells the story of a fax, with the requests that made it', async () => {
		await visit(['--faxes', '1']);
		const [fax] = await desk.poll('fetch=1&timeout=30');
		await fetch(fax?.documents[0]?.url ?? '', {headers: authorization});
		await desk.poll(`fetch=0&ids=${encodeURIComponent(fax?.id ?? '')}`);
		await counted(1, 'acknowledged');
		await rows().first().getByRole('button').click();
		await page.locator('.timeline li:nth-child(4) small').waitFor();
		const story = await page.locator('.timeline li').allInnerTexts();
		story
			.map((text) => text.replace(/^\S+( [AP]M)? /, '').replace(/\s+/g, ' '))
			.should.deepEqual([
				'received',
				'listed, locked for 30 s #1 POST topics/demo?fetch=1&timeout=30',
				`document downloaded: ${fax?.id ?? ''}.pdf #2 GET files/${fax?.id ?? ''}.pdf`,
				`acknowledged #3 POST topics/demo?fetch=0&ids=${fax?.id ?? ''}`,
			]);
	});

	it('lets things go wrong until it is told to stop', async () => {
		await visit(['--faxes', '1']);
		await counted(1);
		await pressed('401 until I say so');
		await page.locator('.rules li').waitFor();
		(await desk.status('/topics/demo?fetch=1')).should.equal(401);
		await pressed('Stop');
		await page.locator('.rules li').waitFor({state: 'detached'});
		(await desk.status('/topics/demo?fetch=1&timeout=0')).should.equal(200);
		await pressed('Lose the next answer');
		await page.locator('.rules li').waitFor();
		(await desk.status('/topics/demo?fetch=1&timeout=0')).should.equal('nothing');
		await page.locator('.rules li').waitFor({state: 'detached'});

		await rows().first().getByRole('button').click();
		const [fax] = await desk.poll('fetch=1&timeout=0');
		const length = async (): Promise<number> =>
			(await (await fetch(fax?.documents[0]?.url ?? '', {headers: authorization})).arrayBuffer()).byteLength;
		const whole = await length();
		await pressed('This document is truncated');
		await page.locator('.rules li').waitFor();
		(await length()).should.equal(Math.floor(whole / 2));
	});

	it('turns the knobs of the network and the open questions', async () => {
		await visit(['--faxes', '0']);
		await page.getByText('The network').click();
		await page.getByLabel('Answered 503, %').fill('100');
		await page.getByLabel('Answered 503, %').press('Tab');
		await page.waitForFunction(
			async () =>
				((await (await fetch('network')).json()) as {network: {unavailableRate: number}}).network.unavailableRate === 1,
		);
		(await desk.status('/topics/demo?fetch=1')).should.equal(503);
		await page.getByLabel('Answered 503, %').fill('0');
		await page.getByText('Open questions').click();
		await page.getByLabel('Status of success').selectOption('201');
		await page.waitForFunction(
			async () =>
				((await (await fetch('switches')).json()) as {switches: {successStatus: number}}).switches.successStatus ===
				201,
		);
		(await desk.status('/topics/demo?fetch=1')).should.equal(201);
		(await page.locator('#switches label').count()).should.equal(21);

		page.on('dialog', (dialog) => void dialog.accept());
		await pressed('Reset everything');
		await page.waitForFunction(
			async () =>
				((await (await fetch('switches')).json()) as {switches: {successStatus: number}}).switches.successStatus ===
				200,
		);
	});

	it('reads nothing of a fax as HTML', async () => {
		await visit(['--faxes', '0']);
		const attack = '<img src=x onerror="document.title=\'taken\'">';
		for (const label of ['Caller', 'Called', 'Name of the sending machine']) {
			await page.getByLabel(label, {exact: true}).fill(attack);
		}
		await pressed('order');
		await counted(1);
		await rows().first().getByRole('button').click();
		await page.locator('dd', {hasText: attack}).first().waitFor();
		(await page.locator('#rows img, #detail img').count()).should.equal(0);
		(await page.title()).should.equal('Fax simulator');
	});

	it('asks for the password where other machines can reach it, and works with it', async () => {
		await visit(['--host', '0.0.0.0', '--password', 'chosen', '--faxes', '2'], {
			httpCredentials: {username: '99999', password: 'chosen'},
		});
		await counted(2, 'waiting');
		await pressed('order');
		await counted(3, 'waiting');
		(await fetch(desk.origin)).status.should.equal(401);
	});

	it('says so when the simulator is gone', async () => {
		await visit(['--faxes', '0']);
		await desk.close();
		await page.getByText('The simulator does not answer').waitFor();
		desk = await Desk.open();
	});

	it('has 1,000 faxes on the board without lag, all locked and counting down', async () => {
		await visit(['--faxes', '1000']);
		await counted(1000);
		await desk.poll('fetch=1000&timeout=300');
		await counted(1000, 'locked');
		// Its own processor time, for others may be busy on the machine.
		const session = await page.context().newCDPSession(page);
		await session.send('Performance.enable', {timeDomain: 'threadTicks'});
		const busy = async (): Promise<number> => {
			const {metrics} = await session.send('Performance.getMetrics');
			return 1000 * (metrics.find(({name}) => name === 'TaskDuration')?.value ?? NaN);
		};
		const cost = async (work: () => Promise<unknown>): Promise<number> => {
			const before = await busy();
			await work();
			return (await busy()) - before;
		};
		const counting = await cost(() =>
			page.evaluate(
				() =>
					new Promise((resolve) => {
						setTimeout(resolve, 4000);
					}),
			),
		);
		(counting / 4).should.be.within(1, 250);
		const searching = await cost(() =>
			page.evaluate(async () => {
				const search = document.querySelector<HTMLInputElement>('#search');
				for (const text of ['+4989', 'no such fax', '+49', 'nor this', '']) {
					if (search !== null) {
						search.value = text;
						search.dispatchEvent(new Event('input'));
						await new Promise(requestAnimationFrame);
					}
				}
			}),
		);
		// A search draws the whole board anew.
		(searching / 5).should.be.within(1, 300);
	});

	for (const colorScheme of ['light', 'dark'] as const) {
		it(`has text that can be read in ${colorScheme}`, async () => {
			await visit(['--faxes', '8'], {colorScheme});
			await counted(8);
			await desk.poll('fetch=2&timeout=300');
			await counted(2, 'locked');
			const contrasts = await page.evaluate(measureContrasts);
			contrasts.length.should.be.above(50);
			contrasts.filter(({ratio}) => ratio < 4.5).should.be.empty();
		});
	}
});

/** Of every visible text against what is behind it, as WCAG reckons. Runs in the page. */
function measureContrasts(): {text: string; ratio: number}[] {
	const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
	const rgba = (colour: string): readonly number[] => {
		canvas?.clearRect(0, 0, 1, 1);
		if (canvas !== null) {
			canvas.fillStyle = colour;
			canvas.fillRect(0, 0, 1, 1);
		}
		return [...(canvas?.getImageData(0, 0, 1, 1).data ?? [])];
	};
	const luminance = (colour: readonly number[]): number => {
		const [red = 0, green = 0, blue = 0] = colour.map((value) =>
			value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
		);
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	};
	const behind = (start: Element): readonly number[] => {
		for (let at: Element | null = start; at !== null; at = at.parentElement) {
			const colour = rgba(getComputedStyle(at).backgroundColor);
			if (colour[3] === 255) {
				return colour;
			}
		}
		return [255, 255, 255, 255];
	};
	return [...document.querySelectorAll('body *')]
		.filter(
			(element) =>
				element.checkVisibility() &&
				[...element.childNodes].some(({nodeType, textContent}) => nodeType === 3 && textContent?.trim() !== ''),
		)
		.map((element) => {
			const [one, other] = [luminance(rgba(getComputedStyle(element).color)), luminance(behind(element))];
			return {
				text: element.textContent.trim().slice(0, 30),
				ratio: (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05),
			};
		});
}
