/** The life of a fax in node: what it receives, from one deploy to the next. */
import type {Node, NodeAPI, NodeMessage} from '@node-red/registry';
import type {AccountHold} from '../lib/account/accounts';
import type {Topic} from '../lib/account/topic';
import {ConfigError, type RetarusError} from '../lib/errors';
import type {FaxInConfig} from '../lib/node-config';
import {findAccount, type Connection} from './account-node';
import {FaxInEvents} from './fax-in-events';
import {readFaxIn, type FaxInSetup} from './fax-in-settings';
import type {Runtime} from './runtime';
import {faxInStatus} from './status';
import {StatusLight} from './status-light';
import {translated} from './texts';

/** What a fax in node is receiving. */
export interface Receiving {
	readonly topic: Topic;
	/** For all documents of one fax. */
	readonly maxFaxBytes: number;
}

type State =
	| {readonly kind: 'starting' | 'notWired' | 'closed'}
	| {readonly kind: 'misconfigured'; readonly error: RetarusError}
	| ({readonly kind: 'receiving'; readonly hold: AccountHold; readonly stop: () => void} & Receiving);

type Ready = Extract<Connection, {kind: 'ready'}>;

/**
 * Receives its topic while the node is wired, configured and the only receiver of the topic.
 * Checks all of that each time the flows have started, not once in the constructor: a deploy can rewire the node, or
 * remove the node that held the topic, without creating this node again. Otherwise an unwired node would go on locking
 * faxes that nobody works on, and a node whose topic is free again would stay red.
 * Until the flows have started, Catch nodes do not exist and an error would be lost.
 */
export class FaxIn {
	readonly #RED: NodeAPI;
	readonly #runtime: Runtime;
	readonly #node: Node;
	readonly #config: FaxInConfig;
	readonly #light: StatusLight;
	readonly #events: FaxInEvents;
	readonly #stopListening: () => void;
	#state: State = {kind: 'starting'};

	constructor(RED: NodeAPI, runtime: Runtime, node: Node, config: FaxInConfig) {
		this.#RED = RED;
		this.#runtime = runtime;
		this.#node = node;
		this.#config = config;
		this.#light = new StatusLight(node);
		this.#events = new FaxInEvents(RED, node, config.account, this.#light);
		this.#stopListening = runtime.onStarted(() => {
			this.#start();
		});
	}

	/** `undefined` while the node receives nothing. */
	get receiving(): Receiving | undefined {
		return this.#state.kind === 'receiving' ? this.#state : undefined;
	}

	/**
	 * Obeys a message at the input port. A poll resolves at the end of its round.
	 * @throws RetarusError if the node is misconfigured, the action is unknown or the round failed
	 */
	async order(message: NodeMessage): Promise<void> {
		const state = this.#state;
		if (state.kind === 'misconfigured') {
			throw state.error;
		}

		if (state.kind !== 'receiving') {
			return;
		}

		const action: unknown = 'action' in message ? message.action : undefined;
		switch (action) {
			case undefined:
			case 'poll':
				await state.topic.poll();
				break;
			case 'pause':
				state.topic.pause();
				break;
			case 'resume':
				state.topic.resume();
				break;
			default:
				throw new ConfigError('actionUnknown', {
					action: typeof action === 'string' ? action.slice(0, 40) : typeof action,
				});
		}
	}

	/**
	 * Never rejects.
	 * @param isRemoved whether the node is gone for good, which ends the leases of its topic
	 */
	async close(isRemoved: boolean): Promise<void> {
		const state = this.#state;
		this.#stopListening();
		this.#stop();
		this.#state = {kind: 'closed'};
		this.#light.close();
		if (state.kind === 'receiving') {
			if (isRemoved) {
				this.#runtime.accounts.endLeasesOf(state.hold.account, state.topic.name);
			}

			await state.hold.release();
		}
	}

	#start(): void {
		const isWired = isConnected(this.#node, 0);
		if (this.#state.kind === 'closed' || (this.#state.kind === 'receiving' && isWired)) {
			return;
		}

		try {
			const setup = readFaxIn(this.#config);
			const connection = findAccount(this.#RED, this.#config.account, 'accountMissing');
			if (connection.kind === 'broken') {
				throw connection.error;
			}

			if (setup.receiver.maxDeliveries > 0 && !isConnected(this.#node, 1)) {
				throw new ConfigError('secondOutputNotWired');
			}

			if (isWired) {
				this.#receive(setup, connection);
			} else {
				this.#leave();
				this.#state = {kind: 'notWired'};
				this.#light.show(() => faxInStatus({kind: 'notWired'}, undefined, 0, connection.setup.weakness));
			}
		} catch (error) {
			if (!(error instanceof ConfigError)) {
				throw error;
			}

			this.#leave();
			const isNew = this.#state.kind !== 'misconfigured' || this.#state.error.reason !== error.reason;
			this.#state = {kind: 'misconfigured', error: translated(this.#RED, error)};
			this.#light.show(() => faxInStatus({kind: 'misconfigured', error}, undefined, 0, 'none'));
			if (isNew) {
				this.#node.error(error, {topic: this.#config.topic});
			}
		}
	}

	/** @throws ConfigError if another node receives the topic */
	#receive(setup: FaxInSetup, connection: Ready): void {
		const {accounts} = this.#runtime;
		const {id, name} = this.#node;
		const hold = connection.hold();
		const claim = accounts.claim(hold.account, setup.topic, {id, label: name === undefined || name === '' ? id : name});
		if (claim.kind !== 'granted') {
			void hold.release();
			if (claim.kind === 'taken') {
				throw new ConfigError('queueTaken', {topic: setup.topic, node: claim.by});
			}

			return;
		}

		const topic = hold.account.topic(setup.topic);
		const stopListening = this.#events.listen(topic, setup, connection.setup);
		const stopReceiving = topic.receive(setup.receiver, hold.connection);
		this.#state = {
			kind: 'receiving',
			hold,
			topic,
			maxFaxBytes: setup.receiver.maxFaxBytes,
			stop() {
				stopReceiving();
				stopListening();
				accounts.unclaim(hold.account, setup.topic, id);
			},
		};
		topic.emit('change');
	}

	#stop(): void {
		if (this.#state.kind === 'receiving') {
			this.#state.stop();
		}
	}

	/** Stops receiving, before the node moves to another state. */
	#leave(): void {
		this.#stop();
		if (this.#state.kind === 'receiving') {
			void this.#state.hold.release();
		}
	}
}

/** Node-RED keeps a node's wires on the node and updates them in place (Node-RED 4.1, runtime/lib/nodes/Node.js). */
const isConnected = (node: Node, output: number): boolean => {
	const wires: unknown = 'wires' in node ? node.wires : undefined;
	const targets: unknown = Array.isArray(wires) ? wires[output] : undefined;
	return Array.isArray(targets) && targets.length > 0;
};
