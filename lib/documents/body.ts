/** The body of one document while it arrives: its bytes, and whether they come fast enough. */
import {createHash} from 'node:crypto';
import type {Clock} from '../environment';

const smallestBlock = 64 * 1024;
const largestBlock = 1024 * 1024;

/**
 * Copies a body into blocks that grow with it. It takes about its own size, and twice that for a moment at its end.
 * Keeping the chunks instead would cost up to 145 times as much: a peer may send chunks of one byte.
 * An announced length only keeps the last block from being too large; memory is never allocated on its word alone.
 */
export class Body {
	readonly #announced: number;
	readonly #hash = createHash('sha256');
	readonly #blocks: Buffer[] = [];
	#block = Buffer.alloc(0);
	/** Of the block that is being filled. */
	#filled = 0;
	#size = 0;

	constructor(announced = 0) {
		this.#announced = announced;
	}

	get size(): number {
		return this.#size;
	}

	add(chunk: Uint8Array): void {
		for (let rest = chunk; rest.length > 0;) {
			if (this.#filled === this.#block.length) {
				this.#nextBlock();
			}

			const room = this.#block.length - this.#filled;
			const part = rest.length <= room ? rest : rest.subarray(0, room);
			this.#block.set(part, this.#filled);
			this.#filled += part.length;
			this.#size += part.length;
			rest = rest.subarray(part.length);
		}
	}

	/** Once. The content has memory of its own, of its exact size: as a slice it would keep more alive in the flow. */
	finish(): {readonly content: Buffer; readonly sha256: string} {
		this.#hash.update(this.#block.subarray(0, this.#filled));
		const sha256 = this.#hash.digest('hex');
		if (this.#blocks.length === 0 && this.#filled === this.#block.length) {
			return {content: this.#block, sha256};
		}

		const content = Buffer.allocUnsafeSlow(this.#size);
		let end = 0;
		for (const block of this.#blocks) {
			content.set(block, end);
			end += block.length;
		}

		content.set(this.#block.subarray(0, this.#filled), end);
		return {content, sha256};
	}

	#nextBlock(): void {
		if (this.#filled > 0) {
			this.#hash.update(this.#block);
			this.#blocks.push(this.#block);
		}

		const growth = Math.min(Math.max(this.#size, smallestBlock), largestBlock);
		const missing = this.#announced - this.#size;
		this.#block = Buffer.allocUnsafeSlow(missing > 0 ? Math.min(missing, growth) : growth);
		this.#filled = 0;
	}
}

/** Like curl's `--speed-limit` and `--speed-time`. A line of 64 kbit/s still gives so much to each of 32 downloads. */
const leastBytesPerSecond = 256;
const windowMs = 60_000;

/**
 * Tells when a body comes too slowly. Silence is watched elsewhere, but a peer that sends a byte now and then is never
 * silent: its document would keep its place for years, and a few such documents would stop everything else.
 * Slow lines are safe: a window outlasts a pause of half a minute, and 15 kB in a minute is less than any line carries.
 */
export class Pace {
	readonly #clock: Clock;
	readonly #tooSlow: (facts: {readonly bytes: number; readonly seconds: number}) => void;
	/** In this window. */
	#bytes = 0;
	#cancel: () => void;

	/** @param tooSlow is called once at most, with what came in the last window */
	constructor(clock: Clock, tooSlow: (facts: {readonly bytes: number; readonly seconds: number}) => void) {
		this.#clock = clock;
		this.#tooSlow = tooSlow;
		this.#cancel = this.#nextWindow();
	}

	add(bytes: number): void {
		this.#bytes += bytes;
	}

	stop(): void {
		this.#cancel();
	}

	#nextWindow(): () => void {
		this.#bytes = 0;
		return this.#clock.setTimer(() => {
			if (this.#bytes * 1000 < leastBytesPerSecond * windowMs) {
				this.#tooSlow({bytes: this.#bytes, seconds: windowMs / 1000});
			} else {
				this.#cancel = this.#nextWindow();
			}
		}, windowMs);
	}
}
