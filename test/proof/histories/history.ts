/** One history: a world, its faults, and what must be true of it at every step and at its end. */
import {Client} from './client';
import {momentKinds, type FaultKind} from './faults';
import {Flow} from './flow';
import type {Process} from './process';
import {Random} from '../../world/random';
import {HabitualRetarus} from './retarus';
import {drawScenario} from './scenario';
import {Schedule} from './schedule';
import type {Tally} from './tally';
import {Weather} from './weather';
import {Violation, Witness} from './witness';
import {Census, type World} from './world';

export interface HistoryOptions {
	readonly seed: number;
	/** Fewer than drawn, to find a smaller history that fails. */
	readonly faxes?: number | undefined;
	/** Kinds of faults that it does not have, for the same purpose. */
	readonly without?: ReadonlySet<FaultKind>;
	/** Is told every step, each with its time. */
	readonly trace?: (text: string) => void;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** Longest time from the last fault until everything is acknowledged: some rests, and the slowest probe. */
const recoveryLimitMs = 12 * 60 * minute;

/** The one whose events run: histories may take turns. */
let current: History | undefined;

const enter = (history: History): void => {
	current = history;
};

process.on('unhandledRejection', (reason) => {
	current?.fail(reason);
});

export class History {
	readonly #world: World;
	readonly #random: Random;
	readonly #clients: readonly Client[];
	readonly #flow: Flow;
	readonly #stubborn = new Set<string>();
	/** Faxes whose documents nobody can ever have. */
	readonly #hopeless = new Set<string>();

	constructor({seed, faxes, without = new Set(), trace}: HistoryOptions, tally: Tally) {
		const schedule = new Schedule();
		const weather = new Weather(seed, without, tally.faults);
		const witness = new Witness(
			tally,
			trace &&
				((text) => {
					trace(`${(schedule.nowMs / 1000).toFixed(3).padStart(10)} s  ${text}`);
				}),
		);
		const retarus = new HabitualRetarus(schedule, weather, witness, new Random(seed, 'retarus'));
		const scenario = drawScenario(seed, faxes);
		this.#world = {seed, scenario, schedule, weather, witness, tally, retarus, census: new Census()};
		this.#random = new Random(seed, 'history');
		this.#flow = new Flow(this.#world, () => this.#someProcess());
		this.#clients = scenario.clients.map((_, number) => new Client(this.#world, number, this.#flow));
	}

	/** Resolves to what went wrong. */
	async run(): Promise<Violation | undefined> {
		const {
			scenario: {faultsMs},
			weather,
			witness,
			tally,
			schedule,
		} = this.#world;
		witness.tell(() => `faults until ${faultsMs / 1000} s: ${weather.kinds.join(' ')}`);
		this.#plan();
		try {
			await this.#until(() => schedule.nowMs >= faultsMs);
			witness.tell(() => 'the faults are over');
			weather.clear();
			this.#flow.isStubborn = (id) => this.#stubborn.has(id);
			for (const client of this.#clients) {
				client.recover();
			}

			await this.#untilDone((id) => !this.#stubborn.has(id) && !this.#hopeless.has(id), 'others hang');
			const recoveryMs = schedule.nowMs - faultsMs;
			this.#flow.isStubborn = () => false;
			await this.#untilDone((id) => !this.#hopeless.has(id), 'nothing hangs');
			tally.worstRecoveryMs = Math.max(tally.worstRecoveryMs, recoveryMs);
			await this.#end();
		} catch (error) {
			witness.violation ??=
				error instanceof Violation
					? error
					: new Violation('broken', error instanceof Error ? (error.stack ?? error.message) : String(error));
		}

		tally.simulatedMs += schedule.nowMs;
		return witness.violation;
	}

	/** Something went wrong that no one waited for. */
	fail(reason: unknown): void {
		this.#world.witness.violated(
			'broken',
			`a rejection that nobody handles: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`,
		);
	}

	#plan(): void {
		const {
			scenario: {faultsMs},
			schedule,
			weather,
		} = this.#world;
		const random = this.#random;
		this.#planFaxes();
		for (const client of this.#clients) {
			schedule.in(random.between(0, 5000), () => {
				client.start();
			});
		}

		weather.plan(schedule, faultsMs);
		for (const kind of momentKinds.filter((one) => weather.has(one))) {
			const own = weather.stream(kind);
			for (let left = own.integer(1, 6); left > 0; left -= 1) {
				const client = this.#clients[own.integer(0, this.#clients.length - 1)];
				schedule.in(own.between(0, faultsMs), () => {
					if (!weather.isClear) {
						weather.count(kind);
						client?.suffer(kind);
					}
				});
			}
		}
	}

	#planFaxes(): void {
		const {
			scenario: {topics, faxes, faultsMs},
			seed,
			schedule,
			weather,
			retarus,
			tally,
		} = this.#world;
		tally.faxes += faxes;
		for (let number = 0; number < faxes; number += 1) {
			const random = new Random(seed, `fax ${number}`);
			const topic = topics[random.integer(0, topics.length - 1)] ?? 'orders';
			const id = `K${number}@J${number}.a1`;
			const count = random.pick([1, 1, 1, 2, 3]);
			const isLate = random.chance(0.2) && weather.has('documentsLate');
			const isGone = random.chance(0.1) && weather.has('documentsGone');
			const isOld = random.chance(0.1) && weather.has('deletes');
			const arrivesMs = random.chance(0.3) ? 0 : random.between(0, faultsMs * (random.chance(0.1) ? 1.1 : 1));
			if (random.chance(0.05)) {
				this.#stubborn.add(id);
			}

			if (isGone || isOld) {
				this.#hopeless.add(id);
			}

			schedule.in(arrivesMs, () => {
				retarus.receive({
					id,
					topic,
					documents: new Map(
						Array.from({length: count}, (_, index) => [
							`K${number}@J${number}.${index}.pdf`,
							Buffer.from(`%PDF-1.4 ${number} ${index}\n%%EOF\n`),
						]),
					),
					readyAtMs: isLate ? arrivesMs + random.scaled(1000, faultsMs / 2) : 0,
					goneAtMs: isGone ? arrivesMs + (random.chance(0.5) ? 0 : random.between(0, faultsMs)) : Infinity,
					deletedAtMs: isOld ? random.between(arrivesMs, faultsMs) : arrivesMs + 7 * day,
					lockedUntilMs: 0,
					isAcknowledged: false,
				});
			});
		}
	}

	#someProcess(): Process | undefined {
		const processes = this.#clients.map(({process}) => process).filter((process) => process?.isOpen);
		return processes[this.#random.integer(0, processes.length - 1)];
	}

	/** @throws Violation */
	async #until(isOver: () => boolean): Promise<void> {
		const {schedule, witness} = this.#world;
		await schedule.run(() => {
			enter(this);
			return witness.violation !== undefined || isOver();
		});
		if (witness.violation) {
			throw witness.violation;
		}
	}

	async #untilDone(matters: (id: string) => boolean, circumstances: string): Promise<void> {
		const {schedule, retarus, witness, scenario} = this.#world;
		const limitMs = schedule.nowMs + recoveryLimitMs;
		let open: readonly string[] = [];
		let checkedMs = 0;
		await this.#until(() => {
			if (schedule.nowMs - checkedMs < 500) {
				return false;
			}

			checkedMs = schedule.nowMs;
			open = [...retarus.faxes.values()].filter((fax) => !retarus.isDone(fax) && matters(fax.id)).map(({id}) => id);
			const isDone = open.length === 0 && schedule.nowMs > scenario.faultsMs * 1.1 + 1000;
			return (isDone && this.#waiting().length === 0) || schedule.nowMs > limitMs;
		});
		if (open.length > 0) {
			witness.violated(
				'stuck',
				`${open.join(' ')} ${recoveryLimitMs / minute} minutes after the last fault, while ${circumstances}`,
			);
		}

		const waiting = this.#waiting();
		if (waiting.length > 0) {
			witness.violated('stuck', `nobody answers the acknowledges of ${waiting.join(' ')}`);
		}
	}

	/** Ids of the acknowledges that wait, and must not do so for ever. */
	#waiting(): readonly string[] {
		return this.#clients.flatMap(({process}) => process?.pending.ids ?? []);
	}

	async #end(): Promise<void> {
		const {schedule, witness} = this.#world;
		const sinceMs = schedule.nowMs;
		let closedMs = Infinity;
		void Promise.all(this.#clients.map((client) => client.stop())).then(() => {
			closedMs = schedule.nowMs;
		});
		await this.#until(() => closedMs < Infinity || schedule.nowMs - sinceMs > 60_000);
		if (closedMs - sinceMs > 2500) {
			witness.violated('stuck', `closing took ${closedMs - sinceMs} ms`);
		}

		for (const {process} of this.#clients) {
			if (process && process.budget.used !== 0) {
				witness.violated('broken', `process ${process.number} still holds ${process.budget.used} bytes`);
			}
		}
	}
}
