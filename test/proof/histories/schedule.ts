/** Virtual time: what is to happen, in order. Between two events every promise that can settle does so. */

/** Something that will happen, unless it is cancelled. */
export interface Appointment {
	readonly atMs: number;
	/** Equal times keep the order in which they were made. */
	readonly order: number;
	/** `undefined` once it is cancelled. */
	run: (() => void) | undefined;
}

const isBefore = (one: Appointment, other: Appointment): boolean =>
	one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);

/** Far more than all clients together have to do. */
const mostAMinute = 30_000;

/** Sums of these are exact, so that a timer never rings before its time. */
const tickMs = 1 / 8;

export class Schedule {
	#nowMs = 0;
	#order = 0;
	/** Since the last full minute or so. */
	#events = 0;
	#minuteMs = 0;
	/** A binary heap: no entry is before its parent, which is at half its place. */
	readonly #heap: Appointment[] = [];

	/** The time of the world, which no clock in it shows. */
	get nowMs(): number {
		return this.#nowMs;
	}

	in(delayMs: number, run: () => void): Appointment {
		const appointment: Appointment = {
			atMs: this.#nowMs + Math.ceil(Math.max(0, delayMs) / tickMs) * tickMs,
			order: this.#order,
			run,
		};
		this.#order += 1;
		this.#push(appointment);
		return appointment;
	}

	/** Lets things happen until it is over or nothing is left; rejects with what an event throws. */
	async run(isOver: () => boolean): Promise<void> {
		return new Promise((resolve, reject) => {
			const step = (): void => {
				try {
					const next = isOver() ? undefined : this.#next();
					if (next?.run === undefined) {
						resolve();
						return;
					}

					this.#advance(next.atMs);
					next.run();
					setImmediate(step);
				} catch (error) {
					reject(error instanceof Error ? error : new Error(String(error)));
				}
			};
			setImmediate(step);
		});
	}

	/** @throws Error when time stands still */
	#advance(toMs: number): void {
		this.#nowMs = toMs;
		this.#events += 1;
		if (toMs - this.#minuteMs > 60_000) {
			this.#minuteMs = toMs;
			this.#events = 0;
		} else if (this.#events > mostAMinute) {
			throw new Error(`it spins: ${mostAMinute} events within a minute`);
		}
	}

	#next(): Appointment | undefined {
		for (;;) {
			const next = this.#pop();
			if (next === undefined || next.run !== undefined) {
				return next;
			}
		}
	}

	#push(appointment: Appointment): void {
		const heap = this.#heap;
		let place = heap.length;
		heap.push(appointment);
		while (place > 0) {
			const parentPlace = (place - 1) >> 1;
			const parent = heap[parentPlace];
			if (parent === undefined || !isBefore(appointment, parent)) {
				break;
			}

			heap[place] = parent;
			place = parentPlace;
		}

		heap[place] = appointment;
	}

	#pop(): Appointment | undefined {
		const heap = this.#heap;
		const first = heap[0];
		const last = heap.pop();
		if (last === undefined || first === undefined || heap.length === 0) {
			return first;
		}

		let place = 0;
		for (;;) {
			const left = heap[2 * place + 1];
			const right = heap[2 * place + 2];
			if (left === undefined) {
				break;
			}

			const isRight = right !== undefined && isBefore(right, left);
			const child = isRight ? right : left;
			if (!isBefore(child, last)) {
				break;
			}

			heap[place] = child;
			place = 2 * place + (isRight ? 2 : 1);
		}

		heap[place] = last;
		return first;
	}
}
