import type {FaxView, Simulator} from '../../../simulator';
import {isAcknowledged} from '../../node-red/node-red-until';
import type {Archive, Written} from './archive';
import type {Relay} from './relay';

interface WitnessOptions {
	readonly simulator: Simulator;
	readonly relay: Relay;
	/** One for each flow. */
	readonly archives: readonly Archive[];
}

/** Compares what the service is told with what the flows have written. */
export class Witness {
	/** Acknowledged, at the moment of the request, without being in an archive. */
	readonly early = new Set<string>();
	readonly #simulator: Simulator;
	readonly #archives: readonly Archive[];
	readonly #seen = new Set<string>();

	constructor({simulator, relay, archives}: WitnessOptions) {
		this.#simulator = simulator;
		this.#archives = archives;
		relay.on('arrived', ({ids}) => {
			this.#check(ids);
		});
	}

	/** Every line of every archive. */
	get written(): readonly Written[] {
		return this.#archives.flatMap((archive) => archive.read());
	}

	/** Acknowledged or not, these are nowhere; or nobody has acknowledged them. */
	get lost(): readonly FaxView[] {
		return this.#simulator.faxes().filter((fax) => !isAcknowledged(fax) || !this.#isArchived(fax));
	}

	/** Deliveries beyond the first of each fax. */
	get duplicates(): readonly string[] {
		const once = new Set<string>();
		return this.written
			.map(({id}) => id)
			.filter((id) => {
				const isFirst = !once.has(id);
				once.add(id);
				return !isFirst;
			});
	}

	/** One sentence for each fax that was lost or acknowledged early. @param where what shows it again */
	problems(where: string): readonly string[] {
		return [
			...this.lost.map(({facts: {id}, state: {kind}}) => `${id} is lost: at the service it is ${kind} (${where})`),
			...[...this.early].map((id) => `${id} was acknowledged before it was archived (${where})`),
		];
	}

	#check(ids: readonly string[]): void {
		for (const id of ids.filter((id) => !this.#seen.has(id))) {
			this.#seen.add(id);
			const fax = this.#simulator.findFax(id);
			if (fax === undefined || !this.#isArchived(fax)) {
				this.early.add(id);
			}
		}
	}

	#isArchived(fax: FaxView): boolean {
		return this.#archives.some((archive) => archive.holds(fax));
	}
}
