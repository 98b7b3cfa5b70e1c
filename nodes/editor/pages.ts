/** Shows a document: a PDF in the browser's viewer, a TIFF as decoded pages, because most browsers display no TIFF. */
import {isRecord, Refusal} from './ask';
import {catalogue} from './catalogue';
import {resource} from './resources';

const text = catalogue('retarus-fax-in');

interface Page {
	readonly image: ImageData;
	/** Height of a pixel relative to its width. */
	readonly stretch: number;
}

/** The exports of the resource `tiff`, which is loaded with the first TIFF. */
interface Decoder {
	readonly decodeTiff: (bytes: ArrayBuffer) => readonly Page[];
}

/** Draws a page as an image, because browsers scale an image down more smoothly than a canvas. */
const draw = ({image, stretch}: Page, index: number): HTMLElement => {
	const canvas = document.createElement('canvas');
	canvas.width = image.width;
	canvas.height = image.height;
	canvas.getContext('2d')?.putImageData(image, 0, 0);
	const drawn = document.createElement('img');
	drawn.src = canvas.toDataURL();
	drawn.alt = String(index + 1);
	drawn.style.aspectRatio = String(image.width / (image.height * stretch));
	return drawn;
};

const frame = (content: Uint8Array<ArrayBuffer>, title: string): HTMLElement => {
	const viewer = document.createElement('iframe');
	viewer.title = title;
	viewer.src = URL.createObjectURL(new Blob([content], {type: 'application/pdf'}));
	return viewer;
};

const download = (content: Uint8Array<ArrayBuffer>, filename: string): HTMLElement => {
	const link = document.createElement('a');
	link.download = filename;
	link.href = URL.createObjectURL(new Blob([content], {type: 'application/octet-stream'}));
	link.textContent = filename;
	return link;
};

/**
 * Fills `place` with the document of an answer of the runtime.
 * @throws Refusal if the document cannot be displayed
 */
export const showPages = async (place: HTMLElement, answer: unknown): Promise<void> => {
	if (!isRecord(answer) || typeof answer.content !== 'string') {
		throw new Refusal(text('waiting.unreadable'));
	}

	const filename = String(answer.filename);
	const content = Uint8Array.from(atob(answer.content), (character) => character.charCodeAt(0));
	switch (answer.contentType) {
		case 'application/pdf':
			place.replaceChildren(frame(content, filename));
			break;
		case 'image/tiff': {
			const {decodeTiff} = (await import(resource('tiff'))) as Decoder;
			const pages = decodeTiff(content.buffer);
			place.replaceChildren(...pages.map((page, index) => draw(page, index)));
			if (pages.length === 0) {
				throw new Refusal(text('waiting.unreadable'));
			}

			break;
		}

		default:
			place.replaceChildren(download(content, filename));
	}
};
