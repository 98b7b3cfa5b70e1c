import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {startSimulator, type FaxView, type Simulator} from '../../../simulator';
import type {Random} from '../../world/random';
import {NodeRed} from '../../node-red/node-red';
import {chain, type Flow} from '../../node-red/node-red-flow';
import {isAcknowledged, untilAllAcknowledged} from '../../node-red/node-red-until';
import {linkPackage, makeFolder, removeFolder} from '../../node-red/node-red-user-directory';
import {Archive} from './archive';
import {stateFolder} from './ledger-on-disk';
import {Relay} from './relay';
import {Witness} from './witness';

const settings = join(__dirname, 'settings.cjs');

/** A user directory with this package, and the archive that its flow writes. */
export class Place {
	readonly userDirectory = makeFolder();
	readonly archive = new Archive(join(this.userDirectory, 'archive'));

	/** @param build the package, see copyBuild */
	constructor(build: string) {
		linkPackage(this.userDirectory, build);
		mkdirSync(stateFolder(this.userDirectory), {mode: 0o700});
	}

	spawn(): NodeRed {
		return NodeRed.spawn(this.userDirectory, {settings});
	}

	/** Fax in, archive, fax ack. */
	flow({baseUrl}: Pick<Simulator, 'baseUrl'>, faxIn: Readonly<Record<string, unknown>>): Flow {
		return chain({baseUrl}, {faxIn, between: this.archive.nodes});
	}
}

interface BenchOptions {
	readonly build: string;
	/** How many Node-REDs. */
	readonly places: number;
	/** How long a request, or an answer, takes; asked for each. */
	readonly delayMs: () => number;
	readonly random: Random;
}

/** A service, the way to it, and user directories for those who poll it. */
export class Bench {
	readonly simulator: Simulator;
	readonly relay: Relay;
	readonly places: readonly Place[];
	readonly witness: Witness;
	readonly #started = new Set<NodeRed>();

	static async open({build, places, delayMs, random}: BenchOptions): Promise<Bench> {
		const simulator = await startSimulator({seed: random.integer(1, 2 ** 31)});
		const relay = await Relay.start(simulator, delayMs);
		return new Bench(
			simulator,
			relay,
			Array.from({length: places}, () => new Place(build)),
		);
	}

	private constructor(simulator: Simulator, relay: Relay, places: readonly Place[]) {
		this.simulator = simulator;
		this.relay = relay;
		this.places = places;
		this.witness = new Witness({simulator, relay, archives: places.map(({archive}) => archive)});
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
