import type {Exchange} from '../../../lib/retarus/wire';
import type {Random} from '../../world/random';
import {Retarus, type ServiceReply, type StoredFax} from '../../world/retarus';
import type {FaultKind} from './faults';
import type {Schedule} from './schedule';
import type {Weather} from './weather';
import type {Witness} from './witness';

export interface HistoryFax extends StoredFax {
	readonly topic: string;
	/** Its documents cannot be downloaded before. */
	readonly readyAtMs: number;
	/** Its documents cannot be downloaded from then on. */
	readonly goneAtMs: number;
	/** The service deletes the fax then. */
	readonly deletedAtMs: number;
}

/** The service with habits that nobody outside knows (service.md: open questions). */
export class HabitualRetarus extends Retarus<HistoryFax> {
	/** Ids that an exchange with status 200 carried. */
	readonly heard = new Set<string>();
	readonly #schedule: Schedule;
	readonly #weather: Weather;
	readonly #witness: Witness;
	readonly #random: Random;

	constructor(schedule: Schedule, weather: Weather, witness: Witness, random: Random) {
		super(() => schedule.nowMs);
		this.#schedule = schedule;
		this.#weather = weather;
		this.#witness = witness;
		this.#random = random;
	}

	/** How long the fax stays locked; `Infinity` where the lock may be shorter than the client can know. */
	lockedForMs(id: string): number {
		return this.#has('capsLock') ? Infinity : (this.faxes.get(id)?.lockedUntilMs ?? 0) - this.#schedule.nowMs;
	}

	override refuses(id: string): boolean {
		const fax = this.faxes.get(id);
		return fax === undefined ? this.#has('refusesUnknown') : fax.isAcknowledged && this.#has('refusesKnown');
	}

	/**
	 * Acknowledged; or the service heard so after a lock that it made shorter than the client can know, and ignores that.
	 */
	isDone({id, isAcknowledged}: HistoryFax): boolean {
		return isAcknowledged || (this.heard.has(id) && this.#has('ignoresLate') && this.#has('capsLock'));
	}

	override exchange(exchange: Exchange): ServiceReply {
		const reply = super.exchange(exchange);
		if (reply.status === 200) {
			for (const id of exchange.ids) {
				this.heard.add(id);
			}
		}

		return reply;
	}

	protected override get listsFirst(): boolean {
		return this.#has('listsFirst');
	}

	protected override get missingStatus(): number {
		return this.#has('refusesUnknown') ? 410 : 404;
	}

	protected override most(fetch: number): number {
		const surplus = this.#weather.strikes('surplus', 5) ? this.#random.integer(1, 3) : 0;
		return Math.min(fetch, this.#has('capsFetch') ? mostListed : Infinity) + surplus;
	}

	protected override lockMs(lockTimeoutMs: number): number {
		return Math.min(lockTimeoutMs, this.#has('capsLock') ? 20_000 : Infinity);
	}

	protected override keeps({deletedAtMs}: HistoryFax): boolean {
		return this.#schedule.nowMs < deletedAtMs;
	}

	protected override hasDocuments({readyAtMs, goneAtMs, deletedAtMs}: HistoryFax): boolean {
		const {nowMs} = this.#schedule;
		return readyAtMs <= nowMs && nowMs < Math.min(goneAtMs, deletedAtMs);
	}

	protected override takes({id, lockedUntilMs}: HistoryFax): boolean {
		if (this.#has('ignoresLate') && lockedUntilMs <= this.#schedule.nowMs) {
			this.#weather.count('ignoresLate');
			return false;
		}

		if (this.#weather.strikes('forgetsAcknowledge')) {
			return false;
		}

		this.#witness.acknowledged(id);
		return true;
	}

	protected override entries(entries: readonly string[]): readonly string[] {
		const repeated = this.#weather.strikes('repeatsId', 5) ? entries.slice(0, 1) : [];
		const malformed = this.#weather.strikes('malformedEntry', 5) ? ['{"id":null}'] : [];
		return [...malformed, ...entries, ...repeated];
	}

	#has(kind: FaultKind): boolean {
		return this.#weather.has(kind);
	}
}

/** Up to how many faxes a service lists that caps them: fewer than the faxes at its head whose documents are gone. */
const mostListed = 5;
