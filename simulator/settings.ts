/** Values that can be changed while the simulator runs, and put back to what they were at the start. */
export class Settings<Values extends object> {
	/** Always the same object: whoever holds it sees every change. */
	readonly current: Readonly<Values>;
	readonly #values: Values;
	readonly #initial: Readonly<Values>;

	constructor(initial: Values) {
		this.#initial = {...initial};
		this.#values = {...initial};
		this.current = this.#values;
	}

	/** What is not given stays as it is. */
	change(values: Partial<Values>): void {
		Object.assign(this.#values, values);
	}

	reset(): void {
		Object.assign(this.#values, this.#initial);
	}
}
