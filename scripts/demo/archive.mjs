import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {basename, join} from 'node:path';

/** The folder that the flow writes to, as the disk has it. */
export class Archive {
	#folder;
	#digests = new Map();

	constructor(folder) {
		this.#folder = folder;
	}

	/** Whether every document of the fax is there under its name, byte by byte, in whatever folder the flow has put it. */
	holds({documents}) {
		const paths = this.#paths();
		return documents.every((document) =>
			paths.some((path) => basename(path) === document.name && digest(readFileSync(path)) === this.#digest(document)),
		);
	}

	#paths() {
		try {
			const entries = readdirSync(this.#folder, {recursive: true, withFileTypes: true});
			return entries.filter((entry) => entry.isFile()).map(({parentPath, name}) => join(parentPath, name));
		} catch (error) {
			if (error.code === 'ENOENT') {
				return [];
			}

			throw error;
		}
	}

	/** The simulator draws a document anew whenever it is asked. */
	#digest({name, content}) {
		if (!this.#digests.has(name)) {
			this.#digests.set(name, digest(typeof content === 'function' ? content() : content));
		}

		return this.#digests.get(name);
	}
}

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
