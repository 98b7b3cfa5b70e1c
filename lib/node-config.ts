/**
 * The properties of the three nodes: shapes, ranges, defaults and validators, shared by the runtime and the editor.
 * Pure, and free of imports, because the editor's scripts carry a copy.
 */

export interface Range {
	readonly min: number;
	readonly max: number;
	readonly default: number;
}

/** What is wrong with a property. `reason` is a key of the catalogue `retarus-account.error`, `facts` fill its placeholders. */
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

export const regions = ['de1', 'de2', 'us1', 'us2', 'ch1', 'sg1'] as const;

export const messagePerChoices = ['fax', 'document'] as const;
export type MessagePer = (typeof messagePerChoices)[number];

export const ackActions = ['acknowledge', 'giveBack', 'handOver'] as const;
export type AckAction = (typeof ackActions)[number];

/** Seconds, faxes and megabytes as a user types them. */
export const ranges = {
	requestTimeout: {min: 1, max: 300, default: 30},
	pollInterval: {min: 0, max: 86_400, default: 30},
	maxInFlight: {min: 1, max: 1000, default: 10},
	processingTimeout: {min: 1, max: 86_400, default: 300},
	maxDeliveries: {min: 0, max: 100, default: 0},
	batchSize: {min: 1, max: 1000, default: 10},
	lockTimeout: {min: 0, max: 86_400, default: 0},
	maxFaxSize: {min: 1, max: 1024, default: 64},
} as const satisfies Record<string, Range>;
export type NumberProperty = keyof typeof ranges;

/** As stored in a flow. Numbers may be strings: the editor and environment variables give those. */
export interface AccountConfig {
	name: string;
	region: string;
	baseUrl: string;
	requestTimeout: number | string;
	trial: boolean | string;
	tls: string;
	proxy: string;
}

export const accountDefaults: AccountConfig = {
	name: '',
	region: 'de1',
	baseUrl: '',
	requestTimeout: ranges.requestTimeout.default,
	trial: false,
	tls: '',
	proxy: '',
};

export interface AccountCredentials {
	customerNumber?: string;
	password?: string;
}

export interface FaxInConfig {
	name: string;
	account: string;
	topic: string;
	pollInterval: number | string;
	inputs: number | string;
	messagePer: string;
	maxInFlight: number | string;
	processingTimeout: number | string;
	maxDeliveries: number | string;
	outputs: number | string;
	batchSize: number | string;
	lockTimeout: number | string;
	maxFaxSize: number | string;
}

export const faxInDefaults: FaxInConfig = {
	name: '',
	account: '',
	topic: '',
	pollInterval: ranges.pollInterval.default,
	inputs: 0,
	messagePer: 'fax',
	maxInFlight: ranges.maxInFlight.default,
	processingTimeout: ranges.processingTimeout.default,
	maxDeliveries: ranges.maxDeliveries.default,
	outputs: 1,
	batchSize: ranges.batchSize.default,
	lockTimeout: ranges.lockTimeout.default,
	maxFaxSize: ranges.maxFaxSize.default,
};

export interface FaxAckConfig {
	name: string;
	account: string;
	topic: string;
	action: string;
	guard: boolean | string;
}

export const faxAckDefaults: FaxAckConfig = {
	name: '',
	account: '',
	topic: '',
	action: 'acknowledge',
	guard: true,
};

export const maxTopicLength = 256;

/** True for a value that Node-RED replaces by an environment variable: it does so only when that is the whole value. */
export const isVariable = (value: unknown): value is string =>
	typeof value === 'string' && /^\$(\{[^}]+\}|\([^)]+\))$/.test(value.trim());

const isBlank = (value: unknown): boolean =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** A `${VAR}` that reaches the runtime was not set. The editor asks {@link isVariable} first and accepts it. */
export const variableProblem = (property: string, value: unknown): Problem | undefined =>
	isVariable(value) ? {reason: 'variableUnset', facts: {property, variable: value.trim().slice(2, -1)}} : undefined;

/** The number that a property stands for: its default when blank, `undefined` when it is not a whole number in range. */
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

/** A file of flows that was edited by hand may hold objects that know no text. */
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

/** Control characters, and halves of a surrogate pair, which no URL can carry. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const unsendable = /[\u0000-\u001F\u007F-\u009F]|\p{Surrogate}/u;

/** A topic is a path segment: 1-256 characters, not `.` or `..`, no control characters. */
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

/** A base URL of one's own: http or https, with a host, without credentials, query or fragment. */
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

/** With `pollInterval` 0 only a message starts a round, so there must be a port for it. */
export const pollIntervalProblem = (value: unknown, inputs: unknown): Problem | undefined => {
	const problem = numberProblem('pollInterval', value);
	return (
		problem ??
		(toNumber('pollInterval', value) === 0 && Number(shown(inputs)) !== 1
			? {reason: 'onDemandWithoutInput', facts: {}}
			: undefined)
	);
};

/** A checkbox, or the string that an environment variable gives for one. A typing error must not switch a guard off. */
export const flagProblem = (property: string, value: unknown): Problem | undefined =>
	typeof value === 'boolean' ? undefined : choiceProblem(property, value, ['true', 'false']);

export const toFlag = (value: unknown, ifBlank: boolean): boolean =>
	isBlank(value) ? ifBlank : value === true || value === 'true';
