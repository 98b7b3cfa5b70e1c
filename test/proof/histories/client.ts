import {ClientDisk} from './disk';
import type {MomentKind} from './faults';
import type {Flow} from './flow';
import {Machine} from './machine';
import {Process} from './process';
import {Random} from '../../world/random';
import {Records} from './records';
import type {World} from './world';

const daySeconds = 86_400;

/** Docker's patience. */
const closeLimitMs = 10_000;

/** One Node-RED installation: a machine, a disk, and one process after the other. */
export class Client {
	readonly number: number;
	readonly #world: World;
	readonly #flow: Flow;
	readonly #random: Random;
	readonly #machine: Machine;
	readonly #records: Records;
	#process: Process | undefined;
	/** Started beside it, by mistake. */
	readonly #others = new Set<Process>();

	constructor(world: World, number: number, flow: Flow) {
		this.number = number;
		this.#world = world;
		this.#flow = flow;
		this.#random = new Random(world.seed, `client ${number}`);
		this.#machine = new Machine(world.schedule);
		this.#records = new Records(new ClientDisk(this.#random, world.weather), world.witness);
	}

	/** The one that runs; `undefined` between two. */
	get process(): Process | undefined {
		return this.#process;
	}

	/** Starts a process unless one runs. */
	start(): void {
		if (this.#process !== undefined) {
			return;
		}

		this.#process = this.#begin();
		if (this.#world.weather.strikes('killAtOperation', 10)) {
			const {life} = this.#process;
			life.lightFuse(this.#random.integer(1, 300), () => {
				this.#kill(this.#random.chance(0.3));
			});
		}
	}

	suffer(kind: MomentKind): void {
		const process = this.#process;
		const isOfMachine = kind === 'powerCut' || kind === 'wallJump' || kind === 'sleep';
		if (process === undefined || (this.#machine.asleepMs > 0 && !isOfMachine)) {
			return;
		}

		const random = this.#random;
		const {schedule, witness} = this.#world;
		witness.tell(() => `client ${this.number}: ${kind}`);
		switch (kind) {
			case 'kill':
			case 'killAtOperation':
				this.#kill(false);
				break;
			case 'powerCut':
				this.#kill(true);
				break;
			case 'cleanRestart':
				this.#restart(process);
				break;
			case 'redeployReceiver':
				this.#redeployReceiver(process);
				break;
			case 'redeployAccount':
				void this.#deploy(process);
				break;
			case 'fullDeploy':
				process.endLeases();
				void this.#deploy(process);
				break;
			case 'wallJump':
				this.#machine.setWall(Math.round(random.pick([1, -1]) * random.scaled(1, daySeconds)));
				break;
			case 'sleep':
				this.#machine.sleep(
					Math.floor(Math.min(random.scaled(1, 3600), (this.#world.scenario.faultsMs - schedule.nowMs) / 1000)),
				);
				break;
			case 'pause':
				for (const topic of this.#world.scenario.topics) {
					process.topic(topic)?.pause();
					process.life.in(random.scaled(1000, 300_000), () => {
						process.topic(topic)?.resume();
					});
				}

				break;
			case 'poll':
				this.#poll(process);
				break;
			case 'secondProcess': {
				const second = this.#begin();
				this.#others.add(second);
				schedule.in(random.scaled(100, 60_000), () => {
					second.end();
					this.#others.delete(second);
				});
			}
		}
	}

	/** Faults are over: everything runs again. */
	recover(): void {
		this.start();
		this.#process?.life.lightFuse(Infinity, () => undefined);
		for (const topic of this.#world.scenario.topics) {
			this.#process?.topic(topic)?.resume();
			this.#process?.receive(topic);
		}
	}

	/** Closes the process for good. */
	async stop(): Promise<void> {
		await this.#process?.close();
		this.#process?.end();
	}

	#begin(): Process {
		const {
			scenario: {clients},
		} = this.#world;
		const process = new Process(this.#world, {
			client: this.number,
			machine: this.#machine,
			records: this.#records,
			flow: this.#flow,
			random: this.#random,
			receivings: clients[this.number] ?? new Map(),
		});
		process.open();
		return process;
	}

	#kill(isPowerCut: boolean): void {
		const process = this.#process;
		if (process === undefined) {
			return;
		}

		const {tally, witness, weather} = this.#world;
		witness.tell(() => `client ${this.number}: process ${process.number} ends by ${isPowerCut ? 'power cut' : 'kill'}`);
		process.end();
		const {disk} = this.#records;
		if (isPowerCut) {
			for (const other of this.#others) {
				other.end();
				disk.killed(other.life);
			}

			this.#others.clear();
			disk.powerCut(process.life);
			this.#records.powerCut();
			tally.powerCuts += 1;
		} else {
			disk.killed(process.life);
			tally.kills += 1;
		}

		this.#records.restarted();
		this.#records.interrupted();
		this.#process = undefined;
		this.#startLater(weather.isClear ? 0 : this.#random.scaled(100, 120_000));
	}

	#startLater(delayMs: number): void {
		this.#world.schedule.in(delayMs, () => {
			this.start();
		});
	}

	#restart(process: Process): void {
		const {schedule, tally} = this.#world;
		tally.deploys += 1;
		let isClosed = false;
		void process.close().then(() => {
			isClosed = true;
			if (!process.life.isOver) {
				process.deliveries.end();
				process.end();
				this.#process = undefined;
				this.#startLater(this.#random.scaled(10, 10_000));
			}
		});
		schedule.in(closeLimitMs, () => {
			if (!isClosed && this.#process === process) {
				this.#kill(false);
			}
		});
	}

	#redeployReceiver(process: Process): void {
		this.#world.tally.deploys += 1;
		for (const topic of this.#world.scenario.topics) {
			if (this.#random.chance(0.7)) {
				process.stop(topic);
				process.life.in(this.#random.scaled(0.1, 5000), () => {
					process.receive(topic);
				});
			}
		}
	}

	/** The account is made anew while the process stays; sometimes before the old one has closed. */
	async #deploy(process: Process): Promise<void> {
		if (!process.isOpen) {
			return;
		}

		this.#world.tally.deploys += 1;
		const closed = process.close();
		if (this.#random.chance(0.8)) {
			await closed;
		}

		process.reopen();
	}

	#poll(process: Process): void {
		const {witness} = this.#world;
		for (const topic of this.#world.scenario.topics) {
			process
				.topic(topic)
				?.poll()
				.then(
					() => {
						witness.tell(() => `process ${process.number}: a round that was asked for is over`);
					},
					(error: unknown) => {
						witness.tell(() => `process ${process.number}: a round that was asked for failed: ${String(error)}`);
					},
				);
		}
	}
}
