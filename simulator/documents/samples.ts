import type {NewDocument} from './document';
import {courtLetter, deliveryNotes, orderForm, prescription} from './letters';
import {withTransmissionHeaders, type Page, type SampleFacts} from './page';
import {writePdf} from './pdf';
import {rasterize} from './raster';
import {writeTiff} from './tiff';

/**
 * - `order`: a one-page PDF
 * - `letter`: a three-page PDF
 * - `prescription`: a one-page TIFF, compressed with CCITT group 4
 * - `notes`: two such TIFFs as two documents of one fax ("single-page TIFF")
 */
export const sampleNames = ['order', 'letter', 'prescription', 'notes'] as const;
export type SampleName = (typeof sampleNames)[number];

interface Sample {
	readonly pages: () => readonly Page[];
	readonly format: 'pdf' | 'tiff' | 'singlePageTiff';
	readonly pageCount: number;
}

const samples: Readonly<Record<SampleName, Sample>> = {
	order: {pages: () => [orderForm()], format: 'pdf', pageCount: 1},
	letter: {pages: courtLetter, format: 'pdf', pageCount: 3},
	prescription: {pages: () => [prescription()], format: 'tiff', pageCount: 1},
	notes: {pages: deliveryNotes, format: 'singlePageTiff', pageCount: 2},
};

export function samplePageCount(name: SampleName): number {
	return samples[name].pageCount;
}

/** The documents of a sample fax, drawn at each download. The same facts give the same bytes. */
export function sampleDocuments(name: SampleName, facts: SampleFacts): NewDocument[] {
	const {pages, format, pageCount} = samples[name];
	const drawn = (): Page[] => withTransmissionHeaders(pages(), facts);
	switch (format) {
		case 'pdf':
			return [{extension: 'pdf', content: () => writePdf(drawn())}];
		case 'tiff':
			return [{extension: 'tiff', content: () => writeTiff(drawn().map(rasterize))}];
		case 'singlePageTiff':
			return Array.from({length: pageCount}, (_, index) => ({
				extension: 'tiff',
				content: () =>
					writeTiff(
						drawn()
							.slice(index, index + 1)
							.map(rasterize),
					),
			}));
	}
}
