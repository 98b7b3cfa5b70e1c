import {Fields} from './fields';
import {defaultSwitches, type Switches} from '../api/switches';

type Choices<Value> =
	| readonly Value[]
	| (Value extends number ? {readonly minimum: number; readonly maximum: number} : never);

/** The values each switch accepts. */
export const switchChoices: {readonly [Name in keyof Switches]: Choices<Switches[Name]>} = {
	fieldNames: ['CallingNumber', 'callingNumber', 'caller', 'SENDER.FAXNO', 'from', 'none'],
	order: ['acknowledgeFirst', 'listFirst'],
	successStatus: [200, 201],
	unknownId: ['ignore', 'refuse'],
	acknowledgedId: ['ignore', 'refuse'],
	deletedId: ['ignore', 'refuse'],
	foreignId: ['ignore', 'refuse', 'acknowledge'],
	unlockedId: ['ignore', 'refuse', 'acknowledge'],
	refusalStatus: [400, 404, 409],
	deletedDocumentStatus: [404, 410],
	forbiddenTopicStatus: [403, 404],
	maximumFetch: {minimum: 1, maximum: 1_000_000},
	maximumTimeoutSeconds: {minimum: 0, maximum: 31_536_000},
	aboveMaximum: ['clamp', 'refuse'],
	maximumUrlLength: {minimum: 100, maximum: 1_000_000},
	encodedCommaSeparates: [true, false],
	requestsPerMinute: {minimum: 0, maximum: 1_000_000},
	retryAfter: ['seconds', 'date', 'none'],
	errorBody: ['json', 'text', 'html', 'empty'],
	metaNames: ['next', 'nextUrl', 'none'],
	compression: ['never', 'whenAccepted'],
};

const switchNames = Object.keys(defaultSwitches).filter((name): name is keyof Switches => name in defaultSwitches);

/** Parses some of the switches: `{"successStatus": 201}`. @throws RequestError 400 */
export function parseSwitches(body: unknown): Partial<Switches> {
	const fields = new Fields(body, 'The switches');
	const values = switchNames.map((name) => [name, readSwitch(fields, name)] as const);
	fields.finish();
	return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function readSwitch(fields: Fields, name: keyof Switches): string | number | boolean | undefined {
	const choices = switchChoices[name];
	return 'minimum' in choices
		? fields.integer(name, choices.minimum, choices.maximum)
		: fields.oneOf<string | number | boolean>(name, choices);
}
