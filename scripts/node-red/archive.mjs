// @ts-check
import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';

/** @typedef {import('../../simulator/index.js').FaxView} FaxView */

/** The folder that a flow writes documents to, as the disk has it. */
export class Archive {
	/** @type {string} */
	folder;
	/** @type {Map<string, string>} */
	#digests = new Map();

	/** @param {string} folder */
	constructor(folder) {
		this.folder = folder;
	}

	/**
	 * Whether every document of the fax is there under its name, byte by byte, in any subfolder.
	 * @param {FaxView} fax
	 */
	holds({documents}) {
		const paths = this.#paths();
		return documents.every((document) =>
			paths.some((path) => basename(path) === document.name && digest(readFileSync(path)) === this.#digest(document)),
		);
	}

	#paths() {
		try {
			const entries = readdirSync(this.folder, {recursive: true, withFileTypes: true});
			return entries.filter((entry) => entry.isFile()).map(({parentPath, name}) => join(parentPath, name));
		} catch (error) {
			if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
				return [];
			}

			throw error;
		}
	}

	/**
	 * The simulator draws a document each time it is asked for its content.
	 * @param {FaxView['documents'][number]} document
	 */
	#digest({name, content}) {
		const known = this.#digests.get(name) ?? digest(typeof content === 'function' ? content() : content);
		this.#digests.set(name, known);
		return known;
	}
}

/** @param {Uint8Array} bytes */
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
