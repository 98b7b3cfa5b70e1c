import {prescription} from '../../../simulator/documents/letters';
import {rasterize} from '../../../simulator/documents/raster';

/** A4 in points. */
const paper = {width: 595, height: 842} as const;
const dots = {across: 1728, down: 2292} as const;

/** A PDF from a scanner: the picture of a page, without any text. */
export const scannedPdf = (): Buffer => {
	const bitmap = rasterize(prescription());
	const picture = Buffer.alloc((dots.across / 8) * dots.down, 0xff);
	for (let y = 0; y < dots.down; y += 1) {
		for (let x = 0; x < dots.across; x += 1) {
			if (bitmap.isBlack(x, y)) {
				const at = (y * dots.across) / 8 + (x >> 3);
				picture[at] = (picture[at] ?? 0) & ~(0x80 >> (x & 7));
			}
		}
	}

	const draw = `${paper.width} 0 0 ${paper.height} 0 0 cm /Scan Do`;
	const stream = (dictionary: string, content: Buffer): Buffer =>
		Buffer.concat([
			Buffer.from(`<< ${dictionary} /Length ${content.length} >>\nstream\n`),
			content,
			Buffer.from('\nendstream'),
		]);
	const objects = [
		Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
		Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
		Buffer.from(
			`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${paper.width} ${paper.height}] ` +
				'/Resources << /XObject << /Scan 4 0 R >> >> /Contents 5 0 R >>',
		),
		stream(
			`/Type /XObject /Subtype /Image /Width ${dots.across} /Height ${dots.down} ` +
				'/ColorSpace /DeviceGray /BitsPerComponent 1',
			picture,
		),
		stream('', Buffer.from(draw)),
	];
	const pieces: Buffer[] = [Buffer.from('%PDF-1.4\n')];
	const offsets = objects.map((object, index) => {
		const offset = Buffer.concat(pieces).length;
		pieces.push(Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n'));
		return offset;
	});
	const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
	const start = Buffer.concat(pieces).length;
	pieces.push(
		Buffer.from(
			`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}` +
				`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`,
		),
	);
	return Buffer.concat(pieces);
};
