/** The work of a fax ack node. */
import type {Node, NodeAPI} from '@node-red/registry';
import type {Account} from '../lib/account/account';
import type {Topic} from '../lib/account/topic';
import type {Connection as Way} from '../lib/retarus/connection';
import {ConfigError, RetarusError} from '../lib/errors';
import type {Part} from '../lib/faxes/part-gathering';
import type {AckAction, FaxAckConfig} from '../lib/node-config';
import {findAccount} from './account-node';
import type {AccountSetup} from './account-settings';
import {AwaitedTopics} from './awaited-topics';
import {readFaxAck} from './fax-ack-settings';
import {faxAckStatus, type FaxAckOutcome} from './fax-ack-status';
import {readHandles, readPart, writableFax, type ReadHandle} from './fax-handles';
import {checkGuard} from './guard';
import type {AckCounts, Runtime} from './runtime';
import {StatusLight} from './status-light';
import {errorText, faxAckText, translated} from './texts';

/** One fax of a message, with its account. */
interface Target {
	readonly handle: ReadHandle;
	readonly account: Account;
	readonly way: Way;
	readonly setup: AccountSetup;
	/** The part of the fax that the message carries; `undefined` for the whole fax. */
	readonly part: Part | undefined;
}

/** How long a message waits for a deploy to finish. */
const deployMs = 10_000;

/**
 * Passes the decision about a fax to its topic, and holds the message until the service has confirmed it.
 * Checks all faxes of a message before it acknowledges the first: otherwise a message could be refused, and its error
 * caught, after some of its faxes were acknowledged. A message may arrive while a deploy replaces the account, and may
 * finish after this node has closed.
 */
export class FaxAck {
	readonly #RED: NodeAPI;
	readonly #runtime: Runtime;
	readonly #node: Node;
	readonly #config: FaxAckConfig;
	readonly #light: StatusLight;
	readonly #counts: AckCounts;
	readonly #stopListening: () => void;
	readonly #troubles = new AwaitedTopics(() => {
		this.#show();
	});
	#outcome: FaxAckOutcome = {kind: 'nothing'};
	/** Messages that wait for the other parts of their fax. */
	#gathering = 0;
	/** Messages that wait for the service to confirm. */
	#unconfirmed = 0;

	constructor(RED: NodeAPI, runtime: Runtime, node: Node, config: FaxAckConfig) {
		this.#RED = RED;
		this.#runtime = runtime;
		this.#node = node;
		this.#config = config;
		this.#light = new StatusLight(node);
		this.#counts = runtime.ackCounts(node.id);
		this.#stopListening = runtime.onStarted(() => {
			this.#check();
		});
	}

	/**
	 * Applies the node's action to the faxes of a message. An acknowledgement resolves once the service has confirmed it.
	 * @throws RetarusError if the action failed for any of the faxes
	 */
	async handle(message: Record<string, unknown>): Promise<void> {
		try {
			// During a deploy the account may be missing for a moment.
			await this.#runtime.whenStarted(deployMs);
			const setup = readFaxAck(this.#config);
			const fax = writableFax(message.fax);
			const handles = readHandles(fax, setup);
			message.fax = fax;
			if (setup.action === 'acknowledge' && setup.isGuarded) {
				checkGuard(message, handles.length === 1 ? handles[0]?.id : undefined);
			}

			const targets = handles.map((handle) => this.#find(handle, message.parts));
			if (setup.action === 'acknowledge') {
				await Promise.all(targets.map((target) => topicOf(target).checkAcknowledge(target.handle)));
			}

			await Promise.all(targets.map((target) => this.#act(setup.action, target)));
			this.#outcome = {kind: targets.some((target) => target.setup.settings.isTrial) ? 'trial' : 'done'};
		} catch (error) {
			this.#counts.failed += 1;
			this.#outcome = {kind: 'refused'};
			throw error;
		} finally {
			this.#show();
		}
	}

	close(): void {
		this.#stopListening();
		this.#light.close();
	}

	/** Reports an invalid configuration at the start, before the first message runs into it. */
	#check(): void {
		const before = this.#outcome;
		try {
			const setup = readFaxAck(this.#config);
			if (setup.account !== '') {
				this.#connection(setup.account);
			}

			this.#outcome = before.kind === 'misconfigured' ? {kind: 'nothing'} : before;
		} catch (error) {
			if (!(error instanceof RetarusError)) {
				throw error;
			}

			this.#outcome = {kind: 'misconfigured', error};
			if (before.kind !== 'misconfigured' || before.error.reason !== error.reason) {
				this.#node.error(translated(this.#RED, error), {topic: this.#config.topic});
			}
		}

		this.#show();
	}

	/** @throws ConfigError if the account is missing or misconfigured */
	#connection(account: string): Extract<ReturnType<typeof findAccount>, {kind: 'ready'}> {
		const connection = findAccount(this.#RED, account, 'accountUnknown');
		if (connection.kind === 'broken') {
			const {reason, facts, message} = connection.error;
			throw new ConfigError('accountBroken', {problem: errorText(this.#RED, reason, facts, message)});
		}

		return connection;
	}

	#find(handle: ReadHandle, parts: unknown): Target {
		const {account, way, setup} = this.#connection(handle.account);
		return {handle, account, way, setup, part: readPart(parts, handle.id)};
	}

	async #act(action: AckAction, target: Target): Promise<void> {
		const {handle, account} = target;
		const {fax, id, topic} = handle;
		switch (action) {
			case 'acknowledge':
				await this.#acknowledge(target);
				if (target.setup.settings.isTrial) {
					fax.trial = true;
				} else {
					fax.acknowledgedAt = new Date().toISOString();
					// Counts faxes, not messages: of the parts of a fax, only the first counts.
					this.#counts.acknowledged += (target.part?.index ?? 0) === 0 ? 1 : 0;
				}

				break;
			case 'giveBack':
				// An unused topic has no current delivery, and a mistyped one must not create a journal.
				if (await account.knownTopic(topic)?.giveBack(handle)) {
					fax.givenBackAt = new Date().toISOString();
				} else {
					this.#warn('giveBackLate', {id, topic});
				}

				break;
			case 'handOver':
				if (await account.knownTopic(topic)?.handOver(handle)) {
					fax.handedOverAt = new Date().toISOString();
				} else {
					this.#warn('handOverLate', {id, topic});
				}
		}
	}

	async #acknowledge(target: Target): Promise<void> {
		const {handle, part, setup} = target;
		const topic = topicOf(target);
		if (part) {
			this.#gathering += 1;
			this.#show();
			await topic.gather(handle, part).finally(() => {
				this.#gathering -= 1;
			});
		}

		this.#unconfirmed += 1;
		const stopWatching = this.#troubles.watch(topic, setup.weakness);
		this.#show();
		await topic.acknowledge(handle).finally(() => {
			this.#unconfirmed -= 1;
			stopWatching();
		});
	}

	#warn(key: string, facts: Readonly<Record<string, string>>): void {
		this.#node.warn(faxAckText(this.#RED, `log.${key}`, facts, `${key} ${JSON.stringify(facts)}`));
	}

	#show(): void {
		this.#light.show(() =>
			faxAckStatus(
				this.#outcome,
				{gathering: this.#gathering, unconfirmed: this.#unconfirmed},
				this.#counts,
				this.#troubles.trouble,
			),
		);
	}
}

/** Opens the topic of a fax. While no node receives it, its acknowledgements use the connection of the target. */
const topicOf = ({account, handle, way}: Target): Topic => {
	const topic = account.topic(handle.topic);
	topic.use(way);
	return topic;
};
