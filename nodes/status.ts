/**
 * The status under a fax in node: one entry for every state. A text is a catalogue key, which each browser translates,
 * or figures that need no words.
 */
import type {NodeStatus} from '@node-red/registry';
import {ConfigError, needsPerson, type RetarusError} from '../lib/errors';
import type {TopicStatus} from '../lib/account/topic-status';
import type {Weakness} from './account-settings';
import {age} from './age';

const namespace = '@faxbridge/node-red-retarus-fax/retarus-fax-in:retarus-fax-in';

/** What Status nodes can count. */
export interface StatusCounts {
	readonly inFlight: number;
	readonly unconfirmed: number;
	readonly delivered: number;
	readonly acknowledged: number;
	readonly redelivered: number;
	readonly failed: number;
}

export interface FullStatus extends NodeStatus {
	readonly counts: StatusCounts;
	readonly lastPollAt?: string;
	readonly lastFaxAt?: string;
	/** Why nothing is being received. */
	readonly problem?: {readonly code: string; readonly message: string};
	/** ISO 8601. */
	readonly nextTryAt?: string;
	/** Set while the flow holds as many faxes as allowed, in the server's language. */
	readonly full?: string;
	/** When the oldest unacknowledged fax was received, or first listed if Retarus does not say. */
	readonly oldestFaxAt?: string;
	/** When the flow received the oldest fax that it still holds. */
	readonly oldestDeliveryAt?: string;
	/** When Retarus deletes the next unacknowledged fax, as far as it reports their age. */
	readonly nextDeletionAt?: string;
}

/** Every state that a fax in node can show. */
export type FaxInState =
	| TopicStatus['state']
	| {readonly kind: 'notWired' | 'noAcknowledge' | 'setAside'}
	| {readonly kind: 'misconfigured'; readonly error: RetarusError};

type Light = Pick<NodeStatus, 'fill' | 'shape'>;

const lights: Record<FaxInState['kind'], Light> = {
	connecting: {fill: 'yellow', shape: 'ring'},
	polling: {fill: 'blue', shape: 'dot'},
	idle: {fill: 'green', shape: 'dot'},
	full: {fill: 'yellow', shape: 'dot'},
	onDemand: {fill: 'grey', shape: 'dot'},
	paused: {fill: 'grey', shape: 'ring'},
	notWired: {fill: 'yellow', shape: 'ring'},
	// It could receive, but every fax would be redelivered forever.
	noAcknowledge: {fill: 'yellow', shape: 'ring'},
	// Everything works, except for acknowledgements that keep failing.
	setAside: {fill: 'yellow', shape: 'dot'},
	trouble: {fill: 'yellow', shape: 'ring'},
	misconfigured: {fill: 'red', shape: 'ring'},
};

const weaknessNamespaces: Record<Weakness, string> = {
	none: 'status',
	unencrypted: 'statusUnencrypted',
	unverified: 'statusUnverified',
};
const weaknessFigures: Record<Weakness, string> = {none: '', unencrypted: ' · http', unverified: ' · TLS?'};

const words = (kind: string, weakness: Weakness): string => `${namespace}.${weaknessNamespaces[weakness]}.${kind}`;

/** Without a connection there is no weak one, and a certificate that is refused has been checked. */
const reasonWords = (error: RetarusError, weakness: Weakness): string =>
	words(error.reason, error instanceof ConfigError || error.reason.startsWith('certificate') ? 'none' : weakness);

/** The time of the next try by the server's clock. */
const timeOfDay = (date: Date): string => date.toTimeString().slice(0, 8);

/** While a flow works off a backlog, faxes younger than this are normal. */
const longestUsualMs = 60_000;

/** The age of the oldest fax in the flow, if it is unusual. */
const oldest = ({oldestDeliveryMs}: TopicStatus, nowMs: number): string =>
	oldestDeliveryMs !== undefined && nowMs - oldestDeliveryMs >= longestUsualMs
		? ` · ${age(nowMs - oldestDeliveryMs)}`
		: '';

/** The status of a topic in trouble, for its fax in node and for the ack nodes that wait for it. */
export const troubleStatus = (
	{error, nextTryMs}: Extract<TopicStatus['state'], {kind: 'trouble'}>,
	weakness: Weakness,
	nowMs: number,
): Omit<FullStatus, 'counts'> => {
	const nextTry = new Date(nowMs + nextTryMs);
	const shared = {problem: {code: error.code, message: error.message}, nextTryAt: nextTry.toISOString()};
	return needsPerson(error)
		? {fill: 'red', shape: 'ring', text: reasonWords(error, weakness), ...shared}
		: {...lights.trouble, text: `↻ ${timeOfDay(nextTry)} ${error.code}${weaknessFigures[weakness]}`, ...shared};
};

const appearance = (
	state: FaxInState,
	status: TopicStatus | undefined,
	maxInFlight: number,
	weakness: Weakness,
	nowMs: number,
): Omit<FullStatus, 'counts'> => {
	switch (state.kind) {
		case 'misconfigured':
			return {
				...lights.misconfigured,
				text: `${namespace}.status.${state.error.reason}`,
				problem: {code: state.error.code, message: state.error.message},
			};
		case 'trouble':
			return troubleStatus(state, weakness, nowMs);
		case 'full':
		case 'idle':
			return status && status.inFlight > 0
				? {
						...lights[state.kind],
						text: [
							`${status.inFlight}/${maxInFlight}`,
							state.kind === 'full' ? oldest(status, nowMs) : '',
							weaknessFigures[weakness],
						].join(''),
					}
				: {...lights[state.kind], text: words('idle', weakness)};
		default:
			return {...lights[state.kind], text: words(state.kind, weakness)};
	}
};

const noCounts: StatusCounts = {inFlight: 0, unconfirmed: 0, delivered: 0, acknowledged: 0, redelivered: 0, failed: 0};

export const faxInStatus = (
	state: FaxInState,
	status: TopicStatus | undefined,
	maxInFlight: number,
	weakness: Weakness,
	nowMs = Date.now(),
): FullStatus => {
	const {delivered = 0, acknowledged = 0, redelivered = 0, failed = 0, lastPollAt, lastFaxAt} = status?.counts ?? {};
	return {
		...appearance(state, status, maxInFlight, weakness, nowMs),
		counts: status
			? {inFlight: status.inFlight, unconfirmed: status.unconfirmed, delivered, acknowledged, redelivered, failed}
			: noCounts,
		...(lastPollAt !== undefined && {lastPollAt}),
		...(lastFaxAt !== undefined && {lastFaxAt}),
		...(status?.oldestFaxMs !== undefined && {oldestFaxAt: new Date(status.oldestFaxMs).toISOString()}),
		...(status?.oldestDeliveryMs !== undefined && {oldestDeliveryAt: new Date(status.oldestDeliveryMs).toISOString()}),
		...(status?.nextDeletionMs !== undefined && {nextDeletionAt: new Date(status.nextDeletionMs).toISOString()}),
	};
};
