import type {BrowserContextOptions, Locator, Page} from 'playwright-core';
import {openPage} from '../node-red/browser';
import {Desk} from '../node-red/desk';

/** A simulator and its page in a browser. */
export class PageVisit {
	readonly desk: Desk;
	readonly page: Page;
	/** Script errors, and requests to anything but the simulator. */
	readonly complaints: string[] = [];

	/** @param options command line of the simulator */
	static async open(options: readonly string[], context: BrowserContextOptions = {}): Promise<PageVisit> {
		const desk = await Desk.open(...options);
		const page = await openPage({viewport: {width: 1400, height: 1000}, ...context});
		const visit = new PageVisit(desk, page);
		await page.goto(desk.origin);
		await page.waitForSelector('#samples button');
		return visit;
	}

	private constructor(desk: Desk, page: Page) {
		this.desk = desk;
		this.page = page;
		page.on('pageerror', (error) => this.complaints.push(String(error)));
		page.on('request', (request) => {
			if (!request.url().startsWith(desk.origin) && !/^(blob|data|chrome|chrome-extension):/.test(request.url())) {
				this.complaints.push(`The page loads ${request.url()}.`);
			}
		});
	}

	/** The rows of the board, hidden ones included. */
	rows(state?: string): Locator {
		return this.page.locator(selectorOf(state));
	}

	/** Resolves once the board has exactly this many rows. */
	async untilRows(count: number, state?: string): Promise<void> {
		await this.page.waitForFunction(([selector, wanted]) => document.querySelectorAll(selector).length === wanted, [
			selectorOf(state),
			count,
		] as const);
	}

	async click(name: string | RegExp): Promise<void> {
		await this.page.getByRole('button', {name}).first().click();
	}

	async close(): Promise<void> {
		await this.page.close();
		await this.desk.close();
	}
}

function selectorOf(state: string | undefined): string {
	return `#rows li${state === undefined ? '' : `[data-state=${state}]`}`;
}
