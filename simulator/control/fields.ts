import {RequestError} from '../http/reply';

/**
 * A JSON object from outside, read field by field.
 * `finish` refuses fields that no caller has read. A misspelled field would otherwise be ignored, and a test would
 * pass because its fault or fax never existed.
 */
export class Fields {
	readonly #what: string;
	readonly #values: ReadonlyMap<string, unknown>;
	readonly #asked = new Set<string>();

	/** @param what names the object in error messages */
	constructor(value: unknown, what: string) {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) {
			throw new RequestError(400, `${what} must be a JSON object.`);
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
		return this.#refuse(name, 'a string');
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

	/** Reads a number with or without decimals. */
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

	/** Refuses `undefined`. @param value the field as read by another method */
	required<Value>(name: string, value: Value | undefined): Value {
		return value ?? this.#refuse(name, 'given');
	}

	/** Call it once every known field has been read. @throws RequestError 400 for unknown fields */
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
		throw new RequestError(400, `${this.#what}: ${name} must be ${expected}.`);
	}
}
