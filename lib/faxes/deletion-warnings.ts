/**
 * How old the faxes are that nobody has acknowledged yet, and when the service will delete them. By the wall clock,
 * because that is what the service goes by.
 */
import {ChurnMap} from '../churn-map';
import {keptByServiceMs} from '../retarus/facts';

const hourMs = 3_600_000;

/** Hours before the deletion at which a warning is due, in the order of time. */
const warningHours = [48, 24] as const;

interface Waiting {
	/**
	 * When it was received, or first listed where the service does not say. Never in the future, whatever the clocks say.
	 */
	readonly sinceMs: number;
	readonly isReceiptKnown: boolean;
	/** Warnings given already. */
	warnings: number;
}

export class DeletionWarnings {
	/** How long the service keeps a fax after its receipt: as the account that was opened last has it. */
	keptMs = keptByServiceMs;
	/** In the order in which they were first listed, which is about the order of receipt. */
	readonly #waiting = new ChurnMap<Waiting>();
	/** No warning is due before: most questions, asked after every step of every fax, end here. */
	#quietUntilMs = Infinity;

	/** When the oldest waiting fax was received, or first listed; `undefined` when none waits. */
	get oldestMs(): number | undefined {
		return earliest([...this.#waiting.values()]);
	}

	/** When the first of the waiting faxes whose age is known will be deleted; `undefined` when there is none. */
	get nextDeletionMs(): number | undefined {
		const oldestMs = earliest([...this.#waiting.values()].filter(({isReceiptKnown}) => isReceiptKnown));
		return oldestMs === undefined ? undefined : oldestMs + this.keptMs;
	}

	/** A fax was listed that nobody has acknowledged. */
	listed(id: string, receivedAt: string | undefined, nowWallMs: number): void {
		if (!this.#waiting.has(id)) {
			const sinceMs = receivedAt === undefined ? nowWallMs : Math.min(Date.parse(receivedAt), nowWallMs);
			const waiting = {sinceMs, isReceiptKnown: receivedAt !== undefined, warnings: 0};
			this.#waiting.set(id, waiting);
			this.#quietUntilMs = Math.min(this.#quietUntilMs, nextWarningAtMs(waiting, this.keptMs));
		}

		this.#forgetDeleted(nowWallMs);
	}

	/** How many hours are left for a fax, when that is worth a warning that was not given yet. */
	warning(id: string, nowWallMs: number): number | undefined {
		const waiting = this.#waiting.get(id);
		if (!waiting) {
			return undefined;
		}

		const leftMs = waiting.sinceMs + this.keptMs - nowWallMs;
		const due = warningHours.filter((hours) => leftMs <= hours * hourMs).length;
		if (due <= waiting.warnings || leftMs <= 0) {
			return undefined;
		}

		waiting.warnings = due;
		return Math.round(leftMs / hourMs);
	}

	/**
	 * The warnings that are due by now.
	 * @param isWaiting whether a fax certainly still waits: others may have acknowledged it
	 */
	warnings(
		isWaiting: (id: string) => boolean,
		nowWallMs: number,
	): readonly {readonly id: string; readonly hours: number}[] {
		const due: {id: string; hours: number}[] = [];
		if (nowWallMs < this.#quietUntilMs) {
			return due;
		}

		this.#quietUntilMs = Infinity;
		for (const [id, waiting] of this.#waiting) {
			const hours = isWaiting(id) ? this.warning(id, nowWallMs) : undefined;
			if (hours !== undefined) {
				due.push({id, hours});
			}

			this.#quietUntilMs = Math.min(this.#quietUntilMs, nextWarningAtMs(waiting, this.keptMs));
		}

		return due;
	}

	/** How long until a warning may be due; `Infinity` when none will be. */
	nextWarningMs(nowWallMs: number): number {
		if (nowWallMs < this.#quietUntilMs) {
			return this.#quietUntilMs - nowWallMs;
		}

		let nextMs = Infinity;
		for (const {sinceMs} of this.#waiting.values()) {
			for (const hours of warningHours) {
				const remainingMs = sinceMs + this.keptMs - hours * hourMs - nowWallMs;
				nextMs = remainingMs > 0 ? Math.min(nextMs, remainingMs) : nextMs;
			}
		}

		return nextMs;
	}

	/** Accepted, or settled elsewhere. */
	forget(id: string): void {
		this.#waiting.delete(id);
	}

	/** What others acknowledged is never listed again and must not be remembered for ever. */
	#forgetDeleted(nowWallMs: number): void {
		for (const [id, {sinceMs}] of this.#waiting) {
			if (sinceMs + this.keptMs > nowWallMs) {
				break;
			}

			this.#waiting.delete(id);
		}
	}
}

/** By the wall clock; never when all were given. */
const nextWarningAtMs = ({sinceMs, warnings}: Waiting, keptMs: number): number => {
	const hours = warningHours[warnings];
	return hours === undefined ? Infinity : sinceMs + keptMs - hours * hourMs;
};

const earliest = (waiting: readonly Waiting[]): number | undefined =>
	waiting.length === 0 ? undefined : waiting.reduce((least, {sinceMs}) => Math.min(least, sinceMs), Infinity);
