/** A black-and-white page, one bit per dot: 1 is black, and the highest bit of a byte is its leftmost dot. */
export class Bitmap {
	readonly width: number;
	readonly height: number;
	readonly #bytesPerRow: number;
	readonly #bits: Uint8Array;

	constructor(width: number, height: number) {
		this.width = width;
		this.height = height;
		this.#bytesPerRow = Math.ceil(width / 8);
		this.#bits = new Uint8Array(this.#bytesPerRow * height);
	}

	/** Blackens a rectangle, clipped to the page. */
	fill(left: number, top: number, width: number, height: number): void {
		const right = Math.min(this.width, left + width);
		const bottom = Math.min(this.height, top + height);
		for (let y = Math.max(0, top); y < bottom; y++) {
			for (let x = Math.max(0, left); x < right; x++) {
				const at = y * this.#bytesPerRow + (x >> 3);
				this.#bits[at] = (this.#bits[at] ?? 0) | (0x80 >> (x & 7));
			}
		}
	}

	/** Dots outside the page are white. */
	isBlack(x: number, y: number): boolean {
		if (x < 0 || x >= this.width || y < 0 || y >= this.height) {
			return false;
		}
		return ((this.#bits[y * this.#bytesPerRow + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;
	}

	/** Positions where a row changes colour, starting from white: even entries turn black, odd ones white. */
	changes(y: number): number[] {
		const changes: number[] = [];
		let isBlack = false;
		for (let x = 0; x < this.width; x++) {
			const uniform = isBlack ? 0xff : 0x00;
			if ((x & 7) === 0 && this.#bits[y * this.#bytesPerRow + (x >> 3)] === uniform) {
				x += 7;
			} else if (this.isBlack(x, y) !== isBlack) {
				isBlack = !isBlack;
				changes.push(x);
			}
		}
		return changes;
	}

	/** All dots, row by row. */
	toBytes(): Buffer {
		return Buffer.from(this.#bits);
	}
}
