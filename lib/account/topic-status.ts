/** What can be seen of a topic from outside. */
import type {Instant} from '../environment';
import type {RetarusError} from '../errors';
import type {TopicContext} from '../faxes/context';
import type {Counts} from '../faxes/memory';
import type {StateFolder} from '../ledger/state-folder';
import type {ReceiverOptions} from '../faxes/receiver-options';
import type {TopicParts} from './topic-parts';

export type TopicState =
	| {readonly kind: 'connecting' | 'polling' | 'idle' | 'onDemand' | 'paused'}
	/** The flow holds all it may. */
	| {readonly kind: 'full'}
	| {readonly kind: 'trouble'; readonly error: RetarusError; readonly nextTryMs: number};

export interface TopicStatus {
	readonly state: TopicState;
	readonly inFlight: number;
	/** Accepted acknowledgements that the service has yet to confirm. */
	readonly unconfirmed: number;
	/** How many of these fail alone while others work. They are repeated slowly. */
	readonly setAside: number;
	readonly counts: Readonly<Counts>;
	/** When the fax that the flow has had longest was delivered; milliseconds since 1970. */
	readonly oldestDeliveryMs: number | undefined;
	/**
	 * When the oldest waiting fax was received, or first listed where the service does not say; milliseconds since 1970.
	 */
	readonly oldestFaxMs: number | undefined;
	/** When the service deletes the first of the waiting faxes whose age it gives; milliseconds since 1970. */
	readonly nextDeletionMs: number | undefined;
}

export interface TopicView {
	readonly context: TopicContext;
	readonly parts: TopicParts;
	readonly folder: StateFolder;
	/** Who receives, or is about to. */
	readonly receiver: ReceiverOptions | undefined;
}

export const topicStatus = (view: TopicView): TopicStatus => {
	const {environment, ledger, memory} = view.context;
	const {leases, counts, deletionWarnings} = memory;
	return {
		state: stateOf(view, environment.clock.now()),
		inFlight: leases.inFlight,
		unconfirmed: ledger.unconfirmed.size,
		setAside: view.parts.loop.setAside,
		counts,
		oldestDeliveryMs: leases.oldestDelivery?.wallMs,
		oldestFaxMs: deletionWarnings.oldestMs,
		nextDeletionMs: deletionWarnings.nextDeletionMs,
	};
};

const stateOf = ({context, parts, folder, receiver}: TopicView, now: Instant): TopicState => {
	const {memory, trouble} = context;
	if (folder.error) {
		return {kind: 'trouble', error: folder.error, nextTryMs: folder.retryMs};
	}

	const wrong = parts.loop.trouble(now);
	if (wrong) {
		return {kind: 'trouble', error: wrong.error, nextTryMs: wrong.remainingMs};
	}

	const documents = trouble.of('documents');
	if (documents) {
		return {
			kind: 'trouble',
			error: documents,
			nextTryMs: Math.max(parts.deliveries.pauseMs(context.connection()), memory.leases.nextRestEndMs(now)),
		};
	}

	if (parts.loop.isPolling) {
		return {kind: 'polling'};
	}

	if (receiver && memory.leases.inFlight >= receiver.maxInFlight) {
		return {kind: 'full'};
	}

	if (memory.isPaused || receiver?.pollIntervalMs === 0) {
		return {kind: memory.isPaused ? 'paused' : 'onDemand'};
	}

	return {kind: parts.loop.hasSucceeded ? 'idle' : 'connecting'};
};
