import type {DeliveredFax} from '../../../lib/faxes/events';
import type {Process} from './process';
import {Random} from '../../world/random';
import type {World} from './world';

/** Where an acknowledge from elsewhere arrives: some client that is up, if any. */
export type Elsewhere = () => Process | undefined;

interface Handle {
	readonly process: Process;
	readonly topic: string;
	readonly id: string;
	readonly delivery: number | undefined;
}

/** How often an acknowledge that nobody took is brought again. */
const patience = 20;

/** What users make of faxes: most acknowledge soon, some never, some twice, late, or elsewhere. */
export class Flow {
	/** Faxes on which every flow hangs, as long as this says so. */
	isStubborn: (id: string) => boolean = () => false;
	readonly #world: World;
	readonly #elsewhere: Elsewhere;
	readonly #random: Random;

	constructor(world: World, elsewhere: Elsewhere) {
		this.#world = world;
		this.#elsewhere = elsewhere;
		this.#random = new Random(world.seed, 'flow');
	}

	delivered(process: Process, topic: string, {id, delivery, givenUp}: DeliveredFax): void {
		const {weather} = this.#world;
		const random = this.#random;
		const handle: Handle = {process, topic, id, delivery};
		const timeoutMs = process.receiving(topic)?.processingTimeoutMs ?? 0;
		const workMs = weather.isClear ? random.between(0, 500) : random.scaled(1, timeoutMs * 0.9);
		if (!givenUp && this.isStubborn(id)) {
			return;
		}

		switch (true) {
			case weather.strikes('fails', 3):
				return;
			case weather.strikes('givesBack', 3):
				this.#later(process, workMs, () => this.#giveBack(handle, false));
				return;
			case weather.strikes('acknowledgesGivenBack', 2):
				this.#later(process, workMs, () => this.#giveBack(handle, true));
				return;
			case weather.strikes('handsOver', 3):
				this.#later(process, workMs, () => this.#handOver(handle));
				return;
			case weather.strikes('parts', 3):
				this.#gather(handle, workMs);
				return;
			case weather.strikes('late', 3):
				this.#later(process, timeoutMs * random.between(1, 4), () => this.#acknowledge(handle));
				return;
			case weather.strikes('twice', 3):
				this.#later(process, workMs + random.scaled(1, 100_000), () => this.#acknowledge(handle));
				break;
			case weather.strikes('givesBackAtOnce', 3):
				this.#later(process, workMs, () => this.#both(handle));
				return;
			case weather.strikes('stranger'):
				this.#later(process, workMs, () => this.#acknowledge({...handle, id: `${id}-stranger`, delivery: undefined}));
				break;
			default:
		}

		const isByHand = weather.strikes('byHand', 3);
		this.#later(process, workMs, async () => {
			await this.#acknowledge({...handle, delivery: isByHand ? undefined : delivery});
			if (weather.strikes('givesBackLate', 3)) {
				await this.#giveBack(handle, false);
			}
		});
	}

	#later(process: Process, delayMs: number, work: () => Promise<unknown>): void {
		process.life.in(delayMs, () => {
			void work();
		});
	}

	/** Once refused by the disk, some flows try again. */
	async #acknowledge({process, topic, id, delivery}: Handle, tries = patience): Promise<void> {
		const outcome = await process.pending.acknowledge(topic, id, delivery);
		if (outcome !== 'done' && tries > 0 && (outcome === undefined || this.#random.chance(0.5))) {
			this.#later(process, 5000, () => this.#acknowledge({process, topic, id, delivery}, tries - 1));
		}
	}

	async #giveBack({process, topic, id, delivery}: Handle, acknowledges: boolean): Promise<void> {
		const wasAccepted = process.records.isAccepted(id);
		const core = process.topic(topic);
		const isDone = (await core?.giveBack({id, delivery})) ?? false;
		const {witness} = this.#world;
		witness.tell(() => `process ${process.number}: ${id} (${delivery ?? ''}) is ${isDone ? '' : 'not '}given back`);
		if (isDone && wasAccepted) {
			witness.violated('broken', `${id} was accepted, and then given back`);
		}

		if (isDone && acknowledges && core && process.topic(topic) === core) {
			const outcome = await process.pending.acknowledge(topic, id, delivery);
			if (outcome === 'done') {
				witness.violated('broken', `delivery ${delivery ?? ''} of ${id} was given back, and then acknowledged`);
			}
		}
	}

	/** An acknowledge, and while that is on its way to the disk, the same delivery is given back: the first wins. */
	async #both({process, topic, id, delivery}: Handle): Promise<void> {
		const core = process.topic(topic);
		const acknowledged = process.pending.acknowledge(topic, id, delivery);
		const isGivenBack = (await core?.giveBack({id, delivery})) ?? false;
		if ((await acknowledged) === 'done' && isGivenBack) {
			this.#world.witness.violated(
				'broken',
				`delivery ${delivery ?? ''} of ${id} was acknowledged, and then given back`,
			);
		}
	}

	/** The message leaves this Node-RED, and some Node-RED acknowledges it later. */
	async #handOver({process, topic, id, delivery}: Handle): Promise<void> {
		const {schedule} = this.#world;
		await process.topic(topic)?.handOver({id, delivery});
		if (this.#random.chance(0.2)) {
			return;
		}

		const arrive = (tries: number): void => {
			const target = this.#elsewhere();
			if (target) {
				this.#later(target, 0, () => target.pending.acknowledge(topic, id, delivery));
			} else if (tries > 0) {
				schedule.in(5000, () => {
					arrive(tries - 1);
				});
			}
		};
		schedule.in(this.#random.scaled(100, 300_000), () => {
			arrive(patience);
		});
	}

	/** Two parts of a fax on different ways; some never arrive. */
	#gather(handle: Handle, workMs: number): void {
		const {process, topic, id, delivery} = handle;
		const count = this.#random.chance(0.2) ? 1 : 2;
		for (let index = 0; index < count; index += 1) {
			this.#later(process, workMs * this.#random.between(0.5, 1), async () => {
				const core = process.topic(topic);
				try {
					await core?.gather({id, delivery}, {index, count: 2});
				} catch (error) {
					this.#world.witness.tell(() => `process ${process.number}: parts of ${id}: ${String(error)}`);
					return;
				}

				await this.#acknowledge(handle);
			});
		}
	}
}
