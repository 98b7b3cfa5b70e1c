import {URLSearchParams} from 'node:url';

/** Compares what the service is told with what the archive holds, at the moment at which it is told. */
export class Witness {
	#simulator;
	#archive;
	#asked = new Set();
	#early = new Set();

	constructor(simulator, archive) {
		this.#simulator = simulator;
		this.#archive = archive;
		void simulator.requests.arrival(({query}) => {
			const ids = new URLSearchParams(query).get('ids') ?? '';
			for (const id of ids.split(',').filter((id) => id !== '' && !this.#asked.has(id))) {
				this.#check(id);
			}

			// It is never enough.
			return false;
		});
	}

	/** Ids of the faxes that the service was asked to acknowledge before they were archived. */
	get early() {
		return [...this.#early];
	}

	/** Faxes that are not archived, or that nobody has acknowledged. */
	get lost() {
		return this.#simulator.faxes().filter((fax) => fax.state.kind !== 'acknowledged' || !this.#archive.holds(fax));
	}

	/** Whether the service was asked to acknowledge the fax. */
	wasAsked({facts: {id}}) {
		return this.#asked.has(id);
	}

	#check(id) {
		this.#asked.add(id);
		const fax = this.#simulator.findFax(id);
		if (fax === undefined || !this.#archive.holds(fax)) {
			this.#early.add(id);
		}
	}
}
