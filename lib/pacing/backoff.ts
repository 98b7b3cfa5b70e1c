/**
 * Every formula of "when again". One layer of retry, spread by jitter so that clients that failed together do not
 * return together.
 */
import type {Clock} from '../environment';

export interface BackoffOptions {
	readonly baseMs: number;
	readonly capMs: number;
}

/**
 * Full jitter: between nothing and `min(cap, base * 2^failures)` (AWS Builders' Library, "Exponential backoff and
 * jitter").
 */
export const fullJitterMs = (failures: number, {baseMs, capMs}: BackoffOptions, random: () => number): number =>
	random() * Math.min(capMs, baseMs * 2 ** Math.min(failures, 30));

/** For a condition that may end at any moment. */
export const transientBackoff: BackoffOptions = {baseMs: 1000, capMs: 60_000};

/** The first pause of {@link probeMs}. */
export const firstProbeMs = 30_000;

/**
 * For a condition that needs a person. Probes are slow because a wrong password that is tried often locks an account,
 * and their jitter is small because a pause near zero would defeat that.
 */
export const probeMs = (failures: number, random: () => number): number =>
	Math.min(firstProbeMs * 2 ** Math.min(failures, 5), 15 * 60_000) * (0.9 + 0.2 * random());

/** Spreads an interval by 2 % and keeps its mean, so that many instances do not poll in step. */
export const spreadMs = (intervalMs: number, random: () => number): number => intervalMs * (0.98 + 0.04 * random());

/** The longest rest of a fax, whatever its lock. */
const longestRestMs = 3_600_000;

/** How long a fax rests after its nth failed delivery: the lock time, doubled with each failure. */
export const restMs = (lockTimeoutMs: number, failedDeliveries: number): number =>
	Math.min(lockTimeoutMs * 2 ** Math.min(failedDeliveries - 1, 30), longestRestMs);

/** How long a fax steps aside after trouble that says nothing about it, `attempts` times in a row. */
export const asideMs = (attempts: number, random: () => number): number =>
	Math.min(1000 * 2 ** Math.min(attempts, 10), 60_000) * (0.75 + 0.5 * random());

/** Resolves after the delay; rejects with the signal's reason when that is aborted first. */
export const sleep = (clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> =>
	new Promise((resolve, reject) => {
		signal.throwIfAborted();
		const leave = (): void => {
			cancel();
			reject(signal.reason as Error);
		};
		const cancel = clock.setTimer(() => {
			signal.removeEventListener('abort', leave);
			resolve();
		}, delayMs);
		signal.addEventListener('abort', leave, {once: true});
	});
