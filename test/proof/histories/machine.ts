import type {Clock, Instant} from '../../../lib/environment';
import type {Random} from '../../world/random';
import type {Schedule} from './schedule';

/** The day on which histories begin. */
export const worldStart = Date.UTC(2026, 2, 1);

/** A computer: it may sleep, and somebody may set its clock. */
export class Machine {
	readonly schedule: Schedule;
	#asleepUntilMs = 0;
	#sleptMs = 0;
	#wallOffsetMs = worldStart;
	/** Nobody has set its clock yet. */
	isWallTrue = true;

	constructor(schedule: Schedule) {
		this.schedule = schedule;
	}

	now(): Instant {
		const {nowMs} = this.schedule;
		return {wallMs: nowMs + this.#wallOffsetMs, steadyMs: nowMs - this.#sleptMs};
	}

	/** 0 while it is awake. */
	get asleepMs(): number {
		return Math.max(0, this.#asleepUntilMs - this.schedule.nowMs);
	}

	/** Nothing runs on it for a while; the wall clock goes on, the steady one does not. */
	sleep(seconds: number): void {
		const ms = 1000 * seconds;
		const {nowMs} = this.schedule;
		const longerMs = Math.max(0, ms - this.asleepMs);
		this.#sleptMs += longerMs;
		this.#asleepUntilMs = Math.max(this.#asleepUntilMs, nowMs) + longerMs;
	}

	setWall(bySeconds: number): void {
		this.isWallTrue = false;
		this.#wallOffsetMs += 1000 * bySeconds;
	}
}

/**
 * One process on a machine. When it has ended, nothing that it began reaches the world, and nothing from the world
 * reaches it.
 */
export class Life {
	readonly machine: Machine;
	readonly #random: Random;
	/** Operations until it is killed in the middle of one. */
	#fuse = Infinity;
	#onFuse: () => void = () => undefined;
	#isOver = false;

	constructor(machine: Machine, random: Random) {
		this.machine = machine;
		this.#random = random;
	}

	get isOver(): boolean {
		return this.#isOver;
	}

	end(): void {
		this.#isOver = true;
	}

	/** Ends it before or after what the operation with this number does, and in any case before it hears of it. */
	lightFuse(operations: number, onFuse: () => void): void {
		this.#fuse = operations;
		this.#onFuse = onFuse;
	}

	/** Happens in this process, unless that has ended by then. */
	in(delayMs: number, run: () => void): void {
		const {machine} = this;
		const happen = (): void => {
			if (this.#isOver) {
				return;
			}

			if (machine.asleepMs > 0) {
				machine.schedule.in(machine.asleepMs, happen);
			} else {
				run();
			}
		};
		machine.schedule.in(delayMs, happen);
	}

	/** An operation on the world outside the process. */
	operate<Result>(delayMs: number, effect: () => Result): Promise<Result> {
		return new Promise((resolve, reject) => {
			this.in(delayMs, () => {
				this.#fuse -= 1;
				const isLast = this.#fuse <= 0;
				if (isLast && this.#random.chance(0.5)) {
					this.#onFuse();
					return;
				}

				try {
					const result = effect();
					if (isLast) {
						this.#onFuse();
					} else {
						resolve(result);
					}
				} catch (error) {
					reject(error instanceof Error ? error : new Error(String(error)));
				}
			});
		});
	}
}

/** The clocks of a machine as one process sees them, and its timers. */
export class LifeClock implements Clock {
	/** Timers that wait. */
	pending = 0;
	readonly #life: Life;

	constructor(life: Life) {
		this.#life = life;
	}

	now(): Instant {
		return this.#life.machine.now();
	}

	setTimer(callback: () => void, delayMs: number): () => void {
		const life = this.#life;
		const {machine} = life;
		// As Node's timers are.
		const waitMs = Math.max(1, Math.ceil(delayMs));
		const atMs = machine.now().steadyMs + waitMs;
		let isWaiting = true;
		this.pending += 1;
		const ring = (): void => {
			if (life.isOver) {
				return;
			}

			// Asleep, timers stand still too.
			const leftMs = Math.max(machine.asleepMs, atMs - machine.now().steadyMs);
			if (leftMs > 0) {
				appointment = machine.schedule.in(leftMs, ring);
				return;
			}

			isWaiting = false;
			this.pending -= 1;
			callback();
		};
		let appointment = machine.schedule.in(waitMs, ring);
		return () => {
			if (isWaiting) {
				isWaiting = false;
				this.pending -= 1;
				appointment.run = undefined;
			}
		};
	}
}
