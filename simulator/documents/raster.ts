import {Bitmap} from './bitmap';
import {doubled, glyph} from './font';
import type {Page, TextStyle} from './page';
import {dotsPerInch} from './tiff';

/** A4 as group 3 and 4 fax machines scan it in "fine" resolution. */
const dots = {across: 1728, down: 2292} as const;

const ruleThickness = 3;

/** Draws a page as dots. */
export function rasterize(page: Page): Bitmap {
	const bitmap = new Bitmap(dots.across, dots.down);
	for (const element of page) {
		const left = across(element.x);
		const top = down(element.y);
		switch (element.kind) {
			case 'text':
				drawText(bitmap, left, top, element.text, element.style);
				break;
			case 'rule':
				bitmap.fill(left, top, across(element.width), ruleThickness);
				break;
			case 'box': {
				const width = across(element.width);
				const height = down(element.height);
				bitmap.fill(left, top, width, ruleThickness);
				bitmap.fill(left, top + height, width + ruleThickness, ruleThickness);
				bitmap.fill(left, top, ruleThickness, height);
				bitmap.fill(left + width, top, ruleThickness, height);
				break;
			}
		}
	}
	return bitmap;
}

function across(points: number): number {
	return Math.round((points * dotsPerInch.across) / 72);
}

function down(points: number): number {
	return Math.round((points * dotsPerInch.down) / 72);
}

function drawText(bitmap: Bitmap, left: number, top: number, text: string, style: TextStyle): void {
	for (let index = 0; index < text.length; index++) {
		const letter = letterOf(text.charAt(index), style);
		for (let y = 0; y < letter.height; y++) {
			const changes = letter.changes(y);
			for (let change = 0; change < changes.length; change += 2) {
				const start = changes[change] ?? 0;
				bitmap.fill(left + index * letter.width + start, top + y, (changes[change + 1] ?? letter.width) - start, 1);
			}
		}
	}
}

const letters = new Map<string, Bitmap>();

/** A character in its size. Each is drawn once. */
function letterOf(character: string, style: TextStyle): Bitmap {
	const key = `${style} ${character}`;
	let letter = letters.get(key);
	if (letter === undefined) {
		letter = doubled(glyph(character));
		if (style === 'letterhead') {
			letter = doubled(letter);
		}
		letters.set(key, letter);
	}
	return letter;
}
