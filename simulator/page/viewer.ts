import type {DocumentView, FaxRecord} from '../control/views';
import {client, fileAddress} from './client';
import {button, element, write} from './dom';

/**
 * The pages of a fax. The browser displays a PDF; the page decodes a TIFF itself, since most browsers cannot.
 * Decoding takes a while. `#shown` remembers the document opened last, so that a slow TIFF does not replace it.
 */
export class Viewer {
	readonly element = element('div', {class: 'viewer'});
	readonly #tabs = element('div', {class: 'buttons'});
	readonly #pages = element('div', {class: 'pages'});
	#shown: DocumentView | undefined;

	constructor() {
		this.element.append(this.#tabs, this.#pages);
	}

	show(fax: FaxRecord): void {
		const [first] = fax.documents;
		this.#tabs.replaceChildren(
			...fax.documents.map((document, index) =>
				button(
					String(index + 1),
					() => {
						this.#open(document);
					},
					{title: document.name, 'data-document': document.name},
				),
			),
		);
		this.#tabs.hidden = fax.documents.length < 2;
		if (first === undefined) {
			this.#say('This fax has no document.');
		} else {
			this.#open(first);
		}
	}

	/** Shows that the documents were deleted. */
	gone(): void {
		if (this.#shown !== undefined) {
			this.#shown = undefined;
			this.#tabs.replaceChildren();
			this.#say('The documents were deleted seven days after receipt.');
		}
	}

	clear(): void {
		this.#shown = undefined;
		this.#pages.replaceChildren();
	}

	#open(document: DocumentView): void {
		this.#shown = document;
		for (const tab of this.#tabs.children) {
			tab.setAttribute('aria-pressed', String(tab.getAttribute('data-document') === document.name));
		}
		const address = fileAddress(document.name);
		switch (document.contentType) {
			case 'application/pdf':
				this.#pages.replaceChildren(
					element('iframe', {src: `${address}#navpanes=0`, title: document.name}),
					element('a', {href: address, target: '_blank', rel: 'noopener'}, 'Open in a new tab'),
				);
				break;
			case 'image/tiff':
				void this.#openTiff(document);
				break;
			default:
				this.#pages.replaceChildren(
					element('a', {href: address, download: document.name}, `Download ${document.name}`),
				);
		}
	}

	async #openTiff(document: DocumentView): Promise<void> {
		this.#say('Decoding ...');
		const pages = await drawTiff(document.name);
		if (this.#shown !== document) {
			return;
		}
		if (pages === undefined) {
			this.#say('This TIFF cannot be decoded.');
		} else {
			this.#pages.replaceChildren(...pages);
		}
	}

	#say(text: string): void {
		const sentence = element('p', {class: 'hint'});
		write(sentence, text);
		this.#pages.replaceChildren(sentence);
	}
}

/** Loads the decoder with the first TIFF. @returns `undefined` for a damaged TIFF */
async function drawTiff(name: string): Promise<readonly HTMLImageElement[] | undefined> {
	try {
		const [{decodeTiff}, bytes] = await Promise.all([import('./tiff.js'), client.document(name)]);
		const pages = await Promise.all(decodeTiff(bytes).map(drawPage));
		return pages.length === 0 ? undefined : pages;
	} catch {
		return undefined;
	}
}

/** Draws a page as an image, which browsers scale down more smoothly than a canvas. */
async function drawPage(
	{image, stretch}: {readonly image: ImageData; readonly stretch: number},
	index: number,
): Promise<HTMLImageElement> {
	const canvas = new OffscreenCanvas(image.width, image.height);
	canvas.getContext('2d')?.putImageData(image, 0, 0);
	const drawn = element('img', {alt: `Page ${index + 1}`, src: URL.createObjectURL(await canvas.convertToBlob())});
	// In normal resolution a fax has twice as many dots per inch across as down.
	drawn.style.aspectRatio = String(image.width / (image.height * stretch));
	await drawn.decode();
	URL.revokeObjectURL(drawn.src);
	return drawn;
}
