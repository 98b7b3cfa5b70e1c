import type {Bitmap} from './bitmap';
import {endOfBlock, horizontalCode, passCode, runCodes, verticalCodes, type Code} from './group4-codes';

/**
 * Compresses a page like a group 4 fax machine (ITU-T Recommendation T.6, "MMR").
 * Each row is encoded as its differences from the row above. The names a0, a1, a2, b1 and b2 are the recommendation's.
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
	/** Colour changes of this row already encoded; odd while in black. */
	let encoded = 0;
	let reference = 0;
	while (a0 < width) {
		const colour = encoded % 2;
		const a1 = row[encoded] ?? width;
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
			encoded += 1;
		} else {
			const a2 = row[encoded + 1] ?? width;
			bits.write(horizontalCode, ...runCodes(colour === 1, a1 - Math.max(a0, 0)), ...runCodes(colour === 0, a2 - a1));
			a0 = a2;
			encoded += 2;
		}
	}
}

/** Index of b1: the first change of the row above, right of a0, to the same colour as a1. */
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

/** Packs bits into bytes, highest bit first. */
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

	/** Pads the last byte with zeros. */
	finish(): Buffer {
		const tail = this.#pendingLength === 0 ? [] : [this.#pending << (8 - this.#pendingLength)];
		return Buffer.from([...this.#bytes, ...tail]);
	}
}
