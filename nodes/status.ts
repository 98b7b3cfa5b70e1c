/** The status under a node: a total table of states. Texts are catalogue keys, which each browser translates, or figures that need no words. */
import type {Node, NodeStatus} from '@node-red/registry';
import {ConfigError, needsPerson, type RetarusError} from '../lib/errors';
import type {TopicStatus} from '../lib/account/topic-status';
import type {Weakness} from './account-settings';
import {age} from './age';

const namespace = '@faxbridge/node-red-retarus-fax/retarus-fax-in:retarus-fax-in';

/** For Status nodes. */
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
	/** Why nothing is received at the moment. */
	readonly problem?: {readonly code: string; readonly message: string};
	/** ISO 8601. */
	readonly nextTryAt?: string;
	/** What there is to know while the flow holds all it may, in the language of the server. */
	readonly full?: string;
	/** Since when the oldest fax waits that is not acknowledged: received, or first seen where Retarus does not tell. */
	readonly oldestFaxAt?: string;
	/** Since when the flow has had the fax that it has had for longest. */
	readonly oldestDeliveryAt?: string;
	/** When Retarus deletes the first of the faxes that are not acknowledged, where it tells their age. */
	readonly nextDeletionAt?: string;
}

/** Everything a fax in node can show. */
export type FaxInState =
	| TopicStatus['state']
	| {readonly kind: 'notWired' | 'noAcknowledge'}
	| {readonly kind: 'misconfigured'; readonly error: RetarusError};

type Look = Pick<NodeStatus, 'fill' | 'shape'>;

const looks: Record<FaxInState['kind'], Look> = {
	connecting: {fill: 'yellow', shape: 'ring'},
	polling: {fill: 'blue', shape: 'dot'},
	idle: {fill: 'green', shape: 'dot'},
	full: {fill: 'yellow', shape: 'dot'},
	onDemand: {fill: 'grey', shape: 'dot'},
	paused: {fill: 'grey', shape: 'ring'},
	notWired: {fill: 'yellow', shape: 'ring'},
	// It would receive, and every fax would come again and again.
	noAcknowledge: {fill: 'yellow', shape: 'ring'},
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

/** The time of day of a next try, as the server's clock shows it. */
const timeOfDay = (date: Date): string => date.toTimeString().slice(0, 8);

/** Shorter than this is usual while a backlog is worked off. */
const longestUsualMs = 60_000;

/** How long the flow has had the oldest of the faxes that it holds, when that is worth a look. */
const oldest = ({oldestDeliveryMs}: TopicStatus, nowMs: number): string =>
	oldestDeliveryMs !== undefined && nowMs - oldestDeliveryMs >= longestUsualMs
		? ` · ${age(nowMs - oldestDeliveryMs)}`
		: '';

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
				...looks.misconfigured,
				text: `${namespace}.status.${state.error.reason}`,
				problem: {code: state.error.code, message: state.error.message},
			};
		case 'trouble': {
			const nextTry = new Date(nowMs + state.nextTryMs);
			const problem = {code: state.error.code, message: state.error.message};
			return needsPerson(state.error)
				? {
						fill: 'red',
						shape: 'ring',
						text: reasonWords(state.error, weakness),
						problem,
						nextTryAt: nextTry.toISOString(),
					}
				: {
						...looks.trouble,
						text: `↻ ${timeOfDay(nextTry)} ${state.error.code}${weaknessFigures[weakness]}`,
						problem,
						nextTryAt: nextTry.toISOString(),
					};
		}

		case 'full':
		case 'idle':
			return status && status.inFlight > 0
				? {
						...looks[state.kind],
						text: `${status.inFlight}/${maxInFlight}${state.kind === 'full' ? oldest(status, nowMs) : ''}${weaknessFigures[weakness]}`,
					}
				: {...looks[state.kind], text: words('idle', weakness)};
		default:
			return {...looks[state.kind], text: words(state.kind, weakness)};
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

interface Shown {
	readonly status: () => FullStatus;
	readonly refreshMs: number | undefined;
}

/** Shows the latest status, but no more often than people can see: a backlog changes it hundreds of times a second. */
export class StatusLight {
	readonly #node: Pick<Node, 'status'>;
	#shown = '';
	#pending: Shown | undefined;
	#timer: NodeJS.Timeout | undefined;
	#refresh: NodeJS.Timeout | undefined;
	/** A message may end after its node: what it tells then is not the new node's status. */
	#isClosed = false;

	constructor(node: Pick<Node, 'status'>) {
		this.#node = node;
	}

	/**
	 * @param status is asked for when it is shown
	 * @param refreshMs asks for it again that often while it tells how long the flow has been full
	 */
	show(status: () => FullStatus, refreshMs?: number): void {
		if (!this.#isClosed) {
			this.#pending = {status, refreshMs};
			this.#next();
		}
	}

	close(): void {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		clearTimeout(this.#refresh);
		this.#pending = undefined;
	}

	#next(): void {
		if (this.#pending && !this.#timer) {
			this.#showNow(this.#pending);
			this.#timer = setTimeout(() => {
				this.#timer = undefined;
				this.#next();
			}, 200);
		}
	}

	#showNow(shown: Shown): void {
		this.#pending = undefined;
		clearTimeout(this.#refresh);
		const status = shown.status();
		if (status.full !== undefined) {
			this.#refresh = setTimeout(() => {
				this.show(shown.status, shown.refreshMs);
			}, shown.refreshMs);
		}

		const text = JSON.stringify(status);
		if (text !== this.#shown) {
			this.#shown = text;
			this.#node.status(status);
		}
	}
}
