import 'should';
import {closeBrowser} from '../node-red/browser';
import {PageVisit} from './page-visit';

describe("The simulator's page", function () {
	this.timeout(60_000);

	let visit: PageVisit;

	afterEach(async () => {
		await visit.close();
		visit.complaints.should.be.empty();
	});

	after(closeBrowser);

	for (const colorScheme of ['light', 'dark'] as const) {
		it(`has readable contrast in ${colorScheme} mode`, async () => {
			visit = await PageVisit.open(['--faxes', '8'], {colorScheme});
			await visit.untilRows(8);
			await visit.desk.poll('fetch=2&timeout=300');
			await visit.untilRows(2, 'locked');
			const contrasts = await visit.page.evaluate(measureContrasts);
			contrasts.length.should.be.above(50);
			contrasts.filter(({ratio}) => ratio < 4.5).should.be.empty();
		});
	}
});

/** Contrast of every visible text with its background, by the formula of WCAG. Runs in the page. */
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
