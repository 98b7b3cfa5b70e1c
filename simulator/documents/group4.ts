import type {Bitmap} from './bitmap';
import {endOfBlock, horizontalCode, passCode, runCodes, verticalCodes, type Code} from './group4-codes';

/**
 * Compresses a page as fax machines of group 4 do (ITU-T Recommendation T.6, "MMR").
 * Each row is told by what changed against the row above; the names a0, a1, a2, b1, b2 are those of the recommendation.
 */
export function encodeGroup4(bitmap: Bitmap): Buffer {
	const bits = new BitWriter();
	let above: readonly number[] = [];
	for (let y = 0; y < bitmap.height; y++) {
		const row = bitmap.changes(y);
		encodeRow(bits, row, above, bitmap.width);
		above = row;
	}
	bits.write(endOfBlock);
	return bits.finish();
}

function encodeRow(bits: BitWriter, row: readonly number[], above: readonly number[], width: number): void {
	let a0 = -1;
	/** Changes of this row that are told already; odd while we are in black. */
	let told = 0;
	let reference = 0;
	while (a0 < width) {
		const colour = told % 2;
		const a1 = row[told] ?? width;
		reference = nextReference(above, reference, a0, colour);
		const b1 = above[reference] ?? width;
		const b2 = above[reference + 1] ?? width;
		const vertical = verticalCodes.get(a1 - b1);
		if (b2 < a1) {
			bits.write(passCode);
			a0 = b2;
		} else if (vertical !== undefined) {
			bits.write(vertical);
			a0 = a1;
			told += 1;
		} else {
			const a2 = row[told + 1] ?? width;
			bits.write(horizontalCode, ...runCodes(colour === 1, a1 - Math.max(a0, 0)), ...runCodes(colour === 0, a2 - a1));
			a0 = a2;
			told += 2;
		}
	}
}

/** The index of b1: the first change of the row above to the right of a0 that goes the way a1 goes. */
function nextReference(above: readonly number[], from: number, a0: number, colour: number): number {
	let index = from;
	while (index > 0 && (above[index - 1] ?? 0) > a0) {
		index -= 1;
	}
	for (;;) {
		const change = above[index];
		if (change === undefined || (change > a0 && index % 2 === colour)) {
			return index;
		}
		index += 1;
	}
}

/** Bits into bytes, the highest bit first. */
class BitWriter {
	readonly #bytes: number[] = [];
	#pending = 0;
	#pendingLength = 0;

	write(...codes: readonly Code[]): void {
		for (const {bits, length} of codes) {
			for (let shift = length - 1; shift >= 0; shift--) {
				this.#pending = (this.#pending << 1) | ((bits >>> shift) & 1);
				this.#pendingLength += 1;
				if (this.#pendingLength === 8) {
					this.#bytes.push(this.#pending);
					this.#pending = 0;
					this.#pendingLength = 0;
				}
			}
		}
	}

	/** The last byte is filled up with zeros. */
	finish(): Buffer {
		const tail = this.#pendingLength === 0 ? [] : [this.#pending << (8 - this.#pendingLength)];
		return Buffer.from([...this.#bytes, ...tail]);
	}
}
