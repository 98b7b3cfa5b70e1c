import {closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync} from 'node:fs';
import {join} from 'node:path';
import {bytesOf} from '../../../simulator/documents/document';
import type {FaxView} from '../../../simulator';
import {fileNode, type FlowNode} from '../../node-red/node-red-flow';

/** One line of the list: a document of this delivery was written before. */
export interface Written {
	readonly id: string;
	readonly delivery: number;
}

/**
 * What a flow has made of its faxes: the document of each delivery, and then a line in a list.
 * It is read as the disk has it, whatever became of the process that wrote.
 */
export class Archive {
	readonly folder: string;
	readonly #list: string;
	/** How much of the list was read. */
	#bytes = 0;
	readonly #written: Written[] = [];

	constructor(folder: string) {
		mkdirSync(folder, {recursive: true});
		this.folder = folder;
		this.#list = join(folder, 'list.txt');
	}

	/** Of a flow, between fax in and fax ack. */
	get nodes(): readonly FlowNode[] {
		const document = `${JSON.stringify(this.folder)} & "/" & fax.id & "-" & fax.delivery & ".pdf"`;
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

	/** Whether the document of some delivery of the fax is there, byte by byte, and in the list. */
	holds({facts: {id}, documents: [document]}: FaxView): boolean {
		return (
			document !== undefined &&
			this.read().some((written) => written.id === id && bytesOf(document).equals(this.#document(written)))
		);
	}

	#document({id, delivery}: Written): Buffer {
		const path = join(this.folder, `${id}-${delivery}.pdf`);
		return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
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
