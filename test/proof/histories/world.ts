import type {HabitualRetarus} from './retarus';
import type {Scenario} from './scenario';
import type {Schedule} from './schedule';
import type {Tally} from './tally';
import type {Weather} from './weather';
import type {Witness} from './witness';

/** Which processes there are and were. */
export class Census {
	#born = 0;
	readonly #living = new Set<number>();

	begin(): number {
		this.#born += 1;
		this.#living.add(this.#born);
		return this.#born;
	}

	end(process: number): void {
		this.#living.delete(process);
	}

	isAlive(process: number): boolean {
		return this.#living.has(process);
	}
}

/** What all parts of a history share. */
export interface World {
	readonly seed: number;
	readonly scenario: Scenario;
	readonly schedule: Schedule;
	readonly weather: Weather;
	readonly witness: Witness;
	readonly tally: Tally;
	readonly retarus: HabitualRetarus;
	readonly census: Census;
}
