import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';

const stages = ['received', 'archived', 'acknowledged'];

/** How far the faxes of the simulator have come, told by what the simulator and the archive know and not by Node-RED. */
export class Progress {
	#simulator;
	#archive;
	#reached = new Map();
	#digests = new Map();

	constructor(simulator, archive) {
		this.#simulator = simulator;
		this.#archive = archive;
	}

	/** What happened since the last call: `{stage, fax, files}`, in the order of the stages. */
	async news() {
		const news = [];
		for (const fax of this.#simulator.faxes()) {
			const known = this.#known(fax);
			// What is acknowledged when this look begins must be in the archive when it ends.
			const isAcknowledged = fax.state.kind === 'acknowledged';
			const reached = {
				received: fax.documents.every(({name}) => fax.events.some(event => event.kind === 'downloaded' && event.name === name)),
				archived: known.has('archived') || await this.#isArchived(fax),
				acknowledged: isAcknowledged,
			};
			for (const stage of stages) {
				if (reached[stage] && !known.has(stage)) {
					known.add(stage);
					news.push({stage, fax});
				}
			}
		}

		return news;
	}

	/** True when every fax has come all the way. */
	get isComplete() {
		return this.#simulator.faxes().every(fax => this.#known(fax).size === stages.length);
	}

	/** Faxes that were acknowledged although not all of their documents are in the archive. */
	get lost() {
		return this.#simulator.faxes().filter(fax => this.#known(fax).has('acknowledged') && !this.#known(fax).has('archived'));
	}

	/** One line for each fax that has not come all the way. */
	get missing() {
		return this.#simulator.faxes()
			.filter(fax => this.#known(fax).size < stages.length)
			.map(fax => `${fax.facts.id}  ${stages.map(stage => `${this.#known(fax).has(stage) ? '' : 'not '}${stage}`).join(', ')}`);
	}

	#known(fax) {
		const {id} = fax.facts;
		if (!this.#reached.has(id)) {
			this.#reached.set(id, new Set());
		}

		return this.#reached.get(id);
	}

	/** Every document of the fax is in the archive, byte by byte. */
	async #isArchived({documents}) {
		const files = await Promise.all(documents.map(({name}) => readFile(join(this.#archive, name)).catch(() => undefined)));
		return files.every((file, index) => file !== undefined && digest(file) === this.#digest(documents[index]));
	}

	/** The simulator draws a document anew whenever it is asked. */
	#digest({name, content}) {
		if (!this.#digests.has(name)) {
			this.#digests.set(name, digest(typeof content === 'function' ? content() : content));
		}

		return this.#digests.get(name);
	}
}

const digest = bytes => createHash('sha256').update(bytes).digest('hex');
