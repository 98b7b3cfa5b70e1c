/** When the service will delete faxes that nobody has acknowledged yet. By wall clock, for that is what the service goes by. */
import {keptByServiceMs} from './metadata';

const hourMs = 3_600_000;

/** Hours before the deletion at which a warning is due, in the order of time. */
const warningHours = [48, 24] as const;

interface Deadline {
	readonly deletedAtMs: number;
	/** Warnings given already. */
	warnings: number;
}

export class Deadlines {
	readonly #deadlines = new Map<string, Deadline>();

	/** When the first of all waiting faxes will be deleted; `undefined` when none waits, or the service does not tell. */
	get nextDeletionMs(): number | undefined {
		let nextMs: number | undefined;
		for (const {deletedAtMs} of this.#deadlines.values()) {
			nextMs = Math.min(nextMs ?? deletedAtMs, deletedAtMs);
		}

		return nextMs;
	}

	/**
	 * A fax was listed that nobody has acknowledged.
	 * @returns how many hours are left, when that is worth a warning which was not given yet
	 */
	listed(id: string, receivedAt: string, nowWallMs: number): number | undefined {
		const deletedAtMs = Date.parse(receivedAt) + keptByServiceMs;
		const deadline = this.#deadlines.get(id) ?? {deletedAtMs, warnings: 0};
		this.#deadlines.set(id, deadline);
		this.#forgetDeleted(nowWallMs);
		const leftMs = deletedAtMs - nowWallMs;
		const due = warningHours.filter(hours => leftMs <= hours * hourMs).length;
		if (due <= deadline.warnings || leftMs <= 0) {
			return undefined;
		}

		deadline.warnings = due;
		return Math.round(leftMs / hourMs);
	}

	/** Accepted, or settled elsewhere. */
	forget(id: string): void {
		this.#deadlines.delete(id);
	}

	#forgetDeleted(nowWallMs: number): void {
		for (const [id, {deletedAtMs}] of this.#deadlines) {
			if (deletedAtMs > nowWallMs) {
				// They are in the order in which they were first listed, which is about the order of receipt.
				break;
			}

			this.#deadlines.delete(id);
		}
	}
}
