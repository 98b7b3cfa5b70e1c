/** Finds out whether an account can be used, without locking or acknowledging anything. */
import {realTransport, createService, type AccountSettings} from '../retarus/connection';
import {defaultLockMs} from '../retarus/facts';
import type {Clock} from '../environment';
import {AuthError, TopicError} from '../errors';

export interface Finding {
	/**
	 * `reached`: the service answered, and did not refuse the credentials; without a topic nothing more can be found out.
	 */
	readonly kind: 'works' | 'reached';
	/** How long it took. */
	readonly ms: number;
}

/** A person waits for the answer. */
const longestMs = 15_000;

/**
 * No topic has this name, it is to be hoped: where there is none to ask for, the answer still tells who is asked and
 * whether the credentials are refused.
 */
const someTopic = 'connection-test';

/**
 * Asks for no fax (`fetch=0`) and names no id.
 * @throws RetarusError what is wrong
 */
export const testConnection = async (
	settings: AccountSettings,
	topic: string | undefined,
	clock: Clock,
	createTransport = realTransport,
): Promise<Finding> => {
	const transport = createTransport(settings, 1);
	const service = createService(settings, clock, transport);
	const begin = clock.now();
	const finding = (kind: Finding['kind']): Finding => ({kind, ms: Math.round(clock.now().steadyMs - begin.steadyMs)});
	try {
		const timeoutMs = Math.min(settings.requestTimeoutMs, longestMs);
		await service.exchange(
			{topic: topic ?? someTopic, fetch: 0, lockTimeoutMs: defaultLockMs, ids: []},
			timeoutMs,
			new AbortController().signal,
		);
		return finding(topic === undefined ? 'reached' : 'works');
	} catch (error) {
		if (
			topic === undefined &&
			(error instanceof TopicError || (error instanceof AuthError && error.scope === 'topic'))
		) {
			return finding('reached');
		}

		throw error;
	} finally {
		await service.close().catch(() => undefined);
	}
};
