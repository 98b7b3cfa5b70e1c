/** How old the faxes are that nobody has acknowledged yet, and when the service will delete them. By wall clock, for that is what the service goes by. */
import {keptByServiceMs} from '../retarus/facts';
import {ChurnMap} from '../churn-map';

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

export class DeletionWarnings {
	/** In the order in which they were first listed, which is about the order of receipt. */
	readonly #waiting = new ChurnMap<Waiting>();
	/** No warning is due before: asked after every step of every fax, most questions end here. */
	#quietUntilMs = Infinity;

	/** Since when the oldest of all waiting faxes waits; `undefined` when none does. */
	get oldestMs(): number | undefined {
		return earliest([...this.#waiting.values()]);
	}

	/** When the first of all waiting faxes will be deleted; `undefined` when none waits, or the service does not tell. */
	get nextDeletionMs(): number | undefined {
		const oldestMs = earliest([...this.#waiting.values()].filter(({isReceiptKnown}) => isReceiptKnown));
		return oldestMs === undefined ? undefined : oldestMs + keptByServiceMs;
	}

	/** A fax was listed that nobody has acknowledged. */
	listed(id: string, receivedAt: string | undefined, nowWallMs: number): void {
		if (!this.#waiting.has(id)) {
			const sinceMs = receivedAt === undefined ? nowWallMs : Math.min(Date.parse(receivedAt), nowWallMs);
			const waiting = {sinceMs, isReceiptKnown: receivedAt !== undefined, warnings: 0};
			this.#waiting.set(id, waiting);
			this.#quietUntilMs = Math.min(this.#quietUntilMs, nextWarningAtMs(waiting));
		}

		this.#forgetDeleted(nowWallMs);
	}

	/** How many hours are left for a fax, when that is worth a warning which was not given yet. */
	warning(id: string, nowWallMs: number): number | undefined {
		const waiting = this.#waiting.get(id);
		if (!waiting?.isReceiptKnown) {
			return undefined;
		}

		const leftMs = waiting.sinceMs + keptByServiceMs - nowWallMs;
		const due = warningHours.filter((hours) => leftMs <= hours * hourMs).length;
		if (due <= waiting.warnings || leftMs <= 0) {
			return undefined;
		}

		waiting.warnings = due;
		return Math.round(leftMs / hourMs);
	}

	/** The warnings that are due by now. @param counts whether a fax certainly still waits: others may have acknowledged it */
	warnings(
		counts: (id: string) => boolean,
		nowWallMs: number,
	): readonly {readonly id: string; readonly hours: number}[] {
		const due: {id: string; hours: number}[] = [];
		if (nowWallMs < this.#quietUntilMs) {
			return due;
		}

		this.#quietUntilMs = Infinity;
		for (const [id, waiting] of this.#waiting) {
			const hours = counts(id) ? this.warning(id, nowWallMs) : undefined;
			if (hours !== undefined) {
				due.push({id, hours});
			}

			this.#quietUntilMs = Math.min(this.#quietUntilMs, nextWarningAtMs(waiting));
		}

		return due;
	}

	/** How long until a warning may be due; `undefined` when none will. */
	nextWarningMs(nowWallMs: number): number | undefined {
		if (nowWallMs < this.#quietUntilMs) {
			return this.#quietUntilMs === Infinity ? undefined : this.#quietUntilMs - nowWallMs;
		}

		let nextMs: number | undefined;
		for (const {sinceMs, isReceiptKnown} of this.#waiting.values()) {
			for (const hours of isReceiptKnown ? warningHours : []) {
				const remainingMs = sinceMs + keptByServiceMs - hours * hourMs - nowWallMs;
				nextMs = remainingMs > 0 ? Math.min(nextMs ?? remainingMs, remainingMs) : nextMs;
			}
		}

		return nextMs;
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

/** By wall clock; never when all were given. */
const nextWarningAtMs = ({sinceMs, isReceiptKnown, warnings}: Waiting): number => {
	const hours = isReceiptKnown ? warningHours[warnings] : undefined;
	return hours === undefined ? Infinity : sinceMs + keptByServiceMs - hours * hourMs;
};

const earliest = (waiting: readonly Waiting[]): number | undefined =>
	waiting.length === 0 ? undefined : waiting.reduce((least, {sinceMs}) => Math.min(least, sinceMs), Infinity);
