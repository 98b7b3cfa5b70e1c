import {closeSync, existsSync, mkdirSync, openSync, readSync} from 'node:fs';
import {join} from 'node:path';
import {Archive} from '../../../scripts/node-red/archive.mjs';
import type {FaxView} from '../../../simulator';
import {fileNode, type FlowNode} from '../../node-red/node-red-flow';

/** A line of the list: the document of this delivery was written before. */
export interface Written {
	readonly id: string;
	readonly delivery: number;
}

/**
 * The archive of a flow that writes the document of each delivery, then a line in a list. Read as the disk has it,
 * whoever was killed.
 */
export class ListedArchive extends Archive {
	readonly #list: string;
	/** How much of the list was read. */
	#bytes = 0;
	readonly #written: Written[] = [];

	constructor(folder: string) {
		super(folder);
		mkdirSync(folder, {recursive: true});
		this.#list = join(folder, 'list.txt');
	}

	/** The nodes between fax in and fax ack. */
	get nodes(): readonly FlowNode[] {
		const document = `${JSON.stringify(this.folder)} & "/" & fax.delivery & "/" & filename`;
		const line = {
			id: 'line',
			type: 'function',
			func: 'msg.payload = `${msg.fax.id} ${msg.fax.delivery}\\n`; return msg;',
			outputs: 1,
		};
		return [
			{...fileNode(document, true), id: 'document'},
			line,
			{...fileNode(JSON.stringify(this.#list), false), id: 'list'},
		];
	}

	/** Every delivery, in the order in which they were written. */
	read(): readonly Written[] {
		if (existsSync(this.#list)) {
			const text = this.#readOn();
			for (const line of text.split('\n').slice(0, -1)) {
				const [id = '', delivery] = line.split(' ');
				this.#written.push({id, delivery: Number(delivery)});
			}
		}

		return this.#written;
	}

	/** Whether some delivery of the fax is complete: its document byte by byte, and its line. */
	override holds(fax: FaxView): boolean {
		return this.read().some(({id}) => id === fax.facts.id) && super.holds(fax);
	}

	/** All lines that are new and complete. */
	#readOn(): string {
		const file = openSync(this.#list, 'r');
		try {
			const chunk = Buffer.alloc(1_000_000);
			const {length} = chunk;
			const bytes = readSync(file, chunk, 0, length, this.#bytes);
			const whole = chunk.subarray(0, chunk.subarray(0, bytes).lastIndexOf('\n') + 1);
			this.#bytes += whole.length;
			return whole.toString('utf8');
		} finally {
			closeSync(file);
		}
	}
}
