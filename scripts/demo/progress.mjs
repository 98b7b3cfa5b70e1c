const stages = ['received', 'archived', 'acknowledged'];

/**
 * How far the faxes of the simulator have come, told by what the simulator and the archive know and not by Node-RED.
 */
export class Progress {
	#simulator;
	#archive;
	#reached = new Map();

	constructor(simulator, archive) {
		this.#simulator = simulator;
		this.#archive = archive;
	}

	/** What happened since the last call: `{stage, fax}`, in the order of the stages. */
	news() {
		const news = [];
		for (const fax of this.#simulator.faxes()) {
			const known = this.#known(fax);
			const reached = {
				received: known.has('received') || isReceived(fax),
				archived: known.has('archived') || this.#archive.holds(fax),
				acknowledged: fax.state.kind === 'acknowledged',
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
		return this.#simulator.faxes().every((fax) => this.#known(fax).size === stages.length);
	}

	/** Faxes that were acknowledged although not all of their documents are in the archive. */
	get lost() {
		return this.#simulator
			.faxes()
			.filter((fax) => this.#known(fax).has('acknowledged') && !this.#known(fax).has('archived'));
	}

	/** Faxes that the flow has and the service has no acknowledge of. */
	get underWay() {
		return this.#simulator
			.faxes()
			.filter((fax) => this.#known(fax).has('received') && !this.#known(fax).has('acknowledged'));
	}

	/** One line for each fax that has not come all the way. */
	get missing() {
		return this.#simulator
			.faxes()
			.filter((fax) => this.#known(fax).size < stages.length)
			.map(
				(fax) =>
					`${fax.facts.id}  ${stages.map((stage) => `${this.#known(fax).has(stage) ? '' : 'not '}${stage}`).join(', ')}`,
			);
	}

	has(stage, {facts: {id}}) {
		return this.#reached.get(id)?.has(stage) ?? false;
	}

	#known(fax) {
		const {id} = fax.facts;
		if (!this.#reached.has(id)) {
			this.#reached.set(id, new Set());
		}

		return this.#reached.get(id);
	}
}

const isReceived = ({documents, events}) =>
	documents.every(({name}) => events.some((event) => event.kind === 'downloaded' && event.name === name));
