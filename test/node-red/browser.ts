import {existsSync} from 'node:fs';
import {chromium, type Browser, type BrowserContextOptions, type Page} from 'playwright-core';

/** Where systems keep a Chromium, or a browser made of one. */
const places = [
	process.env.CHROMIUM ?? '',
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome-stable',
	'/usr/bin/google-chrome',
	'/snap/bin/chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
	'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** @throws with the command that installs one */
const findBrowser = (): string => {
	const found = places.find((place) => place !== '' && existsSync(place));
	if (found === undefined) {
		throw new Error(
			process.platform === 'linux'
				? 'These tests need a browser: apt-get update && apt-get install -y --no-install-recommends chromium (or name one in CHROMIUM).'
				: 'These tests need a browser: install Chrome or Chromium, or name one in CHROMIUM.',
		);
	}

	return found;
};

let running: Promise<Browser> | undefined;

/** A page of an installed Chromium, headless. The browser is started with the first one. */
export const openPage = async (options: BrowserContextOptions = {}): Promise<Page> => {
	running ??= chromium.launch({
		executablePath: findBrowser(),
		// A browser that root starts, as in a container, has no sandbox.
		args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
	});
	const browser = await running;
	const page = await browser.newPage(options);
	// tsx marks functions by a helper of its own, and those that a test hands over would miss it there.
	await page.addInitScript('globalThis.__name = marked => marked');
	return page;
};

export const closeBrowser = async (): Promise<void> => {
	const browser = running;
	running = undefined;
	await (await browser)?.close();
};
