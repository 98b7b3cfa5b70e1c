/** What the three nodes share in one Node-RED runtime. */
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {NodeAPI} from '@node-red/registry';
import {Accounts} from '../lib/account/accounts';
import {realEnvironment} from '../lib/environment';

/** Figures of an ack node, since the process started. */
export interface AckCounts {
	acknowledged: number;
	failed: number;
}

export interface Runtime {
	readonly accounts: Accounts;
	readonly startedCallbacks: ReadonlySet<() => void>;
	readonly deploy: Deploy;
	/** Calls back each time the flows have started: wires and Catch nodes are there then. Returns what ends that. */
	onStarted(callback: () => void): () => void;
	/** Resolves when no deploy is under way, or the time is over. */
	whenStarted(timeoutMs: number): Promise<void>;
	ackCounts(nodeId: string): AckCounts;
}

/** They survive the re-creation of nodes, and each owns a state folder: in a process there is one, but in tests. */
const runtimes = new WeakMap<NodeAPI['events'], Map<string, Runtime>>();

/** Everything in the module's memory is keyed by what the service knows, never by node objects: those come and go with every deploy. */
export const runtimeOf = (RED: NodeAPI): Runtime => {
	const folder = join(RED.settings.userDir ?? join(homedir(), '.node-red'), 'retarus-fax');
	const byFolder = runtimes.get(RED.events) ?? listen(RED.events);
	const runtime = byFolder.get(folder) ?? createRuntime(folder);
	byFolder.set(folder, runtime);
	return runtime;
};

/** One listener for all nodes, however many there are. */
const listen = (events: NodeAPI['events']): Map<string, Runtime> => {
	const byFolder = new Map<string, Runtime>();
	runtimes.set(events, byFolder);
	events.on('flows:started', () => {
		for (const {deploy, startedCallbacks, accounts} of byFolder.values()) {
			const callAll = (): void => {
				for (const callback of [...startedCallbacks]) {
					callback();
				}
			};
			callAll();
			// Receivers that were not made anew have had their chance to take their queue back.
			if (accounts.freeAbandoned()) {
				callAll();
			}

			deploy.end();
		}
	});
	events.on('flows:stopping', (event: unknown) => {
		for (const {deploy, accounts} of byFolder.values()) {
			deploy.begin();
			if (!isPartial(event)) {
				accounts.endLeases();
			}
		}
	});
	return byFolder;
};

const createRuntime = (folder: string): Runtime => {
	const startedCallbacks = new Set<() => void>();
	const deploy = new Deploy();
	const ackCounts = new Map<string, AckCounts>();
	return {
		deploy,
		whenStarted: (timeoutMs) => deploy.ended(timeoutMs),
		accounts: new Accounts(folder, realEnvironment),
		startedCallbacks,
		onStarted(callback) {
			startedCallbacks.add(callback);
			return () => {
				startedCallbacks.delete(callback);
			};
		},
		ackCounts(nodeId) {
			const counts = ackCounts.get(nodeId) ?? {acknowledged: 0, failed: 0};
			ackCounts.set(nodeId, counts);
			return counts;
		},
	};
};

/** Whether nodes are being stopped and started. */
class Deploy {
	#waiting: (() => void)[] | undefined;

	begin(): void {
		this.#waiting ??= [];
	}

	end(): void {
		const waiting = this.#waiting ?? [];
		this.#waiting = undefined;
		for (const go of waiting) {
			go();
		}
	}

	async ended(timeoutMs: number): Promise<void> {
		const waiting = this.#waiting;
		if (waiting === undefined) {
			return;
		}

		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, timeoutMs);
			waiting.push(() => {
				clearTimeout(timer);
				resolve();
			});
		});
	}
}

/** Only some nodes are restarted (Node-RED 4.1, runtime/lib/flows/index.js: `type` is full, nodes or flows). */
const isPartial = (event: unknown): boolean =>
	typeof event === 'object' && event !== null && 'type' in event && (event.type === 'nodes' || event.type === 'flows');
