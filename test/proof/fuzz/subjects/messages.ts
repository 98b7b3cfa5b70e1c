import fc from 'fast-check';
import {ConfigError, GuardError, NotAFaxError} from '../../../../lib/errors';
import {
	baseUrlProblem,
	choiceProblem,
	flagProblem,
	isFaxId,
	isTopic,
	numberProblem,
	regionProblem,
	topicProblem,
} from '../../../../lib/config-checks';
import {accountDefaults, faxInDefaults, type NumberProperty} from '../../../../lib/node-config';
import {readHandles, readPart} from '../../../../nodes/fax-handles';
import {readFaxIn} from '../../../../nodes/fax-in-settings';
import {checkGuard} from '../../../../nodes/guard';
import {hold, holdPrototypes, unlessTyped} from '../claims';
import {anyString, anyValue} from '../hostile';
import {subject} from '../subject';

const handle = {id: 'K34A3QX3@J78AO6W.glaqsmucre101.QA1', topic: 'demo', account: 'account', delivery: 1};

/** `msg.fax` as it came, with some properties gone, replaced or added. */
const mutilatedFax: fc.Arbitrary<unknown> = fc
	.tuple(fc.constantFrom('id', 'topic', 'account', 'delivery', '__proto__', 'raw'), anyValue, fc.nat(3))
	.map(([key, value, kind]) => {
		const {[key as 'id']: gone, ...rest} = handle;
		switch (kind) {
			case 0:
				return rest;
			case 1:
				return Object.defineProperty({...rest}, key, {value, enumerable: true, configurable: true, writable: true});
			case 2:
				return Object.freeze({...handle, extra: value});
			default:
				return Object.assign(Object.create(null) as object, {...handle, [key]: gone});
		}
	});

export const anyFax: fc.Arbitrary<unknown> = fc.oneof(
	{weight: 4, arbitrary: mutilatedFax},
	{weight: 2, arbitrary: fc.array(mutilatedFax, {maxLength: 3})},
	{
		weight: 1,
		arbitrary: fc
			.tuple(fc.nat(3), fc.nat(3))
			.map(([holes, at]) => Object.assign(Array<unknown>(holes), {[at]: {...handle}})),
	},
	{weight: 2, arbitrary: anyValue},
);

export const handles = subject('The fax of a message', 'others', fc.tuple(anyFax, anyString, anyString), {
	'is understood, or refused as no fax'([fax]) {
		unlessTyped(() => readHandles(fax, {account: '', topic: ''}), NotAFaxError);
		holdPrototypes();
	},
	'is one fax for each that it names, and never less'([fax]) {
		const read = unlessTyped(() => readHandles(fax, {account: '', topic: ''}), NotAFaxError);
		if (read) {
			const named: readonly unknown[] = Array.isArray(fax) ? Array.from(fax as unknown[]) : [fax];
			hold(read.length === named.length && read.length > 0, () => `${read.length} instead of ${named.length}`);
			for (const [index, one] of read.entries()) {
				hold(one.fax === named[index] && isFaxId(one.id) && isTopic(one.topic) && one.account !== '', () =>
					JSON.stringify(one),
				);
				hold(one.id === Reflect.get(one.fax, 'id'), () => one.id);
			}
		}
	},
	'belongs to account and topic of the node, where it has some'([fax, account, topic]) {
		const read = unlessTyped(() => readHandles(fax, {account, topic}), NotAFaxError) ?? [];
		hold(
			read.every((one) => (account === '' || one.account === account) && (topic === '' || one.topic === topic)),
			() => JSON.stringify(read),
		);
	},
});

const anyParts = fc.oneof(
	anyValue,
	fc.record({id: fc.oneof(fc.constant(handle.id), anyValue), index: anyValue, count: anyValue}, {requiredKeys: []}),
);

const anyMessage = fc.record(
	{
		_msgid: fc.constant('1'),
		error: anyValue,
		statusCode: anyValue,
		rc: fc.oneof(anyValue, fc.record({code: anyValue})),
		parts: anyParts,
		payload: anyValue,
	},
	{requiredKeys: []},
);

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === false || value === '';

export const guard = subject('The guard of an acknowledge', 'others', anyMessage, {
	'lets a message pass, or refuses it as one that carries a failure'(message) {
		unlessTyped(() => {
			checkGuard(message, handle.id);
			return undefined;
		}, GuardError);
		holdPrototypes();
	},
	'lets nothing pass that says it failed'(message) {
		const passed = unlessTyped(() => {
			checkGuard(message, handle.id);
			return true;
		}, GuardError);
		const {error, statusCode, rc} = message;
		const code: unknown = typeof rc === 'object' && rc !== null && 'code' in rc ? rc.code : undefined;
		hold(passed !== true || isNothing(error), () => 'an error passed');
		hold(
			passed !== true || isNothing(statusCode) || /^2\d\d(\.\d+)?$/.test(String(statusCode).trim()),
			() => `status ${String(statusCode)} passed`,
		);
		hold(passed !== true || isNothing(code) || Array.isArray(rc) || Number(code) === 0, () => 'a return code passed');
	},
	'lets a message pass that says nothing of a failure'({payload}) {
		checkGuard({payload, statusCode: 200, rc: {code: 0}}, handle.id);
	},
	'takes a part for a part, a whole for a whole, or refuses what is neither'({parts}) {
		const part = unlessTyped(() => readPart(parts, handle.id), NotAFaxError);
		hold(
			part === undefined ||
				(Number.isInteger(part.index) && part.index >= 0 && part.index < part.count && part.count > 1),
			() => JSON.stringify(part),
		);
	},
	'refuses a message in words of bearable length'(message) {
		try {
			checkGuard(message, handle.id);
		} catch (error) {
			hold(error instanceof GuardError && error.message.length < 400, () => String(error));
		}
	},
});

const properties = [
	'pollInterval',
	'maxInFlight',
	'processingTimeout',
	'maxDeliveries',
	'batchSize',
	'lockTimeout',
	'maxFaxSize',
] as const satisfies readonly NumberProperty[];

/** As it may stand in a file of flows: whatever JSON knows. */
const anyJson = fc.oneof(
	anyString,
	fc.jsonValue({maxDepth: 1}),
	fc.constantFrom('${X}', '$(X)', ' 5 ', '1e3', '0x10'),
	fc.constant({toString: 1, valueOf: 2}),
);

const anySettings = fc.record(
	{...Object.fromEntries([...properties, 'topic', 'inputs', 'messagePer'].map((name) => [name, anyJson]))},
	{requiredKeys: []},
);

export const settings = subject('The settings of a node', 'others', fc.tuple(anySettings, anyJson), {
	'are used within their ranges, or refused with a sentence'([drawn]) {
		const setup = unlessTyped(
			() => readFaxIn({...faxInDefaults, ...(drawn as Partial<typeof faxInDefaults>)}),
			ConfigError,
		);
		hold(
			setup === undefined || Object.values(setup.receiver).every((value) => Number.isSafeInteger(value) && value >= 0),
			() => JSON.stringify(setup),
		);
		hold(setup === undefined || (isTopic(setup.topic) && setup.receiver.lockTimeoutMs > 0), () =>
			JSON.stringify(setup),
		);
	},
	'are judged by validators that never throw'([, value]) {
		for (const problem of [
			topicProblem(value),
			baseUrlProblem(value),
			regionProblem(value),
			flagProblem('trial', value),
			choiceProblem('action', value, ['a']),
			...properties.map((name) => numberProblem(name, value)),
		]) {
			hold(problem === undefined || typeof problem.reason === 'string', () => JSON.stringify(problem));
		}
	},
	'lead to http or https alone'([, value]) {
		if (typeof value === 'string' && baseUrlProblem(value) === undefined) {
			const {protocol, username, password} = new URL(value.trim());
			hold(['http:', 'https:'].includes(protocol) && username === '' && password === '', () => value);
		}

		hold(baseUrlProblem(accountDefaults.baseUrl) !== undefined, () => 'an empty base URL');
	},
});
