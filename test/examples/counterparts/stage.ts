import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import manifest from '../../../package.json';
import {bytesOf} from '../../../simulator/documents/document';
import {startSimulator, type FaxView, type LoggedRequest, type NewFax, type Simulator} from '../../../simulator';
import {NodeRed, nodeRed4, type Runtime} from '../../../scripts/node-red/node-red.mjs';
import type {FlowNode} from '../../node-red/node-red-flow';
import {isAcknowledged} from '../../node-red/node-red-until';
import {linkPackage, makeFolder, removeFolder} from '../../../scripts/node-red/user-directory.mjs';
import {advanceClock, clockVariables} from './clock';
import {entered, type Entered} from './entered';
import {Lights} from './lights';
import {linkModule, type PaletteModule} from './palette';

export interface StageOptions {
	/**
	 * Modules to add to Node-RED and the package.
	 * @default none
	 */
	readonly modules?: readonly PaletteModule[];
	/**
	 * The real time a flow has to work on a delivery before the clocks move on.
	 * @default 3000
	 */
	readonly workMs?: number;
	/**
	 * A simulator shared with other stages.
	 * @default a new one
	 */
	readonly simulator?: Simulator;
	/** @default Node-RED 4.1 */
	readonly runtime?: Runtime;
}

/** How far the clocks jump at first, and at most. */
const hopMs = 60_000;
const longestHopMs = 240_000;
/** How far they jump at first after a document was refused: less than the pause before it is asked for again. */
const retryHopMs = 3000;
const lookEveryMs = 30;
/** How long a request takes from a timer in Node-RED to the simulator. */
const settleMs = 10;
/** Node-RED publishes at most one status per node in this time. */
const lightMs = 200;
/** The age of a status never exceeds this, however busy the machine. */
const lightsMs = 500;

/** A simulator and a real Node-RED with the package and its examples. A test can move the clocks of both. */
export class Stage {
	readonly simulator: Simulator;
	readonly nodeRed: NodeRed;
	/** Where the flow writes. */
	readonly folder: string;
	/** Ids of the faxes that were acknowledged too early. */
	readonly early: string[] = [];
	readonly #userDirectory: string;
	readonly #options: StageOptions;
	readonly #workMs: number;
	#lights: Lights | undefined;
	#isDeployed = false;
	#receivers: readonly string[] = [];
	/** The number of requests when the clocks last moved. */
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

	/** Another Node-RED of the same kind, on the same service. */
	async beside(): Promise<Stage> {
		return await Stage.open({...this.#options, simulator: this.simulator});
	}

	/** An example as the import dialog loads it. */
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

	/**
	 * Checks every acknowledgement from now on, as it arrives.
	 * @param isProcessed whether the flow has done everything with a fax
	 */
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

	/**
	 * Moves the clocks of the service and of Node-RED forward, in steps that give every timer its turn, or in one step
	 * while nothing is deployed.
	 */
	async pass(ms: number): Promise<void> {
		const longestMs = this.#isDeployed ? Math.max(hopMs, ms / 100) : ms;
		for (let leftMs = ms; leftMs > 0; leftMs -= longestMs) {
			await this.#hop(Math.min(longestMs, leftMs));
		}
	}

	/** Lets time pass until the clocks show this hour of the day, e.g. 19.5. */
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
	 * Moves the clocks until the condition holds, but not while the flow works on what was just delivered: a server that
	 * answers within a second must not seem to take hours.
	 */
	async passUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
		let document: LoggedRequest | undefined;
		let deliveredAt = 0;
		let busySince: number | undefined;
		let nextHopMs = hopMs;
		while (!(await condition())) {
			if (this.early.length > 0) {
				throw new Error(`Acknowledged before it was processed: ${this.early.join(', ')}`);
			}

			const before = document;
			document = this.#lastDocument;
			const isRefused = document?.outcome.kind === 'struck';
			if (document !== before) {
				deliveredAt = Date.now();
				nextHopMs = isRefused ? retryHopMs : hopMs;
			}

			busySince = this.#isBusy && !isRefused ? Math.max(busySince ?? Date.now(), deliveredAt) : undefined;
			const isDone =
				busySince === undefined ? Date.now() - deliveredAt > lightsMs : Date.now() - busySince > this.#workMs;
			if (isDone) {
				await this.#hop(nextHopMs);
				await this.#untilAnswered();
				// So that the published status is current.
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
			throw new Error(`Pressing "${name}" was answered with status ${response.status}.`);
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

	/**
	 * Waits for requests under way: to them, a jump of the clocks looks like a timeout.
	 * Gives up after a second on a request that hangs.
	 */
	async #untilAnswered(): Promise<void> {
		for (const end = Date.now() + 1000; this.#isAsking && Date.now() < end;) {
			await wait(settleMs);
		}
	}

	/** A status stays blue for a moment after the answer. */
	get #isAsking(): boolean {
		const {requests} = this.simulator;
		return requests.count > this.#requestsBefore
			? requests.all().at(-1)?.outcome.kind === 'pending'
			: this.#receivers.some((id) => this.#lights?.of(id).fill === 'blue');
	}

	get #isBusy(): boolean {
		return this.#receivers.some((id) => this.#lights?.isBusy(id));
	}

	/** The latest request for a document that has ended. */
	get #lastDocument(): LoggedRequest | undefined {
		return this.simulator.requests
			.all()
			.filter(({phase, outcome}) => phase === 'document' && outcome.kind !== 'pending')
			.at(-1);
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

/** Whether a file has exactly these bytes. A test's full disk is not a file: reading it never ends. */
export const holds = (file: string, bytes: Buffer): boolean => {
	try {
		return statSync(file).isFile() && readFileSync(file).equals(bytes);
	} catch {
		return false;
	}
};

/** Whether every document of a fax is in a folder, byte for byte. */
export const isFiled = (fax: FaxView, folder: string): boolean =>
	fax.documents.every((document) => holds(join(folder, document.name), bytesOf(document)));
