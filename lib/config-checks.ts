/**
 * Validates the properties of the nodes and reads their values, in the runtime and in the editor alike.
 * Pure, and imports nothing but `node-config`, because the editor's scripts bundle a copy.
 */
import {ranges, regions, type NumberProperty} from './node-config';

/** Why a property is invalid: a key of the catalogue `retarus-account.error`, and the facts for its placeholders. */
export interface Problem {
	readonly reason: ConfigReason;
	readonly facts: Readonly<Record<string, string | number>>;
}

export type ConfigReason =
	| 'accountMissing'
	| 'topicMissing'
	| 'topicInvalid'
	| 'credentialsMissing'
	| 'variableUnset'
	| 'regionUnknown'
	| 'baseUrlInvalid'
	| 'numberInvalid'
	| 'choiceInvalid'
	| 'onDemandWithoutInput';

export const maxTopicLength = 256;

/** Whether Node-RED replaces the value with an environment variable: only if all of it is `${NAME}` or `$(NAME)`. */
export const isVariable = (value: unknown): value is string =>
	typeof value === 'string' && /^\$(\{[^}]+\}|\([^)]+\))$/.test(value.trim());

const isBlank = (value: unknown): boolean =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** A variable that reaches the runtime is not set. The editor checks {@link isVariable} first and accepts it. */
export const variableProblem = (property: string, value: unknown): Problem | undefined =>
	isVariable(value) ? {reason: 'variableUnset', facts: {property, variable: value.trim().slice(2, -1)}} : undefined;

/** The property's number: its default if blank, `undefined` if it is not a whole number in range. */
export const toNumber = (property: NumberProperty, value: unknown): number | undefined => {
	const range = ranges[property];
	if (isBlank(value)) {
		return range.default;
	}

	const number =
		typeof value === 'number'
			? value
			: typeof value === 'string' && /^[+-]?\d+$/.test(value.trim())
				? Number(value)
				: Number.NaN;
	return Number.isInteger(number) && number >= range.min && number <= range.max ? number : undefined;
};

/** A flow file edited by hand may hold an object without `toString`. */
const shown = (value: unknown): string => {
	try {
		return String(value);
	} catch {
		return typeof value;
	}
};

export const numberProblem = (property: NumberProperty, value: unknown): Problem | undefined => {
	if (toNumber(property, value) !== undefined) {
		return undefined;
	}

	const {min, max} = ranges[property];
	return (
		variableProblem(property, value) ?? {reason: 'numberInvalid', facts: {property, value: shown(value), min, max}}
	);
};

export const choiceProblem = (property: string, value: unknown, choices: readonly string[]): Problem | undefined => {
	if (isBlank(value) || (typeof value === 'string' && choices.includes(value))) {
		return undefined;
	}

	return (
		variableProblem(property, value) ?? {
			reason: 'choiceInvalid',
			facts: {property, value: shown(value), allowed: choices.join(', ')},
		}
	);
};

/** Control characters and lone surrogates, which a URL cannot carry. */
// eslint-disable-next-line no-control-regex -- it looks for control characters
const unsendable = /[\u0000-\u001F\u007F-\u009F]|\p{Surrogate}/u;

/** A topic becomes a path segment: 1-256 characters, not `.` or `..`, no control characters. */
export const isTopic = (value: unknown): value is string =>
	typeof value === 'string' &&
	value.trim() !== '' &&
	value.length <= maxTopicLength &&
	value !== '.' &&
	value !== '..' &&
	!unsendable.test(value);

/** An id travels in a comma-separated list: 1-256 characters, no comma, no control characters. */
export const isFaxId = (value: unknown): value is string =>
	typeof value === 'string' && value !== '' && value.length <= 256 && !value.includes(',') && !unsendable.test(value);

export const topicProblem = (value: unknown): Problem | undefined => {
	if (isBlank(value)) {
		return {reason: 'topicMissing', facts: {}};
	}

	return variableProblem('topic', value) ?? (isTopic(value) ? undefined : {reason: 'topicInvalid', facts: {}});
};

export const regionProblem = (value: unknown): Problem | undefined => {
	const known: readonly string[] = [...regions, 'custom'];
	if (isBlank(value) || (typeof value === 'string' && known.includes(value))) {
		return undefined;
	}

	return (
		variableProblem('region', value) ?? {
			reason: 'regionUnknown',
			facts: {region: shown(value), allowed: known.join(', ')},
		}
	);
};

/** A custom base URL uses http or https and has a host, but no credentials, query or fragment. */
export const baseUrlProblem = (value: unknown): Problem | undefined => {
	const variable = variableProblem('baseUrl', value);
	if (variable) {
		return variable;
	}

	const invalid: Problem = {reason: 'baseUrlInvalid', facts: {}};
	if (typeof value !== 'string') {
		return invalid;
	}

	try {
		const {protocol, username, password, search, hash} = new URL(value.trim());
		const plain =
			(protocol === 'http:' || protocol === 'https:') &&
			username === '' &&
			password === '' &&
			search === '' &&
			hash === '';
		return plain ? undefined : invalid;
	} catch {
		return invalid;
	}
};

/** With `pollInterval` 0 only a message starts a round, so the node needs an input port. */
export const pollIntervalProblem = (value: unknown, inputs: unknown): Problem | undefined => {
	const problem = numberProblem('pollInterval', value);
	return (
		problem ??
		(toNumber('pollInterval', value) === 0 && Number(shown(inputs)) !== 1
			? {reason: 'onDemandWithoutInput', facts: {}}
			: undefined)
	);
};

/** Accepts the boolean of a checkbox, or `true` or `false` from a variable. A typo must not disable a guard. */
export const flagProblem = (property: string, value: unknown): Problem | undefined =>
	typeof value === 'boolean' ? undefined : choiceProblem(property, value, ['true', 'false']);

export const toFlag = (value: unknown, ifBlank: boolean): boolean =>
	isBlank(value) ? ifBlank : value === true || value === 'true';
