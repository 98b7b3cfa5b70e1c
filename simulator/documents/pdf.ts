import {a4, typedSize, type Page, type PageElement, type TextStyle} from './page';

const fonts: Readonly<Record<TextStyle, {readonly name: string; readonly size: number}>> = {
	typed: {name: 'Typed', size: typedSize},
	letterhead: {name: 'Letterhead', size: 2 * typedSize},
};

/** Objects 1 to 4 are the catalogue, the page list and two standard fonts; then come two per page: page and content. */
const firstPageObject = 5;

/** Writes a PDF in fonts that need no embedding (ISO 32000-1, 9.6.2.2). The same pages give the same bytes. */
export function writePdf(pages: readonly Page[]): Buffer {
	const pageObjects = pages.map((_page, index) => firstPageObject + 2 * index);
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		`<< /Type /Pages /Kids [${pageObjects.map((object) => `${object} 0 R`).join(' ')}] /Count ${pages.length} >>`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>',
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
		...pages.flatMap((page, index) => {
			const content = page.map(draw).join('\n');
			const contentObject = firstPageObject + 2 * index + 1;
			return [
				`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${a4.width} ${a4.height}] ` +
					`/Resources << /Font << /Typed 3 0 R /Letterhead 4 0 R >> >> /Contents ${contentObject} 0 R >>`,
				`<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
			];
		}),
	];
	return assemble(objects);
}

/** Every character is one byte, so string lengths serve as file offsets. */
function assemble(objects: readonly string[]): Buffer {
	let file = '%PDF-1.4\n';
	let table = '0000000000 65535 f \n';
	objects.forEach((object, index) => {
		table += `${String(file.length).padStart(10, '0')} 00000 n \n`;
		file += `${index + 1} 0 obj\n${object}\nendobj\n`;
	});
	const trailer = `<< /Size ${objects.length + 1} /Root 1 0 R >>`;
	return Buffer.from(
		`${file}xref\n0 ${objects.length + 1}\n${table}trailer\n${trailer}\nstartxref\n${file.length}\n%%EOF\n`,
		'latin1',
	);
}

/** Draws an element. PDF coordinates start at the lower left corner. */
function draw(element: PageElement): string {
	const {x} = element;
	const top = a4.height - element.y;
	switch (element.kind) {
		case 'text': {
			const {name, size} = fonts[element.style];
			return `BT /${name} ${size} Tf ${x} ${round(top - size)} Td (${escape(element.text)}) Tj ET`;
		}
		case 'rule':
			return `${x} ${round(top)} m ${x + element.width} ${round(top)} l S`;
		case 'box':
			return `${x} ${round(top - element.height)} ${element.width} ${element.height} re S`;
	}
}

function escape(text: string): string {
	return text.replace(/[^\x20-\x7e]/gu, '?').replace(/[\\()]/g, '\\$&');
}

function round(points: number): number {
	return Math.round(points * 100) / 100;
}
