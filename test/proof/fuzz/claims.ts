/** What several subjects claim. */
import {RetarusError} from '../../../lib/errors';

/** Runs it; returns `undefined` when it threw one of the errors that callers know. */
export const unlessTyped = <Value>(
	act: () => Value,
	kind: abstract new (...values: never[]) => RetarusError = RetarusError,
): Value | undefined => {
	try {
		return act();
	} catch (error) {
		if (error instanceof kind) {
			return undefined;
		}

		throw error;
	}
};

/** Fails with the sentence unless it holds. */
export const hold = (isTrue: boolean, otherwise: () => string): void => {
	if (!isTrue) {
		throw new Error(otherwise());
	}
};

const guarded: readonly object[] = [Object.prototype, Array.prototype, Object, Array];

/** A getter stands for what it would give. */
const valueOf = (target: object, key: PropertyKey): unknown => {
	const [value] = Object.values(Object.getOwnPropertyDescriptor(target, key) ?? {}) as unknown[];
	return value;
};

type Description = readonly (readonly [PropertyKey, unknown])[];

const descriptions = (): readonly Description[] =>
	guarded.map((target) => Reflect.ownKeys(target).map((key) => [key, valueOf(target, key)] as const));

let before: readonly Description[] | undefined;

/** Fails when a prototype that everything has is not as it was when this was first asked. */
export const holdPrototypes = (): void => {
	before ??= descriptions();
	for (const [index, keys] of before.entries()) {
		const target = guarded[index] ?? {};
		hold(
			Reflect.ownKeys(target).length === keys.length,
			() => `own keys now: ${Reflect.ownKeys(target).map(String).join(' ')}`,
		);
		for (const [key, value] of keys) {
			hold(valueOf(target, key) === value, () => `${String(key)} was changed`);
		}
	}
};
