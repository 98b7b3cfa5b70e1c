import type {Random} from '../../world/random';

const settledLine = /"type":"(?:accepted|confirmed|refused)","id":"([^"]+)"[^\n]*\n/g;

/** What a name points to: bytes, of which a power cut leaves those that were synced. An open handle keeps it when the name is given to another. */
export class Inode {
	#chunks: Buffer[] = [];
	#size = 0;
	#durableSize = 0;
	/** After a failed sync the system forgets what it could not write: later syncs say nothing about it. */
	#isPoisoned = false;
	#scanned = 0;
	readonly #settled = new Set<string>();

	get size(): number {
		return this.#size;
	}

	get content(): Buffer {
		const [first] = this.#chunks;
		if (this.#chunks.length !== 1 || first === undefined) {
			this.#chunks = [Buffer.concat(this.#chunks, this.#size)];
		}

		return this.#chunks[0] ?? Buffer.alloc(0);
	}

	append(data: Uint8Array): void {
		this.#chunks.push(Buffer.from(data));
		this.#size += data.length;
	}

	sync(): void {
		if (!this.#isPoisoned) {
			this.#durableSize = this.#size;
		}
	}

	failSync(): void {
		this.#isPoisoned = true;
	}

	/** Whether a power cut leaves the decision about this fax. */
	isSettled(id: string): boolean {
		if (this.#scanned < this.#durableSize) {
			const text = this.content.toString('latin1', this.#scanned, this.#durableSize);
			const end = text.lastIndexOf('\n') + 1;
			for (const [, settled = ''] of text.slice(0, end).matchAll(settledLine)) {
				this.#settled.add(settled);
			}

			this.#scanned += end;
		}

		return this.#settled.has(id);
	}

	/** Ids about which there is a decision, synced or not. */
	settledIds(): readonly string[] {
		return [...this.content.toString('latin1').matchAll(settledLine)].map(([, id = '']) => id);
	}

	/** What was not synced is kept up to somewhere, and may have a hole. */
	cutPower(random: Random): void {
		const kept = random.integer(this.#durableSize, this.#size);
		const content = Buffer.from(this.content.subarray(0, kept));
		if (kept > this.#durableSize && random.chance(0.3)) {
			const hole = random.integer(this.#durableSize, kept - 1);
			content.fill(0, hole, random.integer(hole, kept));
		}

		this.#chunks = [content];
		this.#size = kept;
		this.#durableSize = kept;
		this.#isPoisoned = false;
	}
}
