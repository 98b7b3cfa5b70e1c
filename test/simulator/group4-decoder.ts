import {Bitmap} from '../../simulator/documents/bitmap';
import {
	endOfBlock,
	horizontalCode,
	passCode,
	runCodes,
	verticalCodes,
	type Code,
} from '../../simulator/documents/group4-codes';

const key = ({bits, length}: Code): string => bits.toString(2).padStart(length, '0');
const last = (codes: Iterable<Code>): string => key([...codes].at(-1) ?? {bits: 0, length: 0});

type Mode = 'pass' | 'horizontal' | 'end' | number;
const modes = new Map<string, Mode>([
	[key(passCode), 'pass'],
	[key(horizontalCode), 'horizontal'],
	[key(endOfBlock), 'end'],
]);
for (const [offset, code] of verticalCodes) {
	modes.set(key(code), offset);
}

const runs = [false, true].map((isBlack) => {
	const table = new Map<string, number>();
	for (let length = 0; length < 64; length++) {
		table.set(last(runCodes(isBlack, length)), length);
	}
	for (let length = 64; length <= 2560; length += 64) {
		table.set(key([...runCodes(isBlack, length)][0] ?? {bits: 0, length: 0}), length);
	}
	return table;
});

/**
 * Decodes CCITT group 4 dot by dot. It is slow and shares no algorithm with the encoder, so that both would have to
 * make the same mistake for a test to miss it.
 */
export function decodeGroup4(bytes: Buffer, width: number, height: number): Bitmap {
	let position = 0;
	const readCode = <Value>(table: ReadonlyMap<string, Value>): Value => {
		let code = '';
		while (code.length < 25) {
			code += String(((bytes[position >> 3] ?? 0) >> (7 - (position & 7))) & 1);
			position += 1;
			const value = table.get(code);
			if (value !== undefined) {
				return value;
			}
		}
		throw new Error(`${code} at bit ${position} is not a code.`);
	};
	const readRun = (colour: number): number => {
		let total = 0;
		for (;;) {
			const length = readCode(runs[colour] ?? new Map<string, number>());
			total += length;
			if (length < 64) {
				return total;
			}
		}
	};
	const bitmap = new Bitmap(width, height);
	let above = new Array<number>(width).fill(0);
	for (let y = 0; y < height; y++) {
		const row: number[] = [];
		let colour = 0;
		const paint = (until: number): void => {
			while (row.length < until) {
				row.push(colour);
			}
		};
		/** The next dot of the row above where the colour changes to the opposite of ours or, with `back`, to ours. */
		const findChange = (from: number, back: number): number => {
			let x = from;
			while (x < width && !(above[x] === (colour ^ 1 ^ back) && (above[x - 1] ?? 0) === (colour ^ back))) {
				x += 1;
			}
			return x;
		};
		let isStart = true;
		while (row.length < width) {
			const mode = readCode(modes);
			const b1 = findChange(isStart ? 0 : row.length + 1, 0);
			isStart = false;
			if (mode === 'end') {
				throw new Error(`The page ends at row ${y}.`);
			} else if (mode === 'pass') {
				paint(findChange(b1 + 1, 1));
			} else if (mode === 'horizontal') {
				for (const run of [colour, colour ^ 1]) {
					const until = row.length + readRun(run);
					colour = run;
					paint(until);
				}
				colour ^= 1;
			} else {
				paint(b1 + mode);
				colour ^= 1;
			}
		}
		row.forEach((dot, x) => {
			if (dot === 1) {
				bitmap.fill(x, y, 1, 1);
			}
		});
		above = row;
	}
	if (readCode(modes) !== 'end') {
		throw new Error('The page does not end.');
	}
	return bitmap;
}
