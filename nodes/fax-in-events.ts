/** Turns the events of a topic into messages, errors, log lines and a status of its fax in node. */
import type {Node, NodeAPI, NodeMessage} from '@node-red/registry';
import type {Topic} from '../lib/account/topic';
import type {TopicStatus} from '../lib/account/topic-status';
import type {RetarusError} from '../lib/errors';
import type {DeliveredFax, FaxSummary, Notice, Step} from '../lib/faxes/events';
import type {AccountSetup} from './account-settings';
import {audit} from './audit';
import type {FaxInSetup} from './fax-in-settings';
import {faxOf, messagesOf, type FaxSource} from './fax-message';
import {FullFlow} from './full-flow';
import {faxInStatus, type FaxInState, type FullStatus} from './status';
import type {StatusLight} from './status-light';
import {faxInText, recoveryText, translated} from './texts';

/** The age in a status is never older than this. */
const longestRefreshMs = 10_000;

/**
 * Everything that a topic emits passes here, and nothing comes back: an exception of Node-RED, of a hook or of the next
 * node is reported on the fax in node and ends there. Thrown into the topic, it would interrupt an exchange and could
 * end Node-RED.
 */
export class FaxInEvents {
	readonly #RED: NodeAPI;
	readonly #node: Node;
	readonly #account: string;
	readonly #light: StatusLight;
	readonly #full = new FullFlow();

	/** @param account id of the account node, for `msg.fax` */
	constructor(RED: NodeAPI, node: Node, account: string, light: StatusLight) {
		this.#RED = RED;
		this.#node = node;
		this.#account = account;
		this.#light = light;
	}

	/** Returns a function that stops listening. */
	listen(topic: Topic, setup: FaxInSetup, account: AccountSetup): () => void {
		const {keptMs} = account.settings;
		const source: FaxSource = {topic: topic.name, account: this.#account, keptMs};
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
		const recovery = this.#safely((error: RetarusError, durationMs: number) => {
			this.#node.log(recoveryText(this.#RED, topic.name, error, durationMs));
		});
		const notice = this.#safely((news: Notice) => {
			this.#notice(news, topic.name);
		});
		const step = this.#safely((taken: Step) => {
			audit(this.#RED, this.#node, topic.name, taken);
		});
		const change = this.#safely(() => {
			this.#light.show(
				() => this.#status(topic, setup, account),
				Math.min(longestRefreshMs, setup.receiver.processingTimeoutMs / 4),
			);
		});
		topic
			.on('delivery', deliver)
			.on('failure', fail)
			.on('trouble', trouble)
			.on('recovery', recovery)
			.on('notice', notice)
			.on('step', step)
			.on('change', change);
		return () => {
			topic
				.off('delivery', deliver)
				.off('failure', fail)
				.off('trouble', trouble)
				.off('recovery', recovery)
				.off('notice', notice)
				.off('step', step)
				.off('change', change);
		};
	}

	#safely<Arguments extends unknown[]>(listener: (...values: Arguments) => void): (...values: Arguments) => void {
		return (...values) => {
			try {
				listener(...values);
			} catch (error) {
				this.#node.error(error);
			}
		};
	}

	#report(error: RetarusError, message: NodeMessage & {readonly fax?: unknown}): void {
		this.#node.error(translated(this.#RED, error), message);
	}

	#notice(notice: Notice, topic: string): void {
		if (notice.kind === 'acknowledgeSetAside') {
			this.#warn(notice.kind, {id: notice.id, topic});
			this.#report(notice.error, {topic, fax: {id: notice.id, topic, account: this.#account}});
		} else if (notice.kind === 'acknowledgeIgnored') {
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

	/** The state of the topic, or, while it is idle, what a user should know about it. */
	#state(status: TopicStatus, isTrial: boolean): FaxInState {
		if (status.state.kind !== 'idle' || status.inFlight > 0) {
			return status.state;
		}

		if (!isTrial && !hasAckNode(this.#RED)) {
			return {kind: 'noAcknowledge'};
		}

		return status.setAside > 0 ? {kind: 'setAside'} : status.state;
	}

	#status(topic: Topic, {receiver}: FaxInSetup, {settings, weakness}: AccountSetup): FullStatus {
		const nowMs = Date.now();
		const {status} = topic;
		const state = this.#state(status, settings.isTrial);
		const shown = faxInStatus(state, status, receiver.maxInFlight, weakness, nowMs);
		const full = this.#full.check(status, receiver, nowMs);
		if (!full) {
			return shown;
		}

		const facts = {...full.facts, topic: topic.name};
		if (full.isNew) {
			this.#warn('full', facts);
		}

		return {...shown, full: this.#text('full', facts)};
	}
}

/** Whether any node of this Node-RED can acknowledge. Wires prove nothing: links and brokers may lie in between. */
const hasAckNode = (RED: NodeAPI): boolean => {
	let isThere = false;
	RED.nodes.eachNode(({type, ...node}) => {
		isThere ||= type === 'retarus-fax-ack' && !('d' in node && node.d === true);
	});
	return isThere;
};
