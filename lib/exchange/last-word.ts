/** The end of a topic: acknowledgements that are accepted and not yet sent. */
import type {TopicContext} from '../faxes/context';
import type {Decisions} from '../faxes/decisions';
import {defaultLockMs} from '../retarus/facts';
import type {AcknowledgeBatches} from './acknowledge-batches';

/** Closing takes no longer for them. */
export const lastWordMs = 1000;

/** Sends one batch. Never rejects: what does not get through is on disk and is sent after the next start. */
export const sayLastWord = async (
	{name, connection, ledger, environment: {clock}}: TopicContext,
	batches: AcknowledgeBatches,
	decisions: Decisions,
): Promise<void> => {
	const {ids} = batches.next();
	// What a process before this one wrote counts only when it is durable here.
	if (!ledger.isUsable || !ids.some((id) => ledger.unconfirmed.has(id))) {
		return;
	}

	const abort = new AbortController();
	const cancel = clock.setTimer(() => {
		abort.abort(new Error('closing'));
	}, lastWordMs);
	try {
		const exchange = {topic: name, fetch: 0, lockTimeoutMs: defaultLockMs, ids};
		await connection().client.exchange(exchange, lastWordMs, abort.signal);
		await decisions.confirm(ids);
	} catch {
		// They are repeated after the next start.
	} finally {
		cancel();
	}
};
