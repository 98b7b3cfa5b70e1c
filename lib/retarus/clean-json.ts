/** Parsed JSON from outside, made harmless for those who clone it. */
import {isRecord} from '../json';

/** Deeper nesting than any real entry has, and far from what a recursive clone can bear. */
const deepestLevel = 64;

/** Node-RED's clone would turn an own `__proto__` key into a real prototype. */
const prototypeKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** A copy without keys that reach for a prototype, at any depth, and without what lies below the deepest level. */
export const cleanRecord = (record: Record<string, unknown>, level = 0): Record<string, unknown> => {
	const result: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(record)) {
		if (!prototypeKeys.has(key)) {
			result[key] = clean(value, level + 1);
		}
	}

	return result;
};

const clean = (value: unknown, level: number): unknown => {
	const isList = Array.isArray(value);
	if (!isList && !isRecord(value)) {
		return value;
	}

	if (level >= deepestLevel) {
		return undefined;
	}

	return isList ? value.map((item: unknown) => clean(item, level + 1)) : cleanRecord(value, level);
};
