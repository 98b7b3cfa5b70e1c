import {Account} from '../../../lib/account/account';
import {ByteBudget} from '../../../lib/documents/byte-budget';
import {StateError} from '../../../lib/errors';
import {TopicMemory} from '../../../lib/faxes/memory';
import {StateFolder} from '../../../lib/ledger/state-folder';
import type {Topic} from '../../../lib/account/topic';
import {Deliveries} from './deliveries';
import type {Flow} from './flow';
import {Life, LifeClock, type Machine} from './machine';
import {Network} from './network';
import {Pending} from './pending';
import type {Random} from '../../world/random';
import type {Records} from './records';
import type {Receiving} from './scenario';
import {ExchangeWatch} from './watch';
import type {World} from './world';

export interface ProcessOptions {
	/** Number of its client. */
	readonly client: number;
	readonly machine: Machine;
	readonly records: Records;
	readonly receivings: ReadonlyMap<string, Receiving>;
	readonly flow: Flow;
	readonly random: Random;
}

interface Open {
	readonly account: Account;
	readonly folder: StateFolder;
	readonly clock: LifeClock;
	readonly stops: Map<string, () => void>;
}

/** One Node-RED with the real core in it. */
export class Process {
	readonly number: number;
	readonly life: Life;
	readonly records: Records;
	readonly budget: ByteBudget;
	readonly deliveries: Deliveries;
	readonly pending: Pending;
	readonly world: World;
	readonly client: number;
	readonly #receivings: ReadonlyMap<string, Receiving>;
	readonly #flow: Flow;
	readonly #random: Random;
	readonly #memories = new Map<string, TopicMemory>();
	readonly #memoryClock: LifeClock;
	#open: Open | undefined;
	/** A folder is not owned again before it was given up. */
	#closing: Promise<void> = Promise.resolve();

	constructor(world: World, options: ProcessOptions) {
		this.world = world;
		this.number = world.census.begin();
		this.client = options.client;
		this.#random = options.random;
		this.life = new Life(options.machine, options.random);
		this.records = options.records;
		this.budget = new ByteBudget(world.scenario.budgetBytes);
		this.#receivings = options.receivings;
		this.#flow = options.flow;
		this.#memoryClock = new LifeClock(this.life);
		this.deliveries = new Deliveries(this);
		this.pending = new Pending(this);
	}

	/** Whether it can be asked for something. */
	get isOpen(): boolean {
		return this.#open !== undefined && !this.life.isOver;
	}

	memory(topic: string): TopicMemory {
		const memory = this.#memories.get(topic) ?? new TopicMemory(this.#memoryClock);
		this.#memories.set(topic, memory);
		return memory;
	}

	receiving(topic: string): Receiving {
		return this.#receivings.get(topic);
	}

	/** `undefined` when there is nobody to ask. */
	topic(name: string): Topic | undefined {
		return this.isOpen ? this.#open?.account.topic(name) : undefined;
	}

	open(): void {
		const {
			life,
			world,
			records: {disk},
		} = this;
		const clock = new LifeClock(life);
		const environment = {clock, files: disk.mount(life), random: () => this.#random.next()};
		const owner = {life};
		const before = this.#closing;
		const folder = new StateFolder('/state', environment, async (path) => {
			await before;
			return life.operate(1, () => {
				if (!disk.own(owner)) {
					throw new StateError('folderTaken', {folder: path});
				}

				return () =>
					life.operate(1, () => {
						disk.disown(owner);
					});
			});
		});
		const watch = new ExchangeWatch(this, owner);
		const account = new Account(
			{
				baseUrl: 'https://retarus/faxin',
				customerNumber: '1',
				password: 'secret',
				requestTimeoutMs: world.scenario.requestTimeoutMs,
				isTrial: false,
				proxy: 'none',
			},
			{
				environment,
				folder,
				budget: this.budget,
				memory: (topic) => this.memory(topic),
				createTransport: () => new Network(life, world.retarus, world.weather, this.#random, watch),
			},
		);
		this.#open = {account, folder, clock, stops: new Map()};
		for (const topic of this.#receivings.keys()) {
			this.#listen(account.topic(topic));
			this.receive(topic);
		}
	}

	/** After a close, unless the process has ended meanwhile or is open again. */
	reopen(): void {
		if (!this.life.isOver && this.#open === undefined) {
			this.open();
		}
	}

	/** Starts the receiver of a topic, unless it runs or there is none. */
	receive(topic: string): void {
		const receiving = this.receiving(topic);
		if (receiving && this.#open && !this.#open.stops.has(topic)) {
			this.#open.stops.set(topic, this.#open.account.topic(topic).receive(receiving));
		}
	}

	stop(topic: string): void {
		this.#open?.stops.get(topic)?.();
		this.#open?.stops.delete(topic);
		this.records.interrupted();
	}

	/** Nothing of it reaches the world any more. */
	end(): void {
		this.life.end();
		this.world.census.end(this.number);
	}

	/** A full deploy: the flows are stopped, nobody works on anything any more. */
	endLeases(): void {
		this.deliveries.end();
		for (const memory of this.#memories.values()) {
			memory.endLeases();
		}
	}

	/** Resolves when the account is closed. */
	close(): Promise<void> {
		const open = this.#open;
		this.#open = undefined;
		if (open) {
			const {account, folder, stops, clock} = open;
			const topics = new Set([...this.#receivings.keys()].map((name) => account.topic(name)));
			for (const stop of stops.values()) {
				stop();
			}

			this.records.interrupted();
			this.#closing = account
				.close()
				.then(() => folder.close())
				.then(() => {
					this.pending.closed(topics);
					if (clock.pending > 0) {
						this.world.witness.violated(
							'broken',
							`process ${this.number} has ${clock.pending} timers left after close`,
						);
					}
				});
		}

		return this.#closing;
	}

	#listen(topic: Topic): void {
		const {
			world: {witness},
			records,
			deliveries,
		} = this;
		const {name} = topic;
		topic.on('delivery', (fax) => {
			deliveries.begin(name, fax);
			this.#flow.delivered(this, name, fax);
		});
		topic.on('failure', (fax, error) => {
			deliveries.failed(fax, error);
		});
		topic.on('step', ({step, id, delivery}) => {
			witness.tell(() => `process ${this.number}: ${step} ${id} ${delivery ?? ''}`);
			if (step === 'accepted') {
				records.accept(id);
				deliveries.end(id, 'accepted');
			} else if (step === 'givenBack') {
				deliveries.end(id, 'givenBack');
			} else if (step === 'handedOver') {
				deliveries.handOver(id);
			}
		});
		topic.on('trouble', (error) => {
			witness.tell(() => `process ${this.number}: trouble: ${error.message}`);
		});
		topic.on('change', () => {
			deliveries.checkRoom(name);
		});
	}
}
