/**
 * The accounts of one state folder: each opened by its first user and closed after its last, so that no two clients
 * poll one queue.
 */
import {Account, accountKey} from './account';
import {ByteBudget, documentBudgetBytes} from '../documents/byte-budget';
import type {AccountSettings, Connection} from '../retarus/connection';
import type {Environment} from '../environment';
import {keptByServiceMs} from '../retarus/facts';
import {TopicMemory} from '../faxes/memory';
import {ownFolder} from '../ledger/folder-owner';
import {StateFolder} from '../ledger/state-folder';

/** One user's hold on an account. */
export interface AccountHold {
	readonly account: Account;
	/** With the settings of this user; shared by all users of the same settings object. */
	readonly connection: Connection;
	/** Call it once. Resolves when the account is closed, if this was its last user. Never rejects. */
	release(): Promise<void>;
}

export interface Receiver {
	readonly id: string;
	/** For people. */
	readonly label: string;
}

/**
 * `undecided`: whoever received the queue was closed, and may be about to come back; ask again after {@link
 * Accounts.freeAbandoned}.
 */
export type Claim = {readonly kind: 'granted' | 'undecided'} | {readonly kind: 'taken'; readonly by: string};

interface Open {
	readonly account: Account;
	readonly ways: Map<AccountSettings, {readonly connection: Connection; users: number}>;
}

/** Documents that all accounts of this process hold together. */
const budget = new ByteBudget(documentBudgetBytes);

export class Accounts {
	readonly #path: string;
	readonly #environment: Environment;
	readonly #open = new Map<string, Open>();
	readonly #memories = new Map<string, TopicMemory>();
	/** By queue. */
	readonly #claims = new Map<string, Receiver>();
	/**
	 * Queues whose receiver was closed, perhaps only to be made anew: nobody else gets them before {@link freeAbandoned}.
	 */
	readonly #abandoned = new Set<string>();
	/** Somebody was told to ask again. */
	#isUndecided = false;
	#folder: StateFolder | undefined;
	/** All closings so far. The folder is given up after the last account was closed, and not owned again before that. */
	#closing: Promise<unknown> = Promise.resolve();

	constructor(path: string, environment: Environment) {
		this.#path = path;
		this.#environment = environment;
	}

	hold(settings: AccountSettings): AccountHold {
		const key = `${accountKey(settings)}${settings.isTrial ? '-trial' : ''}`;
		const open = this.#open.get(key) ?? this.#openAccount(key, settings);
		const {account, ways} = open;
		const way = ways.get(settings) ?? {connection: account.connect(settings), users: 0};
		ways.set(settings, way);
		way.users += 1;
		return {
			account,
			connection: way.connection,
			release: async () => {
				way.users -= 1;
				if (way.users > 0) {
					return;
				}

				ways.delete(settings);
				await (ways.size === 0 ? this.#close(key, account) : account.disconnect(way.connection));
			},
		};
	}

	/** Makes somebody the one receiver of a queue, unless somebody else is. */
	claim(account: Account, topic: string, receiver: Receiver): Claim {
		const key = `${account.key} ${topic}`;
		const owner = this.#claims.get(key) ?? receiver;
		if (owner.id === receiver.id) {
			this.#claims.set(key, owner);
			this.#abandoned.delete(key);
			return {kind: 'granted'};
		}

		if (this.#abandoned.has(key)) {
			this.#isUndecided = true;
			return {kind: 'undecided'};
		}

		return {kind: 'taken', by: owner.label};
	}

	/** The receiver is closed. It may come back and claim its queue again. */
	unclaim(account: Account, topic: string, receiverId: string): void {
		const key = `${account.key} ${topic}`;
		if (this.#claims.get(key)?.id === receiverId) {
			this.#abandoned.add(key);
		}
	}

	/** Frees the queues whose receivers did not come back. Returns whether it is worth asking again. */
	freeAbandoned(): boolean {
		const isAny = this.#abandoned.size > 0 || this.#isUndecided;
		this.#isUndecided = false;
		for (const key of this.#abandoned) {
			this.#claims.delete(key);
		}

		this.#abandoned.clear();
		return isAny;
	}

	/** All flows were stopped: nobody works on a fax any more. */
	endLeases(): void {
		for (const memory of this.#memories.values()) {
			memory.endLeases();
		}
	}

	/** The receiver was removed for good. */
	endLeasesOf(account: Account, topic: string): void {
		for (const suffix of ['', '-trial']) {
			this.#memories.get(`${account.key}${suffix} ${topic}`)?.endLeases();
		}
	}

	#openAccount(key: string, settings: AccountSettings): Open {
		const account = this.#create(key, settings);
		const open: Open = {account, ways: new Map([[settings, {connection: account.newestConnection, users: 0}]])};
		this.#open.set(key, open);
		return open;
	}

	#create(key: string, settings: AccountSettings): Account {
		const folder = this.#folder ?? this.#ownFolder();
		this.#folder = folder;
		return new Account(settings, {
			environment: this.#environment,
			folder,
			budget,
			memory: (topic) => {
				const name = `${key} ${topic}`;
				const memory = this.#memories.get(name) ?? new TopicMemory(this.#environment.clock);
				memory.deletionWarnings.keptMs = settings.keptMs ?? keptByServiceMs;
				this.#memories.set(name, memory);
				return memory;
			},
		});
	}

	#ownFolder(): StateFolder {
		const before = this.#closing;
		return new StateFolder(this.#path, this.#environment, async (path, options) => {
			await before;
			return ownFolder(path, options);
		});
	}

	async #close(key: string, account: Account): Promise<void> {
		this.#open.delete(key);
		const isLast = this.#open.size === 0;
		const folder = isLast ? this.#folder : undefined;
		if (isLast) {
			this.#folder = undefined;
		}

		const closed = account.close();
		this.#closing = Promise.all([this.#closing, closed]).then(() => folder?.close());
		await (isLast ? this.#closing : closed);
	}
}
