/** The accounts of one state folder: each opened by its first user and closed after its last, so that no two clients poll one queue. */
import {Account, accountKey, type AccountSettings} from './account';
import {ByteBudget, documentBudgetBytes} from './budget';
import type {Environment} from './environment';
import {TopicMemory} from './memory';
import {ownFolder} from './owner';
import {StateFolder} from './state-folder';

/** One user's hold on an account. */
export interface AccountHold {
	readonly account: Account;
	/** Resolves when the account is closed, if this was its last user. Never rejects. */
	release(): Promise<void>;
}

export interface Receiver {
	readonly id: string;
	/** For people. */
	readonly label: string;
}

interface Open {
	readonly account: Account;
	/** Settings of the users, the newest last: those count. */
	readonly users: AccountSettings[];
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
	#folder: StateFolder | undefined;
	/** A folder is not owned again before it was given up. */
	#closing: Promise<unknown> = Promise.resolve();

	constructor(path: string, environment: Environment) {
		this.#path = path;
		this.#environment = environment;
	}

	hold(settings: AccountSettings): AccountHold {
		const key = `${accountKey(settings)}${settings.isTrial ? '-trial' : ''}`;
		let open = this.#open.get(key);
		if (open) {
			const isNew = open.users.at(-1) !== settings;
			open.users.push(settings);
			if (isNew) {
				void open.account.use(settings);
			}
		} else {
			open = {account: this.#create(key, settings), users: [settings]};
			this.#open.set(key, open);
		}

		const {account, users} = open;
		return {
			account,
			release: async () => {
				const wasNewest = users.at(-1) === settings;
				users.splice(users.lastIndexOf(settings), 1);
				const next = users.at(-1);
				if (next === undefined) {
					await this.#close(key, account);
				} else if (wasNewest && next !== settings) {
					void account.use(next);
				}
			},
		};
	}

	/** Makes somebody the one receiver of a queue. Returns the label of who is it already, if somebody else is. */
	claim(account: Account, topic: string, receiver: Receiver): string | undefined {
		const key = `${account.key} ${topic}`;
		const owner = this.#claims.get(key) ?? receiver;
		this.#claims.set(key, owner);
		return owner.id === receiver.id ? undefined : owner.label;
	}

	/** The queue is free again. */
	unclaim(account: Account, topic: string, receiverId: string): void {
		const key = `${account.key} ${topic}`;
		if (this.#claims.get(key)?.id === receiverId) {
			this.#claims.delete(key);
		}
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

	#create(key: string, settings: AccountSettings): Account {
		const folder = this.#folder ?? this.#ownFolder();
		this.#folder = folder;
		return new Account(settings, {
			environment: this.#environment, folder, budget,
			memory: (topic) => {
				const name = `${key} ${topic}`;
				const memory = this.#memories.get(name) ?? new TopicMemory(this.#environment.clock);
				this.#memories.set(name, memory);
				return memory;
			},
		});
	}

	#ownFolder(): StateFolder {
		const before = this.#closing;
		return new StateFolder(this.#path, this.#environment, async (path) => {
			await before;
			return ownFolder(path);
		});
	}

	async #close(key: string, account: Account): Promise<void> {
		this.#open.delete(key);
		const isLast = this.#open.size === 0;
		const folder = isLast ? this.#folder : undefined;
		if (isLast) {
			this.#folder = undefined;
		}

		const closed = account.close().then(() => folder?.close());
		this.#closing = closed;
		await closed;
	}
}
