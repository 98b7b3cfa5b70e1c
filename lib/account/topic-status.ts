/** What can be seen of a topic from outside. */
import type {RetarusError} from '../errors';
import type {Counts} from '../faxes/memory';

export type TopicState =
	| {readonly kind: 'connecting' | 'polling' | 'idle' | 'onDemand' | 'paused'}
	/** The flow holds all it may. */
	| {readonly kind: 'full'}
	| {readonly kind: 'trouble'; readonly error: RetarusError; readonly nextTryMs: number};

export interface TopicStatus {
	readonly state: TopicState;
	readonly inFlight: number;
	/** Accepted acknowledges that the service has yet to confirm. */
	readonly unconfirmed: number;
	readonly counts: Readonly<Counts>;
	/** Since when the flow has had the fax that it has had for longest; milliseconds since 1970. */
	readonly oldestDeliveryMs: number | undefined;
	/** Since when the oldest fax waits that nobody here has acknowledged: received, or first seen where the service does not tell; milliseconds since 1970. */
	readonly oldestFaxMs: number | undefined;
	/** When the service deletes the first of the faxes that wait, where it tells their age; milliseconds since 1970. */
	readonly nextDeletionMs: number | undefined;
}
