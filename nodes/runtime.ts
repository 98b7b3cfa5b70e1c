/** The state that all nodes of one Node-RED runtime share. */
import type {NodeAPI} from '@node-red/registry';
import {Accounts} from '../lib/account/accounts';
import {realEnvironment} from '../lib/environment';
import type {ConfigError} from '../lib/errors';
import {chooseStateFolder, type StateFolderChoice} from './state-folder-path';

/** Counts of an ack node since the process started. */
export interface AckCounts {
	acknowledged: number;
	failed: number;
}

export interface Runtime {
	readonly accounts: Accounts;
	/** Why no account may be opened. */
	readonly folderProblem: ConfigError | undefined;
	readonly startedCallbacks: ReadonlySet<() => void>;
	readonly deploy: Deploy;
	/** Calls back each time the flows have started: wires and Catch nodes exist by then. Returns a function to stop. */
	onStarted(callback: () => void): () => void;
	/** Resolves when no deploy is in progress, or after the timeout. */
	whenStarted(timeoutMs: number): Promise<void>;
	ackCounts(nodeId: string): AckCounts;
}

/** By state folder. A process has one; only tests run several. */
const runtimes = new WeakMap<NodeAPI['events'], Map<string, Runtime>>();

/**
 * The runtime outlives the nodes, which every deploy may replace. Its state is therefore keyed by account and topic, or
 * by node id, never by a node object: otherwise a deploy would lose leases and counts, or two nodes would poll a topic.
 */
export const runtimeOf = (RED: NodeAPI): Runtime => {
	const folder = chooseStateFolder(RED.settings);
	const byFolder = runtimes.get(RED.events) ?? listen(RED.events);
	const runtime = byFolder.get(folder.path) ?? createRuntime(folder);
	byFolder.set(folder.path, runtime);
	return runtime;
};

/** Listens once for all nodes: a listener for each would exceed the emitter's limit in a large flow. */
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
			// By now every receiver that still exists has reclaimed its queue.
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

const createRuntime = ({path, problem}: StateFolderChoice): Runtime => {
	const startedCallbacks = new Set<() => void>();
	const deploy = new Deploy();
	const ackCounts = new Map<string, AckCounts>();
	return {
		deploy,
		whenStarted: (timeoutMs) => deploy.ended(timeoutMs),
		accounts: new Accounts(path, realEnvironment),
		folderProblem: problem,
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

/**
 * Tracks whether Node-RED is stopping and starting nodes. A message that arrives in between may find its account
 * missing; it waits for the end of the deploy instead of failing. Nodes that are not part of the deploy keep running,
 * so such messages are common.
 */
class Deploy {
	/** Present only during a deploy. */
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

/** Whether only some nodes restart. `type` is full, nodes or flows (Node-RED 4.1, runtime/lib/flows/index.js). */
const isPartial = (event: unknown): boolean =>
	typeof event === 'object' && event !== null && 'type' in event && (event.type === 'nodes' || event.type === 'flows');
