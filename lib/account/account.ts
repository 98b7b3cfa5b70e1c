/** What one account shares: the service client, the gate that all its topics pass, the topics. */
import {createHash} from 'node:crypto';
import {EventEmitter} from 'node:events';
import type {ByteBudget} from '../documents/byte-budget';
import {createService, realTransport, type AccountSettings, type Connection} from '../retarus/connection';
import type {Environment} from '../environment';
import type {RetarusError} from '../errors';
import {topicWithUnconfirmed} from '../ledger/journal-ledger';
import type {TopicMemory} from '../faxes/memory';
import {keptByServiceMs} from '../retarus/facts';
import {SharedGate} from '../pacing/shared-gate';
import {Slots} from '../pacing/slots';
import type {StateFolder} from '../ledger/state-folder';
import {Topic} from './topic';
import type {Notice, Step} from '../faxes/events';

export interface AccountOptions {
	readonly environment: Environment;
	readonly folder: StateFolder;
	readonly budget: ByteBudget;
	/** What the process remembers of a topic of this account. */
	readonly memory: (topic: string) => TopicMemory;
	readonly createTransport?: typeof realTransport;
	/**
	 * Requests for documents at the same time. More than the usual ones gain little at common round trips, and take from
	 * others.
	 */
	readonly downloadSlots?: number;
}

/** What concerns a topic that nobody receives, so that only its acknowledgements suffer. */
export interface AccountEvents {
	/** A lasting condition began, or turned into another one. */
	trouble: [topic: string, RetarusError];
	/** It is over, after so many milliseconds. */
	recovery: [topic: string, RetarusError, durationMs: number];
	notice: [topic: string, Notice];
	/** A step of a fax. */
	step: [topic: string, Step];
}

const usualDownloadSlots = 32;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

/** Names the queues of a customer, without telling who that is. */
export const accountKey = ({baseUrl, customerNumber}: Pick<AccountSettings, 'baseUrl' | 'customerNumber'>): string =>
	digest(`${normalised(baseUrl)}\n${customerNumber}`);

/** Equal for URLs that differ in nothing but case of the host, default port and slashes at the end. */
const normalised = (baseUrl: string): string => {
	const {origin, pathname} = new URL(baseUrl);
	return `${origin}${pathname.replace(/\/+$/, '')}`;
};

export class Account extends EventEmitter<AccountEvents> {
	readonly key: string;
	readonly #options: AccountOptions;
	readonly #downloadSlots: number;
	readonly #slots: Slots;
	readonly #topics = new Map<string, Topic>();
	/** Oldest first. There is one for as long as the account has a user. */
	readonly #connections: Connection[];
	readonly #isTrial: boolean;
	readonly #keptMs: number;
	#isClosed = false;

	constructor(settings: AccountSettings, options: AccountOptions) {
		super();
		this.key = accountKey(settings);
		this.#options = options;
		this.#isTrial = settings.isTrial;
		this.#keptMs = settings.keptMs ?? keptByServiceMs;
		this.#downloadSlots = options.downloadSlots ?? usualDownloadSlots;
		this.#slots = new Slots(this.#downloadSlots);
		this.#connections = [this.#create(settings)];
		void this.#finishOldAcknowledges();
	}

	/** With the latest settings: right after the account was opened, those it was opened with. */
	get newestConnection(): Connection {
		const newest = this.#connections.at(-1);
		if (!newest) {
			throw new Error('an account without users has no connection');
		}

		return newest;
	}

	/** Another way to the same account: another password, another proxy. */
	connect(settings: AccountSettings): Connection {
		const connection = this.#create(settings);
		this.#connections.push(connection);
		this.#wakeAll();
		return connection;
	}

	/** Nobody uses this connection any longer. Never rejects. */
	async disconnect(connection: Connection): Promise<void> {
		this.#connections.splice(this.#connections.indexOf(connection), 1);
		for (const topic of this.#topics.values()) {
			topic.drop(connection);
		}

		this.#wakeAll();
		await connection.client.close().catch(() => undefined);
	}

	/** The topic if somebody receives or acknowledges there; asking for it makes none. */
	knownTopic(name: string): Topic | undefined {
		return this.#topics.get(name);
	}

	/** The topic, which exists from now on until the account is closed. */
	topic(name: string): Topic {
		const known = this.#topics.get(name);
		if (known) {
			return known;
		}

		const {environment, folder, budget, memory} = this.#options;
		const topic = new Topic({
			name,
			environment,
			folder,
			memory: memory(name),
			path: folder.file(`${this.key}-${digest(name)}.journal`),
			isTrial: this.#isTrial,
			keptMs: this.#keptMs,
			connection: () => this.newestConnection,
			downloads: {budget, slots: this.#slots},
			wakeAll: () => {
				this.#wakeAll();
			},
		});
		topic.on('trouble', (error) => {
			if (!topic.hasReceiver) {
				this.emit('trouble', name, error);
			}
		});
		topic.on('recovery', (error, durationMs) => {
			if (!topic.hasReceiver) {
				this.emit('recovery', name, error, durationMs);
			}
		});
		topic.on('notice', (notice) => {
			if (!topic.hasReceiver) {
				this.emit('notice', name, notice);
			}
		});
		topic.on('step', (step) => {
			if (!topic.hasReceiver) {
				this.emit('step', name, step);
			}
		});
		this.#topics.set(name, topic);
		return topic;
	}

	/** Sends what is accepted and ends all connections, within two seconds. Never rejects. */
	async close(): Promise<void> {
		this.#isClosed = true;
		await Promise.all([...this.#topics.values()].map((topic) => topic.close()));
		await Promise.all(this.#connections.map(({client}) => client.close().catch(() => undefined)));
		this.removeAllListeners();
	}

	#create(settings: AccountSettings): Connection {
		const {
			environment: {clock, random},
			createTransport: create = realTransport,
		} = this.#options;
		return {
			client: createService(settings, clock, create(settings, this.#downloadSlots)),
			gate: new SharedGate(clock, random),
		};
	}

	#wakeAll(): void {
		for (const topic of this.#topics.values()) {
			topic.wake();
		}
	}

	/**
	 * Acknowledges that were accepted before a restart are sent even when no node asks for their topic again. Never
	 * rejects.
	 */
	async #finishOldAcknowledges(): Promise<void> {
		const {
			folder,
			environment: {files},
		} = this.#options;
		await folder.ready;
		try {
			for (const name of await files.list(folder.path)) {
				const isOurs = name.startsWith(`${this.key}-`) && name.endsWith('.journal');
				const topic = isOurs
					? await topicWithUnconfirmed(files, folder.file(name), (known) => this.#topics.has(known))
					: undefined;
				if (topic !== undefined && !this.#isClosed) {
					this.topic(topic);
				}
			}
		} catch {
			// The topics themselves say that the folder cannot be read.
		}
	}
}
