import {RequestError} from '../http/reply';

/** A JSON object from outside, read field by field; what nobody asked for is an error, because it is a slip of the pen. */
export class Fields {
	readonly #what: string;
	readonly #values: ReadonlyMap<string, unknown>;
	readonly #asked = new Set<string>();

	/** @param what names the object in complaints */
	constructor(value: unknown, what: string) {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) {
			throw new RequestError(400, `${what} has to be a JSON object.`);
		}
		this.#what = what;
		this.#values = new Map(Object.entries(value));
	}

	any(name: string): unknown {
		this.#asked.add(name);
		return this.#values.get(name);
	}

	string(name: string): string | undefined {
		const value = this.any(name);
		if (value === undefined || typeof value === 'string') {
			return value;
		}
		return this.#refuse(name, 'a text');
	}

	boolean(name: string): boolean | undefined {
		const value = this.any(name);
		if (value === undefined || typeof value === 'boolean') {
			return value;
		}
		return this.#refuse(name, 'true or false');
	}

	integer(name: string, minimum: number, maximum: number): number | undefined {
		const value = this.any(name);
		if (
			value === undefined ||
			(typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum)
		) {
			return value;
		}
		return this.#refuse(name, `a whole number from ${minimum} to ${maximum}`);
	}

	/** A number that need not be whole. */
	number(name: string, minimum: number, maximum: number): number | undefined {
		const value = this.any(name);
		if (value === undefined || (typeof value === 'number' && value >= minimum && value <= maximum)) {
			return value;
		}
		return this.#refuse(name, `a number from ${minimum} to ${maximum}`);
	}

	oneOf<Choice extends string | number | boolean>(name: string, choices: readonly Choice[]): Choice | undefined {
		const value = this.any(name);
		const choice = choices.find((candidate) => candidate === value);
		return value === undefined || choice !== undefined ? choice : this.#refuse(name, `one of ${choices.join(', ')}`);
	}

	list(name: string): readonly unknown[] | undefined {
		const value = this.any(name);
		if (value === undefined || Array.isArray(value)) {
			return value;
		}
		return this.#refuse(name, 'a list');
	}

	/** A field that must be there, as one of the other methods read it. */
	required<Value>(name: string, value: Value | undefined): Value {
		return value ?? this.#refuse(name, 'given');
	}

	/** To be called when everything known was asked for. */
	finish(): void {
		const unknown = [...this.#values.keys()].filter((name) => !this.#asked.has(name));
		if (unknown.length > 0) {
			throw new RequestError(
				400,
				`${this.#what} has no field ${unknown.join(', ')}; it has ${[...this.#asked].join(', ')}.`,
			);
		}
	}

	#refuse(name: string, expected: string): never {
		throw new RequestError(400, `${this.#what}: ${name} has to be ${expected}.`);
	}
}
