/** How old the faxes are that nobody has acknowledged yet, and when the service will delete them. By wall clock, for that is what the service goes by. */
import {keptByServiceMs} from './metadata';

const hourMs = 3_600_000;

/** Hours before the deletion at which a warning is due, in the order of time. */
const warningHours = [48, 24] as const;

interface Waiting {
	/** When it was received, or first listed here where the service does not tell. Never in the future, whatever the clocks say. */
	readonly sinceMs: number;
	readonly isReceiptKnown: boolean;
	/** Warnings given already. */
	warnings: number;
}

export class Deadlines {
	/** In the order in which they were first listed, which is about the order of receipt. */
	readonly #waiting = new Map<string, Waiting>();

	/** Since when the oldest of all waiting faxes waits; `undefined` when none does. */
	get oldestMs(): number | undefined {
		return earliest([...this.#waiting.values()]);
	}

	/** When the first of all waiting faxes will be deleted; `undefined` when none waits, or the service does not tell. */
	get nextDeletionMs(): number | undefined {
		const oldestMs = earliest([...this.#waiting.values()].filter(({isReceiptKnown}) => isReceiptKnown));
		return oldestMs === undefined ? undefined : oldestMs + keptByServiceMs;
	}

	/**
	 * A fax was listed that nobody has acknowledged.
	 * @returns how many hours are left, when that is worth a warning which was not given yet
	 */
	listed(id: string, receivedAt: string | undefined, nowWallMs: number): number | undefined {
		const sinceMs = receivedAt === undefined ? nowWallMs : Math.min(Date.parse(receivedAt), nowWallMs);
		const waiting = this.#waiting.get(id) ?? {sinceMs, isReceiptKnown: receivedAt !== undefined, warnings: 0};
		this.#waiting.set(id, waiting);
		this.#forgetDeleted(nowWallMs);
		const leftMs = waiting.sinceMs + keptByServiceMs - nowWallMs;
		const due = warningHours.filter(hours => leftMs <= hours * hourMs).length;
		if (!waiting.isReceiptKnown || due <= waiting.warnings || leftMs <= 0) {
			return undefined;
		}

		waiting.warnings = due;
		return Math.round(leftMs / hourMs);
	}

	/** Accepted, or settled elsewhere. */
	forget(id: string): void {
		this.#waiting.delete(id);
	}

	/** What was acknowledged by others is never listed again, and must not be remembered for ever. */
	#forgetDeleted(nowWallMs: number): void {
		for (const [id, {sinceMs}] of this.#waiting) {
			if (sinceMs + keptByServiceMs > nowWallMs) {
				break;
			}

			this.#waiting.delete(id);
		}
	}
}

const earliest = (waiting: readonly Waiting[]): number | undefined =>
	waiting.length === 0 ? undefined : waiting.reduce((least, {sinceMs}) => Math.min(least, sinceMs), Infinity);
