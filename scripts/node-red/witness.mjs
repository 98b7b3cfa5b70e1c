// @ts-check
/** @typedef {import('../../simulator/index.js').FaxView} FaxView */
/** @typedef {Pick<import('../../simulator/index.js').Simulator, 'faxes' | 'findFax'>} Service */
/** @typedef {Pick<import('./archive.mjs').Archive, 'holds'>} Holder */

/** Compares what the service is told with what the archives hold at that moment. */
export class Witness {
	/**
	 * Ids of the faxes that the service was asked to acknowledge before they were archived.
	 * @type {Set<string>}
	 */
	early = new Set();
	/** @type {Service} */
	#service;
	/** @type {readonly Holder[]} */
	#archives;
	/** @type {Set<string>} */
	#asked = new Set();

	/**
	 * @param {Service} service
	 * @param {readonly Holder[]} archives one for each flow
	 */
	constructor(service, archives) {
		this.#service = service;
		this.#archives = archives;
	}

	/**
	 * Faxes that no archive holds, or that nobody has acknowledged.
	 * @returns {readonly FaxView[]}
	 */
	get lost() {
		return this.#service.faxes().filter((fax) => fax.state.kind !== 'acknowledged' || !this.#isArchived(fax));
	}

	/**
	 * Whether the service was asked to acknowledge the fax.
	 * @param {FaxView} fax
	 */
	wasAsked({facts: {id}}) {
		return this.#asked.has(id);
	}

	/**
	 * A request to acknowledge these arrives at the service.
	 * @param {readonly string[]} ids
	 */
	asks(ids) {
		for (const id of ids.filter((one) => !this.#asked.has(one))) {
			this.#asked.add(id);
			const fax = this.#service.findFax(id);
			if (fax === undefined || !this.#isArchived(fax)) {
				this.early.add(id);
			}
		}
	}

	/** @param {FaxView} fax */
	#isArchived(fax) {
		return this.#archives.some((archive) => archive.holds(fax));
	}
}
