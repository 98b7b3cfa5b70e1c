import {faultKinds, spellKinds, type FaultKind, type SpellKind} from './faults';
import {Random} from '../../world/random';
import type {Schedule} from './schedule';

/** Kinds that a history has, and the share of operations each strikes. */
const isUsual = 0.4;
const rarest = 0.003;
const commonest = 0.1;

/** Which faults strike, and when. Once it has cleared, none does; habits of the service stay. */
export class Weather {
	readonly #rates = new Map<FaultKind, number>();
	readonly #streams = new Map<FaultKind, Random>();
	readonly #spells = new Map<SpellKind, number>();
	readonly #counts: Map<FaultKind, number>;
	#isClear = false;

	/** @param counts is told each fault that strikes */
	constructor(seed: number, without: ReadonlySet<FaultKind>, counts: Map<FaultKind, number>) {
		this.#counts = counts;
		const random = new Random(seed, 'weather');
		const severity = random.pick([0.1, 0.5, 1, 1]);
		for (const kind of faultKinds) {
			const isOn = random.chance(isUsual * severity);
			const rate = random.scaled(rarest, commonest) * (severity < 1 ? 0.3 : 1);
			if (isOn && !without.has(kind)) {
				this.#rates.set(kind, rate);
				this.#streams.set(kind, new Random(seed, kind));
			}
		}
	}

	get isClear(): boolean {
		return this.#isClear;
	}

	get kinds(): readonly FaultKind[] {
		return [...this.#rates.keys()];
	}

	/** Whether this history has it at all. Switches of the service ask no more. */
	has(kind: FaultKind): boolean {
		return this.#rates.has(kind);
	}

	/** Whether it strikes now. */
	strikes(kind: FaultKind, factor = 1): boolean {
		const rate = this.#rates.get(kind);
		if (rate === undefined || this.#isClear || !this.stream(kind).chance(Math.min(0.5, rate * factor))) {
			return false;
		}

		this.count(kind);
		return true;
	}

	/** Whether a spell lasts. */
	lasts(kind: SpellKind): boolean {
		return (this.#spells.get(kind) ?? 0) > 0;
	}

	count(kind: FaultKind): void {
		this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
	}

	/** Numbers that nothing but this kind of fault draws. */
	stream(kind: FaultKind): Random {
		let stream = this.#streams.get(kind);
		if (stream === undefined) {
			stream = new Random(0, kind);
			this.#streams.set(kind, stream);
		}

		return stream;
	}

	/** Some spells between now and then. */
	plan(schedule: Schedule, untilMs: number): void {
		for (const kind of spellKinds) {
			const random = this.has(kind) ? this.stream(kind) : undefined;
			for (let left = random?.integer(1, 3) ?? 0; left > 0 && random; left -= 1) {
				schedule.in(random.between(0, untilMs), () => {
					if (!this.#isClear) {
						this.count(kind);
						this.#spells.set(kind, (this.#spells.get(kind) ?? 0) + 1);
						schedule.in(random.scaled(1000, untilMs / 5), () => {
							this.#spells.set(kind, (this.#spells.get(kind) ?? 1) - 1);
						});
					}
				});
			}
		}
	}

	/** No fault strikes from now on. */
	clear(): void {
		this.#isClear = true;
		this.#spells.clear();
	}
}
