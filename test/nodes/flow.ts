/** Runs a flow in Node-RED's test helper: the real nodes, HTTP to a simulator, and a temporary state folder. */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Node, NodeInitializer, NodeMessage} from 'node-red';
import helper from 'node-red-node-test-helper';
import type {FullStatus} from '../../nodes/status';
import account from '../../nodes/retarus-account';
import faxAck from '../../nodes/retarus-fax-ack';
import faxIn from '../../nodes/retarus-fax-in';
import {startSimulator, type Simulator, type SimulatorOptions} from '../../simulator';

/** A message with properties of any type. */
export type Message = NodeMessage & Record<string, unknown>;

/** A node of an exported flow. */
export type FlowNode = Readonly<Record<string, unknown>> & {readonly id: string; readonly type: string};

/** Properties of `account`, `faxIn` and `faxAck` override the defaults of these nodes. */
export interface FlowOptions {
	/** @default one account, one topic and no faults */
	readonly simulator?: SimulatorOptions;
	/** @default {} */
	readonly account?: Readonly<Record<string, unknown>>;
	/** @default {} */
	readonly faxIn?: Readonly<Record<string, unknown>>;
	/** @default {} */
	readonly faxAck?: Readonly<Record<string, unknown>>;
	/**
	 * Creates more nodes. A node replaces the one with the same id.
	 * @default none
	 */
	readonly nodes?: (simulator: Simulator) => readonly FlowNode[];
	/**
	 * By node id.
	 * @default those of the simulator's account
	 */
	readonly credentials?: Readonly<Record<string, Record<string, string>>>;
	/**
	 * Node types beside those of the package.
	 * @default []
	 */
	readonly types?: readonly NodeInitializer[];
	/**
	 * Number of faxes that wait when the flow starts.
	 * @default 0
	 */
	readonly faxes?: number;
}

/**
 * A running flow. Its nodes are account, in and ack; the helper nodes received (output 1), givenUp (output 2),
 * acknowledged, caught and statuses collect messages.
 */
export class Flow {
	readonly simulator: Simulator;
	readonly userDir: string;
	readonly #messages = new Map<string, Message[]>();
	readonly #waiting = new Set<() => void>();
	#nodes: FlowNode[] = [];
	#credentials: Record<string, Record<string, string>> = {};

	constructor(simulator: Simulator, userDir: string) {
		this.simulator = simulator;
		this.userDir = userDir;
	}

	async load(options: FlowOptions): Promise<void> {
		this.#nodes = nodesOf(this.simulator, options);
		this.#credentials = {account: {customerNumber: '99999', password: 'secret'}, ...options.credentials};
		await helper.load([account, faxIn, faxAck, ...(options.types ?? [])], this.#nodes, this.#credentials);
		this.#listen();
	}

	/** Deploys with changed properties, and restarts the changed nodes or all of them. */
	async deploy(
		type: 'nodes' | 'full',
		changes: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
	): Promise<void> {
		this.#nodes = this.#nodes.map((node) => ({...node, ...changes[node.id]}));
		await helper.setFlows(this.#nodes, type, this.#credentials);
		this.#listen();
	}

	/** The messages that a helper node has received so far. */
	messages(id: string): readonly Message[] {
		return this.#messages.get(id) ?? [];
	}

	/** Resolves to the nth message of a helper node, counted from 1. */
	async message(id: string, number = 1): Promise<Message> {
		await this.until(() => this.messages(id).length >= number);
		const message = this.messages(id)[number - 1];
		if (!message) {
			throw new Error(`no message ${number} at ${id}`);
		}

		return message;
	}

	/** Resolves when the condition holds. Checks it after each message or status, and every 20 ms. */
	async until(holds: () => boolean): Promise<void> {
		while (!holds()) {
			await new Promise<void>((resolve) => {
				const tick = setTimeout(resolve, 20);
				const wake = (): void => {
					clearTimeout(tick);
					this.#waiting.delete(wake);
					resolve();
				};
				this.#waiting.add(wake);
			});
		}
	}

	send(id: string, message: Record<string, unknown>): void {
		helper.getNode(id).receive(message);
	}

	/** The latest status of a node. */
	status(id: string): FullStatus | undefined {
		const status: unknown = this.messages('statuses')
			.filter(({status: shown}) => sourceOf(shown) === id)
			.at(-1)?.status;
		return status as FullStatus | undefined;
	}

	/** The errors of a node that reached the Catch node. */
	errors(id: string): readonly {readonly code: string; readonly message: string}[] {
		return this.messages('caught')
			.map(({error}) => error as {code: string; message: string; source: {id: string}})
			.filter(({source}) => source.id === id);
	}

	/** The entries of this package in the audit log. */
	audit(): readonly Readonly<Record<string, unknown>>[] {
		const entries = helper.log().args.map(([entry]) => entry as Record<string, unknown>);
		return entries.filter(({event}) => typeof event === 'string' && event.startsWith('retarus-fax.'));
	}

	/** The warnings in the log. They show keys and facts, because the test helper has no catalogues. */
	warnings(): readonly string[] {
		const entries = helper.log().args.map(([entry]) => entry as {level: number; msg: unknown});
		return entries.filter(({level}) => level === 30).map(({msg}) => String(msg));
	}

	#listen(): void {
		for (const {id, type} of this.#nodes) {
			const node: (Node & {isHeard?: boolean}) | null = type === 'helper' ? helper.getNode(id) : null;
			if (node && !node.isHeard) {
				node.isHeard = true;
				node.on('input', (message: NodeMessage) => {
					this.#messages.set(id, [...this.messages(id), message]);
					for (const wake of [...this.#waiting]) {
						wake();
					}
				});
			}
		}
	}
}

const sourceOf = (status: unknown): string | undefined => (status as {source?: {id?: string}} | undefined)?.source?.id;

const configTypes: ReadonlySet<string> = new Set(['tab', 'retarus-account', 'tls-config', 'http proxy']);

const nodesOf = (simulator: Simulator, options: FlowOptions): FlowNode[] => {
	const nodes: FlowNode[] = [
		{id: 'tab', type: 'tab'},
		{id: 'account', type: 'retarus-account', region: 'custom', baseUrl: simulator.baseUrl, ...options.account},
		{
			id: 'in',
			type: 'retarus-fax-in',
			account: 'account',
			topic: 'demo',
			pollInterval: 1,
			wires: [['received'], ['givenUp']],
			outputs: 1,
			...options.faxIn,
		},
		{id: 'received', type: 'helper'},
		{id: 'givenUp', type: 'helper'},
		{id: 'ack', type: 'retarus-fax-ack', wires: [['acknowledged']], ...options.faxAck},
		{id: 'acknowledged', type: 'helper'},
		{id: 'catch', type: 'catch', scope: null, uncaught: false, wires: [['caught']]},
		{id: 'caught', type: 'helper'},
		{id: 'status', type: 'status', scope: null, wires: [['statuses']]},
		{id: 'statuses', type: 'helper'},
	];
	const replaced = new Map((options.nodes?.(simulator) ?? []).map((node) => [node.id, node]));
	const all = [...nodes.filter(({id}) => !replaced.has(id)), ...replaced.values()];
	return all.map((node) => (configTypes.has(node.type) ? node : {z: 'tab', x: 1, y: 1, wires: [], ...node}));
};

let running: {readonly simulator: Simulator; readonly userDir: string} | undefined;

/** Starts a simulator and a flow, which both end with the test. */
export const startFlow = async (options: FlowOptions = {}): Promise<Flow> => {
	const simulator = await startSimulator(options.simulator);
	const userDir = mkdtempSync(join(tmpdir(), 'retarus-fax-test-'));
	running = {simulator, userDir};
	for (let count = 0; count < (options.faxes ?? 0); count += 1) {
		simulator.addFax();
	}

	helper.settings({userDir});
	const flow = new Flow(simulator, userDir);
	await flow.load(options);
	return flow;
};

before((done) => {
	helper.init(require.resolve('node-red'));
	helper.startServer(done);
});

after((done) => {
	helper.stopServer(done);
});

afterEach(async () => {
	await helper.unload();
	await running?.simulator.close();
	if (running) {
		rmSync(running.userDir, {recursive: true, force: true});
	}

	running = undefined;
});
