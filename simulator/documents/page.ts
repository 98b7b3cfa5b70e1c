/** The facts printed on a sample's pages. */
export interface SampleFacts {
	readonly id: string;
	readonly from: string;
	readonly to: string;
	readonly csid: string;
	/** Milliseconds since 1970. */
	readonly receivedAtMs: number;
}

/**
 * An element of an A4 page. Positions are in points (1/72 inch) from the upper left corner.
 * A PDF draws it with vectors, a TIFF with dots.
 */
export type PageElement =
	/** `y` is the upper edge. A letterhead is twice the size of typed text. */
	| {readonly kind: 'text'; readonly x: number; readonly y: number; readonly text: string; readonly style: TextStyle}
	| {readonly kind: 'rule'; readonly x: number; readonly y: number; readonly width: number}
	| {readonly kind: 'box'; readonly x: number; readonly y: number; readonly width: number; readonly height: number};

export type TextStyle = 'typed' | 'letterhead';
export type Page = readonly PageElement[];

export const a4 = {width: 595, height: 842} as const;
export const margin = 50;
export const textWidth = a4.width - 2 * margin;
/** Distance between typed lines, in points. */
export const lineHeight = 13;
/** Font size of typed text, in points. A character is 0.6 of it wide. */
export const typedSize = 9.4;

/** Typed lines, one below the other. */
export function typed(x: number, y: number, lines: readonly string[]): PageElement[] {
	return lines.flatMap((text, index): PageElement[] =>
		text === '' ? [] : [{kind: 'text', x, y: y + index * lineHeight, text, style: 'typed'}],
	);
}

/** A letterhead with the address below it, underlined by a rule. */
export function letterhead(name: string, address: string): PageElement[] {
	return [
		{kind: 'text', x: margin, y: 62, text: name, style: 'letterhead'},
		...typed(margin, 88, [address]),
		{kind: 'rule', x: margin, y: 106, width: textWidth},
	];
}

/** Adds to each page the header line that fax machines print at the upper edge. */
export function withTransmissionHeaders(pages: readonly Page[], facts: SampleFacts): Page[] {
	const received = new Date(facts.receivedAtMs).toISOString().slice(0, 16).replace('T', ' ');
	return pages.map((page, index) => [
		...typed(20, 16, [
			`${received} UTC   From: ${facts.from} ${facts.csid}   To: ${facts.to}   Page ${index + 1}/${pages.length}`,
			`Id: ${facts.id}`,
		]),
		...page,
	]);
}
