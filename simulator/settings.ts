/**
 * Values that can change while the simulator runs and return to their initial state.
 * `current` is one object for life, so every part that holds it sees each change; a fresh object per change
 * would leave those parts with stale values.
 */
export class Settings<Values extends object> {
	/** Always the same object. */
	readonly current: Readonly<Values>;
	readonly #values: Values;
	readonly #initial: Readonly<Values>;

	constructor(initial: Values) {
		this.#initial = {...initial};
		this.#values = {...initial};
		this.current = this.#values;
	}

	/** Leaves omitted values as they are. */
	change(values: Partial<Values>): void {
		Object.assign(this.#values, values);
	}

	reset(): void {
		Object.assign(this.#values, this.#initial);
	}
}
