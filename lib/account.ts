/** What one account shares: the service client, the gate that all its topics pass, the topics. */
import {createHash} from 'node:crypto';
import {EventEmitter} from 'node:events';
import type {ByteBudget} from './budget';
import type {Environment} from './environment';
import type {RetarusError} from './errors';
import {topicWithUnconfirmed} from './ledger';
import type {TopicMemory} from './memory';
import {Gate} from './pacing';
import {Service} from './service';
import {Slots} from './slots';
import type {StateFolder} from './state-folder';
import {Topic} from './topic';
import type {Step} from './topic-events';
import {createTransport, type Proxy, type TlsOptions, type Transport} from './transport';

/** How to reach the service, and as whom. */
export interface AccountSettings {
	/** http or https, e.g. `https://api.de1.retarus.com/faxin/rest/v1`. */
	readonly baseUrl: string;
	readonly customerNumber: string;
	readonly password: string;
	readonly requestTimeoutMs: number;
	readonly isTrial: boolean;
	readonly tls?: TlsOptions;
	readonly proxy: Proxy | 'environment' | 'none';
}

export interface AccountOptions {
	readonly environment: Environment;
	readonly folder: StateFolder;
	readonly budget: ByteBudget;
	/** What the process remembers of a topic of this account. */
	readonly memory: (topic: string) => TopicMemory;
	readonly createTransport?: (settings: AccountSettings) => Transport;
}

export interface AccountEvents {
	/** A lasting condition of a topic that nobody receives, so that only acknowledges suffer. */
	trouble: [topic: string, RetarusError];
	/** A step of a fax of a topic that nobody receives. */
	step: [topic: string, Step];
}

/** Requests for documents at the same time. More gains little at common round trips, and takes from others. */
const downloadSlots = 16;

/** An exchange never waits behind downloads. */
const exchangeConnections = 4;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

/** Names the queues of a customer, without telling who that is. */
export const accountKey = ({baseUrl, customerNumber}: Pick<AccountSettings, 'baseUrl' | 'customerNumber'>): string => digest(`${normalised(baseUrl)}\n${customerNumber}`);

/** Equal for URLs that differ in nothing but case of the host, default port and slashes at the end. */
const normalised = (baseUrl: string): string => {
	const {origin, pathname} = new URL(baseUrl);
	return `${origin}${pathname.replace(/\/+$/, '')}`;
};

const realTransport = ({baseUrl, tls, proxy}: AccountSettings): Transport => createTransport({
	origin: new URL(baseUrl).origin, proxy, connections: downloadSlots + exchangeConnections, ...(tls && {tls}),
});

export class Account extends EventEmitter<AccountEvents> {
	readonly key: string;
	readonly #options: AccountOptions;
	readonly #gate: Gate;
	readonly #slots = new Slots(downloadSlots);
	readonly #topics = new Map<string, Topic>();
	readonly #isTrial: boolean;
	#service: Service;
	#isClosed = false;

	constructor(settings: AccountSettings, options: AccountOptions) {
		super();
		this.key = accountKey(settings);
		this.#options = options;
		this.#isTrial = settings.isTrial;
		this.#gate = new Gate(options.environment.clock, options.environment.random);
		this.#service = this.#connect(settings);
		void this.#finishOldAcknowledges();
	}

	/** Other credentials, or another way: tried at once. Never rejects. */
	async use(settings: AccountSettings): Promise<void> {
		const old = this.#service;
		this.#service = this.#connect(settings);
		this.#gate.open();
		this.#wakeAll();
		await old.close().catch(() => undefined);
	}

	/** The topic, which exists from now on until the account is closed. */
	topic(name: string): Topic {
		let topic = this.#topics.get(name);
		if (!topic) {
			const {environment, folder, budget, memory} = this.#options;
			topic = new Topic({
				name, environment, folder,
				memory: memory(name),
				path: folder.file(`${this.key}-${digest(name)}.journal`),
				isTrial: this.#isTrial,
				service: () => this.#service,
				accountGate: this.#gate,
				downloads: {budget, slots: this.#slots},
				wakeAll: () => {
					this.#wakeAll();
				},
			});
			const opened = topic;
			topic.on('trouble', (error) => {
				if (!opened.hasReceiver) {
					this.emit('trouble', name, error);
				}
			});
			topic.on('step', (step) => {
				if (!opened.hasReceiver) {
					this.emit('step', name, step);
				}
			});
			this.#topics.set(name, topic);
		}

		return topic;
	}

	/** Sends what is accepted and ends all connections, within two seconds. Never rejects. */
	async close(): Promise<void> {
		this.#isClosed = true;
		await Promise.all([...this.#topics.values()].map(topic => topic.close()));
		await this.#service.close().catch(() => undefined);
		this.removeAllListeners();
	}

	#connect(settings: AccountSettings): Service {
		return new Service({
			transport: (this.#options.createTransport ?? realTransport)(settings),
			clock: this.#options.environment.clock,
			basePath: new URL(settings.baseUrl).pathname.replace(/\/+$/, ''),
			customerNumber: settings.customerNumber,
			password: settings.password,
			requestTimeoutMs: settings.requestTimeoutMs,
		});
	}

	#wakeAll(): void {
		for (const topic of this.#topics.values()) {
			topic.wake();
		}
	}

	/** Acknowledges that were accepted before a restart are sent even when no node asks for their topic again. Never rejects. */
	async #finishOldAcknowledges(): Promise<void> {
		const {folder, environment: {files}} = this.#options;
		await folder.ready;
		try {
			for (const name of await files.list(folder.path)) {
				const content = name.startsWith(`${this.key}-`) && name.endsWith('.journal') ? await files.read(folder.file(name)) : undefined;
				const topic = content && topicWithUnconfirmed(content);
				if (topic !== undefined && !this.#isClosed) {
					this.topic(topic);
				}
			}
		} catch {
			// The topics themselves say that the folder cannot be read.
		}
	}
}
