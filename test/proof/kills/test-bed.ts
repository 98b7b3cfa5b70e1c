import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {startSimulator, type FaxView, type Simulator} from '../../../simulator';
import type {Random} from '../../world/random';
import {NodeRed} from '../../../scripts/node-red/node-red.mjs';
import {Witness} from '../../../scripts/node-red/witness.mjs';
import {chain, type Flow} from '../../node-red/node-red-flow';
import {isAcknowledged, untilAllAcknowledged} from '../../node-red/node-red-until';
import {linkPackage, makeFolder, removeFolder} from '../../../scripts/node-red/user-directory.mjs';
import {stateFolder} from './ledger-on-disk';
import {ListedArchive, type Written} from './listed-archive';
import {Relay} from './relay';

const settings = join(__dirname, 'settings.cjs');

/** A user directory with this package, and the archive that its flow writes. */
export class Place {
	readonly userDirectory = makeFolder();
	readonly archive = new ListedArchive(join(this.userDirectory, 'archive'));

	/** @param build the package, see copyBuild */
	constructor(build: string) {
		linkPackage(this.userDirectory, build);
		mkdirSync(stateFolder(this.userDirectory), {mode: 0o700});
	}

	spawn(): NodeRed {
		return new NodeRed(this.userDirectory, {settings});
	}

	/** Fax in, archive, fax ack. */
	flow({baseUrl}: Pick<Simulator, 'baseUrl'>, faxIn: Readonly<Record<string, unknown>>): Flow {
		return chain({baseUrl}, {faxIn, between: this.archive.nodes});
	}
}

interface TestBedOptions {
	readonly build: string;
	/** How many Node-REDs. */
	readonly places: number;
	/** How long a request, or an answer, takes; asked for each. */
	readonly delayMs: () => number;
	readonly random: Random;
}

/** A service, the way to it, and user directories for those who poll it. */
export class TestBed {
	readonly simulator: Simulator;
	readonly relay: Relay;
	readonly places: readonly Place[];
	readonly witness: Witness;
	readonly #started = new Set<NodeRed>();

	static async open({build, places, delayMs, random}: TestBedOptions): Promise<TestBed> {
		const simulator = await startSimulator({seed: random.integer(1, 2 ** 31)});
		const relay = await Relay.start(simulator, delayMs);
		return new TestBed(
			simulator,
			relay,
			Array.from({length: places}, () => new Place(build)),
		);
	}

	private constructor(simulator: Simulator, relay: Relay, places: readonly Place[]) {
		this.simulator = simulator;
		this.relay = relay;
		this.places = places;
		this.witness = new Witness(
			simulator,
			places.map(({archive}) => archive),
		);
		relay.on('arrived', ({ids}) => {
			this.witness.asks(ids);
		});
	}

	/** Every line of every archive. */
	get written(): readonly Written[] {
		return this.places.flatMap(({archive}) => archive.read());
	}

	/** Deliveries beyond the first of each fax, by id. */
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

	/** One sentence for each fax that was lost or acknowledged early. @param where what reproduces it */
	problems(where: string): readonly string[] {
		const {lost, early} = this.witness;
		return [
			...lost.map(({facts: {id}, state: {kind}}) => `${id} is lost: at the service it is ${kind} (${where})`),
			...[...early].map((id) => `${id} was acknowledged before it was archived (${where})`),
		];
	}

	/** Faxes of one document. */
	addFaxes(count: number): readonly FaxView[] {
		return Array.from({length: count}, () => this.simulator.addFax({sample: 'order'}));
	}

	spawn(place: Place): NodeRed {
		const nodeRed = place.spawn();
		this.#started.add(nodeRed);
		return nodeRed;
	}

	/** Whether all faxes are acknowledged within the time. */
	async settle(limitMs: number): Promise<boolean> {
		const abort = new AbortController();
		await Promise.race([
			untilAllAcknowledged(this.simulator),
			wait(limitMs, undefined, {signal: abort.signal}).catch(() => undefined),
		]);
		abort.abort();
		return this.simulator.faxes().every(isAcknowledged);
	}

	async close(): Promise<void> {
		await Promise.all([...this.#started].map((nodeRed) => nodeRed.end('SIGKILL')));
		await this.relay.close();
		await this.simulator.close();
		for (const {userDirectory} of this.places) {
			removeFolder(userDirectory);
		}
	}
}
