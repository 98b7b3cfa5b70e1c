import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import manifest from '../../../package.json';
import {bytesOf} from '../../../simulator/documents/document';
import {startSimulator, type FaxView, type NewFax, type Simulator} from '../../../simulator';
import {NodeRed, nodeRed4, type Runtime} from '../../../scripts/node-red/node-red.mjs';
import type {FlowNode} from '../../node-red/node-red-flow';
import {isAcknowledged} from '../../node-red/node-red-until';
import {linkPackage, makeFolder, removeFolder} from '../../../scripts/node-red/user-directory.mjs';
import {advanceClock, clockVariables} from './clock';
import {entered, type Entered} from './entered';
import {Lights} from './lights';
import {linkModule, type PaletteModule} from './palette';

export interface StageOptions {
	/** Nodes beside those of Node-RED and of the package. */
	readonly modules?: readonly PaletteModule[];
	/** What a flow gets at most to work on a delivery, in real time, before the clocks are moved. */
	readonly workMs?: number;
	/** One that others use, too. */
	readonly simulator?: Simulator;
	/** @default Node-RED 4.1 */
	readonly runtime?: Runtime;
}

/** How far the clocks are moved at once, while little happens and while nothing does. */
const hopMs = 60_000;
const longestHopMs = 240_000;
const lookEveryMs = 30;
/** What a request needs to get from a timer in Node-RED to the simulator. */
const settleMs = 10;
/** A light shows no more than one status in that time. */
const lightMs = 200;
/** A status is that old at most, however busy the machine. */
const lightsMs = 500;

/** A simulator and a real Node-RED, whose clocks a test can move, with the package and the examples in it. */
export class Stage {
	readonly simulator: Simulator;
	readonly nodeRed: NodeRed;
	/** For what the flow writes. */
	readonly folder: string;
	/** Ids of faxes in an acknowledge that came too early. */
	readonly early: string[] = [];
	readonly #userDirectory: string;
	readonly #options: StageOptions;
	readonly #workMs: number;
	#lights: Lights | undefined;
	#isDeployed = false;
	#receivers: readonly string[] = [];
	/** How many there had been when the clocks were last moved. */
	#requestsBefore = 0;

	static async open(options: StageOptions = {}): Promise<Stage> {
		const {modules = [], simulator, runtime = nodeRed4} = options;
		const userDirectory = makeFolder();
		linkPackage(userDirectory);
		for (const name of modules) {
			linkModule(userDirectory, name);
		}

		const nodeRed = new NodeRed(userDirectory, {variables: clockVariables(userDirectory), runtime});
		const stage = new Stage(userDirectory, nodeRed, simulator ?? (await startSimulator()), options);
		await nodeRed.ready;
		stage.#lights = await Lights.of(nodeRed);
		return stage;
	}

	private constructor(userDirectory: string, nodeRed: NodeRed, simulator: Simulator, options: StageOptions) {
		this.#options = options;
		this.#workMs = options.workMs ?? 3000;
		this.#userDirectory = userDirectory;
		this.nodeRed = nodeRed;
		this.simulator = simulator;
		this.folder = join(userDirectory, 'faxes');
	}

	/** A further Node-RED of the same kind, beside this one at the same service. */
	async beside(): Promise<Stage> {
		return await Stage.open({...this.#options, simulator: this.simulator});
	}

	/** An example as the import dialog gets it. */
	async example(name: string): Promise<readonly FlowNode[]> {
		return (await this.nodeRed.json(
			`/library/examples/flows/${manifest.name}/${encodeURIComponent(name)}`,
		)) as readonly FlowNode[];
	}

	/** Imports an example, enters what its comment asks for, and deploys. */
	async deploy(name: string, values: Entered): Promise<readonly FlowNode[]> {
		const example = await this.example(name);
		this.#isDeployed = true;
		this.#receivers = example.filter(({type}) => type === 'retarus-fax-in').map(({id}) => id);
		await this.nodeRed.deploy(entered(example, this.simulator, values));
		return example;
	}

	addFax(fax: NewFax = {}): FaxView {
		return this.simulator.addFax(fax);
	}

	/** From now on looks at every acknowledge as it arrives. @param isProcessed says whether everything has been done about a fax */
	watch(isProcessed: (fax: FaxView) => boolean): void {
		void this.simulator.requests.arrival(({query}) => {
			for (const id of new URLSearchParams(query).get('ids')?.split(',') ?? []) {
				const fax = this.simulator.findFax(id);
				if (fax && !isAcknowledged(fax) && !isProcessed(fax)) {
					this.early.push(id);
				}
			}

			return false;
		});
	}

	/** Moves the clocks of the service and of Node-RED forward, in steps that leave everything that waits its turn; at once while nothing is deployed. */
	async pass(ms: number): Promise<void> {
		const longestMs = this.#isDeployed ? Math.max(hopMs, ms / 100) : ms;
		for (let leftMs = ms; leftMs > 0; leftMs -= longestMs) {
			await this.#hop(Math.min(longestMs, leftMs));
		}
	}

	/** Lets time pass until the clocks show the hour of the day, e.g. 19.5. */
	async passToHour(hour: number): Promise<void> {
		const dayMs = 86_400_000;
		const sinceMidnightMs = this.simulator.clock.now() % dayMs;
		await this.pass((hour * 3_600_000 - sinceMidnightMs + dayMs) % dayMs);
	}

	/** Waits without moving any clock. */
	async until(condition: () => boolean | Promise<boolean>): Promise<void> {
		while (!(await condition())) {
			await wait(lookEveryMs);
		}
	}

	/**
	 * Lets time fly until something is so; but while the flow works on what was just delivered, it flies for nobody:
	 * a server that answers within a second must not seem to take hours.
	 */
	async passUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
		let deliveries = -1;
		let deliveredAt = 0;
		let busySince: number | undefined;
		let nextHopMs = hopMs;
		while (!(await condition())) {
			if (this.early.length > 0) {
				throw new Error(`Acknowledged before it was processed: ${this.early.join(', ')}`);
			}

			if (deliveries !== this.#deliveries) {
				deliveries = this.#deliveries;
				deliveredAt = Date.now();
				nextHopMs = hopMs;
			}

			busySince = this.#isBusy ? Math.max(busySince ?? Date.now(), deliveredAt) : undefined;
			const isDone =
				busySince === undefined ? Date.now() - deliveredAt > lightsMs : Date.now() - busySince > this.#workMs;
			if (isDone) {
				await this.#hop(nextHopMs);
				await this.#untilAnswered();
				// So that what the light shows is true now.
				await this.#advance(lightMs);
				nextHopMs = Math.min(nextHopMs * 1.5, longestHopMs);
			}

			await wait(lookEveryMs);
		}
	}

	async untilAllAcknowledged(): Promise<void> {
		await this.passUntil(() => this.simulator.faxes().every(isAcknowledged));
	}

	/** Presses the button of an inject node. */
	async press(flow: readonly FlowNode[], name: string): Promise<void> {
		const node = flow.find((one) => one.type === 'inject' && one.name === name);
		const response = await fetch(`${this.nodeRed.url}/inject/${node?.id ?? name}`, {method: 'POST'});
		if (response.status !== 200) {
			throw new Error(`The button "${name}" is answered with status ${response.status}.`);
		}
	}

	async #hop(ms: number): Promise<void> {
		await this.#untilAnswered();
		this.#requestsBefore = this.simulator.requests.count;
		await this.#advance(ms);
		await wait(settleMs);
	}

	async #advance(ms: number): Promise<void> {
		this.simulator.clock.advance(ms);
		await advanceClock(this.#userDirectory, ms);
	}

	/** A request on its way would seem to take as long as the clocks are moved, and be given up. One that hangs is left alone after a second. */
	async #untilAnswered(): Promise<void> {
		for (const end = Date.now() + 1000; this.#isAsking && Date.now() < end;) {
			await wait(settleMs);
		}
	}

	/** A light stays blue for a moment after the answer. */
	get #isAsking(): boolean {
		const {requests} = this.simulator;
		return requests.count > this.#requestsBefore
			? requests.all().at(-1)?.outcome.kind === 'pending'
			: this.#receivers.some((id) => this.#lights?.of(id).fill === 'blue');
	}

	get #isBusy(): boolean {
		return this.#receivers.some((id) => this.#lights?.isBusy(id));
	}

	/** Grows with every delivery that has documents. */
	get #deliveries(): number {
		return this.simulator.requests
			.all()
			.filter(({phase, outcome}) => phase === 'document' && outcome.kind === 'answered').length;
	}

	async close(): Promise<void> {
		this.#lights?.close();
		await this.nodeRed.end('SIGKILL');
		await this.simulator.close();
		removeFolder(this.#userDirectory);
	}
}

/** How often a fax was listed, and so could be delivered. */
export const listings = (fax: FaxView): number => fax.events.filter(({kind}) => kind === 'listed').length;

/** Whether a file has exactly these bytes. A disk that a test has filled is none: reading it never ends. */
export const holds = (file: string, bytes: Buffer): boolean => {
	try {
		return statSync(file).isFile() && readFileSync(file).equals(bytes);
	} catch {
		return false;
	}
};

/** Whether every document of a fax is in a folder, to the last byte. */
export const isFiled = (fax: FaxView, folder: string): boolean =>
	fax.documents.every((document) => holds(join(folder, document.name), bytesOf(document)));
