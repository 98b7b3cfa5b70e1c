/** What an ack node does: hands the decision about a fax over to its topic, and passes the message on when the service has confirmed it. */
import type {Node, NodeAPI, NodeStatus} from '@node-red/registry';
import {ConfigError, RetarusError} from '../lib/errors';
import {
	choiceProblem,
	ackActions,
	flagProblem,
	isTopic,
	toFlag,
	variableProblem,
	type AckAction,
	type FaxAckConfig,
} from '../lib/node-config';
import type {Part} from '../lib/faxes/part-gathering';
import type {Topic} from '../lib/account/topic';
import {findAccount} from './account-node';
import {readHandles, readPart, writableFax, type ReadHandle} from './fax-handles';
import {checkGuard} from './guard';
import type {AckCounts, Runtime} from './runtime';
import {StatusLight, type FullStatus} from './status';
import {errorText, faxAckText, translated} from './texts';

interface Setup {
	readonly account: string;
	readonly topic: string;
	readonly action: AckAction;
	readonly isGuarded: boolean;
}

/** A fax of the message and the topic that it belongs to. */
interface Target {
	readonly handle: ReadHandle;
	readonly topic: Topic;
	readonly isTrial: boolean;
	/** Which part of its fax the message is; absent when it is the whole. */
	readonly part: Part | undefined;
}

/** Longest wait for a deploy that is under way. */
const deployMs = 10_000;

const namespace = '@faxbridge/node-red-retarus-fax/retarus-fax-ack:retarus-fax-ack.status';
const faxInNamespace = '@faxbridge/node-red-retarus-fax/retarus-fax-in:retarus-fax-in.status';

/** What the last message told. */
type Last =
	| {readonly kind: 'nothing' | 'done' | 'refused' | 'trial'}
	| {readonly kind: 'misconfigured'; readonly error: RetarusError};

export class FaxAck {
	readonly #RED: NodeAPI;
	readonly #runtime: Runtime;
	readonly #node: Node;
	readonly #config: FaxAckConfig;
	readonly #light: StatusLight;
	readonly #counts: AckCounts;
	readonly #stopListening: () => void;
	#last: Last = {kind: 'nothing'};
	/** Messages that wait: for other parts of their fax, or for the service. */
	#gathering = 0;
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
	 * Does what the node is for with the faxes of a message; resolves when the service has confirmed.
	 * @throws RetarusError when nothing, or not all of it, could be done
	 */
	async handle(message: Record<string, unknown>): Promise<void> {
		try {
			// In the middle of a deploy the account may be missing for a moment.
			await this.#runtime.whenStarted(deployMs);
			const setup = readSetup(this.#config);
			const fax = writableFax(message.fax);
			const handles = readHandles(fax, setup);
			message.fax = fax;
			if (setup.action === 'acknowledge' && setup.isGuarded) {
				checkGuard(message, handles.length === 1 ? handles[0]?.id : undefined);
			}

			const targets = handles.map((handle) => this.#find(handle, message.parts));
			if (setup.action === 'acknowledge') {
				await Promise.all(targets.map(({topic, handle}) => topic.checkAcknowledge(handle)));
			}

			await Promise.all(targets.map((target) => this.#act(setup.action, target)));
			this.#last = {kind: targets.some(({isTrial}) => isTrial) ? 'trial' : 'done'};
		} catch (error) {
			this.#counts.failed += 1;
			this.#last = {kind: 'refused'};
			throw error;
		} finally {
			this.#show();
		}
	}

	close(): void {
		this.#stopListening();
		this.#light.close();
	}

	/** Says what is wrong with the node itself before the first message finds out. */
	#check(): void {
		const before = this.#last;
		try {
			const setup = readSetup(this.#config);
			if (setup.account !== '') {
				this.#connection(setup.account);
			}

			this.#last = before.kind === 'misconfigured' ? {kind: 'nothing'} : before;
		} catch (error) {
			if (!(error instanceof RetarusError)) {
				throw error;
			}

			this.#last = {kind: 'misconfigured', error};
			if (before.kind !== 'misconfigured' || before.error.reason !== error.reason) {
				this.#node.error(translated(this.#RED, error), {topic: this.#config.topic});
			}
		}

		this.#show();
	}

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
		const topic = account.topic(handle.topic);
		topic.use(way);
		return {handle, topic, isTrial: setup.settings.isTrial, part: readPart(parts, handle.id)};
	}

	async #act(action: AckAction, target: Target): Promise<void> {
		const {handle, topic} = target;
		const {fax, id} = handle;
		switch (action) {
			case 'acknowledge':
				await this.#acknowledge(target);
				if (target.isTrial) {
					fax.trial = true;
				} else {
					fax.acknowledgedAt = new Date().toISOString();
					// Faxes are counted, not messages: each part of one passes here.
					this.#counts.acknowledged += (target.part?.index ?? 0) === 0 ? 1 : 0;
				}

				break;
			case 'giveBack':
				if (await topic.giveBack(handle)) {
					fax.givenBackAt = new Date().toISOString();
				} else {
					this.#warn('giveBackLate', {id, topic: topic.name});
				}

				break;
			case 'handOver':
				if (await topic.handOver(handle)) {
					fax.handedOverAt = new Date().toISOString();
				} else {
					this.#warn('handOverLate', {id, topic: topic.name});
				}
		}
	}

	async #acknowledge({topic, handle, part}: Target): Promise<void> {
		if (part) {
			this.#gathering += 1;
			this.#show();
			await topic.gather(handle, part).finally(() => {
				this.#gathering -= 1;
			});
		}

		this.#unconfirmed += 1;
		this.#show();
		await topic.acknowledge(handle).finally(() => {
			this.#unconfirmed -= 1;
		});
	}

	#warn(key: string, facts: Readonly<Record<string, string>>): void {
		this.#node.warn(faxAckText(this.#RED, `log.${key}`, facts, `${key} ${JSON.stringify(facts)}`));
	}

	#show(): void {
		this.#light.show(() => this.#status());
	}

	#status(): FullStatus {
		const {acknowledged, failed} = this.#counts;
		const inFlight = this.#gathering + this.#unconfirmed;
		return {
			...this.#look(inFlight),
			counts: {inFlight, unconfirmed: this.#unconfirmed, delivered: 0, acknowledged, redelivered: 0, failed},
		};
	}

	#look(waiting: number): NodeStatus & Pick<FullStatus, 'problem'> {
		const last = this.#last;
		if (last.kind === 'misconfigured') {
			const {code, reason, message} = last.error;
			return {fill: 'red', shape: 'ring', text: `${faxInNamespace}.${reason}`, problem: {code, message}};
		}

		if (waiting > 0) {
			return {fill: 'blue', shape: 'dot', text: `${waiting} …`};
		}

		switch (last.kind) {
			case 'nothing':
				return {};
			case 'refused':
				return {fill: 'red', shape: 'ring', text: `${namespace}.refused`};
			case 'trial':
				return {fill: 'grey', shape: 'ring', text: `${namespace}.trial`};
			case 'done':
				return {fill: 'green', shape: 'dot', text: String(this.#counts.acknowledged)};
		}
	}
}

/** @throws ConfigError for the first property that cannot be used */
const readSetup = (config: FaxAckConfig): Setup => {
	const problem =
		choiceProblem('action', config.action, ackActions) ??
		flagProblem('guard', config.guard) ??
		variableProblem('topic', config.topic);
	if (problem) {
		throw new ConfigError(problem.reason, problem.facts);
	}

	if (config.topic !== '' && !isTopic(config.topic)) {
		throw new ConfigError('topicInvalid');
	}

	return {
		account: config.account,
		topic: config.topic,
		action: ackActions.find((action) => action === config.action) ?? 'acknowledge',
		isGuarded: toFlag(config.guard, true),
	};
};
