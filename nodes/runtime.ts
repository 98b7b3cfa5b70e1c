/** What the three nodes share in one Node-RED runtime. */
import {homedir} from 'node:os';
import {join} from 'node:path';
import type {NodeAPI} from '@node-red/registry';
import {Accounts} from '../lib/accounts';
import {realEnvironment} from '../lib/environment';

/** Figures of an ack node, since the process started. */
export interface AckCounts {
	acknowledged: number;
	failed: number;
}

export interface Runtime {
	readonly accounts: Accounts;
	/** Calls back each time the flows have started: wires and Catch nodes are there then. Returns what ends that. */
	onStarted(callback: () => void): () => void;
	ackCounts(nodeId: string): AckCounts;
}

/** Survives the re-creation of nodes; one for each user directory, which in a process is one. */
const runtimes = new Map<string, Accounts>();
const shared = new WeakMap<object, Runtime>();
const ackCounts = new Map<string, AckCounts>();

/** Everything in the module's memory is keyed by what the service knows, never by node objects: they come and go with every deploy. */
export const runtimeOf = (RED: NodeAPI): Runtime => {
	const known = shared.get(RED.events);
	if (known) {
		return known;
	}

	const folder = join(RED.settings.userDir ?? join(homedir(), '.node-red'), 'retarus-fax');
	const accounts = runtimes.get(folder) ?? new Accounts(folder, realEnvironment);
	runtimes.set(folder, accounts);

	// One listener for all nodes, however many there are.
	const callbacks = new Set<() => void>();
	RED.events.on('flows:started', () => {
		for (const callback of [...callbacks]) {
			callback();
		}
	});
	RED.events.on('flows:stopping', (event: unknown) => {
		if (!isPartial(event)) {
			accounts.endLeases();
		}
	});

	const runtime: Runtime = {
		accounts,
		onStarted(callback) {
			callbacks.add(callback);
			return () => {
				callbacks.delete(callback);
			};
		},
		ackCounts(nodeId) {
			const counts = ackCounts.get(nodeId) ?? {acknowledged: 0, failed: 0};
			ackCounts.set(nodeId, counts);
			return counts;
		},
	};
	shared.set(RED.events, runtime);
	return runtime;
};

/** Only some nodes are restarted (Node-RED 4.1, runtime/lib/flows/index.js: `type` is full, nodes or flows). */
const isPartial = (event: unknown): boolean =>
	typeof event === 'object' && event !== null && 'type' in event && (event.type === 'nodes' || event.type === 'flows');
