/** What a fax in node does: turns the events of its topic into messages, errors and a status. */
import type {Node, NodeAPI, NodeMessage} from '@node-red/registry';
import type {AccountHold} from '../lib/account/accounts';
import {ConfigError, type RetarusError} from '../lib/errors';
import type {FaxInConfig} from '../lib/node-config';
import type {Topic} from '../lib/account/topic';
import type {DeliveredFax, FaxSummary, Notice, Step} from '../lib/faxes/events';
import {findAccount, type Connection} from './account-node';
import {audit} from './audit';
import {readFaxIn, type FaxInSetup} from './fax-in-settings';
import {faxOf, messagesOf, type FaxSource} from './fax-message';
import {FullFlow} from './full-flow';
import type {Runtime} from './runtime';
import {faxInStatus, StatusLight} from './status';
import {faxInText, translated} from './texts';

/** What a fax in node receives at the moment. */
export interface Receiving {
	readonly topic: Topic;
	/** All documents of one fax. */
	readonly maxFaxBytes: number;
}

type State =
	| {readonly kind: 'starting' | 'notWired' | 'closed'}
	| {readonly kind: 'misconfigured'; readonly error: RetarusError}
	| ({readonly kind: 'receiving'; readonly hold: AccountHold; readonly stop: () => void} & Receiving);

type Ready = Extract<Connection, {kind: 'ready'}>;

/** The age that a status tells is never more wrong than this. */
const longestRefreshMs = 10_000;

export class FaxIn {
	readonly #RED: NodeAPI;
	readonly #runtime: Runtime;
	readonly #node: Node;
	readonly #config: FaxInConfig;
	readonly #light: StatusLight;
	readonly #full = new FullFlow();
	readonly #stopListening: () => void;
	#state: State = {kind: 'starting'};

	constructor(RED: NodeAPI, runtime: Runtime, node: Node, config: FaxInConfig) {
		this.#RED = RED;
		this.#runtime = runtime;
		this.#node = node;
		this.#config = config;
		this.#light = new StatusLight(node);
		// Catch nodes are not there before, and a deploy may change wires, or free the queue, of a node that it does not make anew.
		this.#stopListening = runtime.onStarted(() => {
			this.#start();
		});
	}

	/** What it receives; `undefined` while it does not. */
	get receiving(): Receiving | undefined {
		return this.#state.kind === 'receiving' ? this.#state : undefined;
	}

	/** Obeys a message at the input port; resolves when that is done. */
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

	/** Never rejects. */
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
			const isNews = this.#state.kind !== 'misconfigured' || this.#state.error.reason !== error.reason;
			this.#state = {kind: 'misconfigured', error: translated(this.#RED, error)};
			this.#light.show(() => faxInStatus({kind: 'misconfigured', error}, undefined, 0, 'none'));
			if (isNews) {
				this.#node.error(error, {topic: this.#config.topic});
			}
		}
	}

	/** @throws ConfigError when another node receives the topic */
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
		const stopListening = this.#listen(topic, setup, connection);
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

	/** Returns what ends it. */
	#listen(topic: Topic, setup: FaxInSetup, connection: Ready): () => void {
		const source: FaxSource = {topic: topic.name, account: this.#config.account};
		const deliver = this.#safely((fax: DeliveredFax) => {
			for (const message of messagesOf(this.#RED, source, fax, setup.messagePer)) {
				this.#node.send(fax.givenUp ? [null, message] : message);
			}
		});
		const fail = this.#safely((fax: FaxSummary, error: RetarusError) => {
			this.#report(error, {topic: topic.name, fax: faxOf(this.#RED, source, fax)});
		});
		const trouble = this.#safely((error: RetarusError) => {
			this.#report(error, {topic: topic.name});
		});
		const notice = this.#safely((news: Notice) => {
			this.#notice(news, topic.name);
		});
		const step = this.#safely((taken: Step) => {
			audit(this.#RED, this.#node, topic.name, taken);
		});
		const change = this.#safely(() => {
			this.#show(topic, setup, connection);
		});
		topic
			.on('delivery', deliver)
			.on('failure', fail)
			.on('trouble', trouble)
			.on('notice', notice)
			.on('step', step)
			.on('change', change);
		return () => {
			topic
				.off('delivery', deliver)
				.off('failure', fail)
				.off('trouble', trouble)
				.off('notice', notice)
				.off('step', step)
				.off('change', change);
		};
	}

	/** What another node or a hook throws while it is handed something must not end the topic, let alone Node-RED. */
	#safely<Arguments extends unknown[]>(listener: (...values: Arguments) => void): (...values: Arguments) => void {
		return (...values) => {
			try {
				listener(...values);
			} catch (error) {
				this.#node.error(error);
			}
		};
	}

	#stop(): void {
		if (this.#state.kind === 'receiving') {
			this.#state.stop();
		}
	}

	/** What was received until now is received no longer, and the node goes on in another state. */
	#leave(): void {
		this.#stop();
		if (this.#state.kind === 'receiving') {
			void this.#state.hold.release();
		}
	}

	#report(error: RetarusError, message: NodeMessage & {readonly fax?: unknown}): void {
		this.#node.error(translated(this.#RED, error), message);
	}

	#notice(notice: Notice, topic: string): void {
		if ('error' in notice) {
			this.#report(notice.error, {topic});
		} else {
			const {kind, ...facts} = notice;
			this.#warn(kind, {...facts, topic});
		}
	}

	#warn(key: string, facts: Readonly<Record<string, string | number>>): void {
		this.#node.warn(this.#text(key, facts));
	}

	#text(key: string, facts: Readonly<Record<string, string | number>>): string {
		return faxInText(this.#RED, `log.${key}`, facts, `${key} ${JSON.stringify(facts)}`);
	}

	#show(topic: Topic, {receiver}: FaxInSetup, {setup}: Ready): void {
		this.#light.show(
			() => {
				const nowMs = Date.now();
				const {status} = topic;
				const isIdle = status.state.kind === 'idle' && status.inFlight === 0;
				const state =
					isIdle && !setup.settings.isTrial && !hasAckNode(this.#RED)
						? ({kind: 'noAcknowledge'} as const)
						: status.state;
				const shown = faxInStatus(state, status, receiver.maxInFlight, setup.weakness, nowMs);
				const look = this.#full.look(status, receiver, nowMs);
				if (!look) {
					return shown;
				}

				const facts = {...look.facts, topic: topic.name};
				if (look.isNews) {
					this.#warn('full', facts);
				}

				return {...shown, full: this.#text('full', facts)};
			},
			Math.min(longestRefreshMs, receiver.processingTimeoutMs / 4),
		);
	}
}

/** Whether any flow of this Node-RED could acknowledge; on the way there may be links, subflows and brokers, so no wire tells more. */
const hasAckNode = (RED: NodeAPI): boolean => {
	let isThere = false;
	RED.nodes.eachNode(({type, ...node}) => {
		isThere ||= type === 'retarus-fax-ack' && !('d' in node && node.d === true);
	});
	return isThere;
};

/** Node-RED keeps the wires of a node on the node, and changes them there (Node-RED 4.1, runtime/lib/nodes/Node.js). */
const isConnected = (node: Node, output: number): boolean => {
	const wires: unknown = 'wires' in node ? node.wires : undefined;
	const targets: unknown = Array.isArray(wires) ? wires[output] : undefined;
	return Array.isArray(targets) && targets.length > 0;
};
