import type {Exchange} from '../../../lib/retarus/wire';
import type {Random} from '../../world/random';
import type {Schedule} from './schedule';
import type {Weather} from './weather';
import type {Witness} from './witness';

export interface StoredFax {
	readonly id: string;
	readonly topic: string;
	/** Names and contents of its documents. */
	readonly documents: ReadonlyMap<string, Buffer>;
	readonly readyAtMs: number;
	/** Its documents are gone for ever from then on. */
	readonly goneAtMs: number;
	/** When the service deletes it. */
	readonly deletedAtMs: number;
	lockedUntilMs: number;
	isAcknowledged: boolean;
}

export interface Reply {
	readonly status: number;
	readonly body: Buffer;
	/** Faxes in the answer. */
	readonly listed?: number;
}

export const empty = Buffer.alloc(0);

/** The service: topics, locks that expire by its own clock, acknowledges, and the habits that nobody outside knows. */
export class Retarus {
	readonly faxes = new Map<string, StoredFax>();
	/** Ids that an exchange with status 200 carried. */
	readonly heard = new Set<string>();
	readonly #open = new Map<string, Map<string, StoredFax>>();
	readonly #documents = new Map<string, StoredFax>();
	readonly #schedule: Schedule;
	readonly #weather: Weather;
	readonly #witness: Witness;
	readonly #random: Random;

	constructor(schedule: Schedule, weather: Weather, witness: Witness, random: Random) {
		this.#schedule = schedule;
		this.#weather = weather;
		this.#witness = witness;
		this.#random = random;
	}

	receive(fax: StoredFax): void {
		this.faxes.set(fax.id, fax);
		const open = this.#open.get(fax.topic) ?? new Map<string, StoredFax>();
		this.#open.set(fax.topic, open.set(fax.id, fax));
		for (const name of fax.documents.keys()) {
			this.#documents.set(name, fax);
		}
	}

	/** For how long the fax is locked, unless it is locked for less than the client can know. */
	lockedForMs(id: string): number {
		return this.#has('capsLock') ? Infinity : (this.faxes.get(id)?.lockedUntilMs ?? 0) - this.#schedule.nowMs;
	}

	/** Whether it accepts no request with this id. */
	refuses(id: string): boolean {
		const fax = this.faxes.get(id);
		return fax === undefined ? this.#has('refusesUnknown') : fax.isAcknowledged && this.#has('refusesKnown');
	}

	/** Acknowledged; or it was told so, and ignores all acknowledges that come after a lock which it makes shorter than the client can know. */
	isDone({id, isAcknowledged}: StoredFax): boolean {
		return isAcknowledged || (this.heard.has(id) && this.#has('ignoresLate') && this.#has('capsLock'));
	}

	exchange({topic, fetch, lockTimeoutMs, ids}: Exchange): Reply {
		if (ids.some((id) => this.refuses(id))) {
			return {status: 400, body: empty};
		}

		if (!this.#has('listsFirst')) {
			this.#acknowledge(ids);
		}

		const listed = fetch > 0 ? this.#list(topic, fetch, lockTimeoutMs) : [];
		if (this.#has('listsFirst')) {
			this.#acknowledge(ids);
		}

		for (const id of ids) {
			this.heard.add(id);
		}

		return {status: 200, body: this.#answer(listed), listed: listed.length};
	}

	document(name: string): Reply {
		const {nowMs} = this.#schedule;
		const fax = this.#documents.get(name);
		const content = fax?.documents.get(name);
		const isThere = fax !== undefined && fax.readyAtMs <= nowMs && nowMs < Math.min(fax.goneAtMs, fax.deletedAtMs);
		return isThere && content
			? {status: 200, body: content}
			: {status: this.#has('refusesUnknown') ? 410 : 404, body: empty};
	}

	#has(kind: Parameters<Weather['has']>[0]): boolean {
		return this.#weather.has(kind);
	}

	#acknowledge(ids: readonly string[]): void {
		for (const id of ids) {
			const fax = this.faxes.get(id);
			if (fax === undefined || fax.isAcknowledged) {
				continue;
			}

			if (this.#has('ignoresLate') && fax.lockedUntilMs <= this.#schedule.nowMs) {
				this.#weather.count('ignoresLate');
			} else if (!this.#weather.strikes('forgetsAcknowledge')) {
				this.#witness.acknowledged(id);
				fax.isAcknowledged = true;
				this.#open.get(fax.topic)?.delete(id);
			}
		}
	}

	#list(topic: string, fetch: number, lockTimeoutMs: number): readonly StoredFax[] {
		const {nowMs} = this.#schedule;
		const wanted =
			Math.min(fetch, this.#has('capsFetch') ? mostListed : Infinity) +
			(this.#weather.strikes('surplus', 5) ? this.#random.integer(1, 3) : 0);
		const lockMs = Math.min(lockTimeoutMs, this.#has('capsLock') ? 20_000 : Infinity);
		const listed: StoredFax[] = [];
		for (const fax of this.#open.get(topic)?.values() ?? []) {
			if (listed.length >= wanted) {
				break;
			}

			if (fax.lockedUntilMs <= nowMs && nowMs < fax.deletedAtMs) {
				fax.lockedUntilMs = nowMs + lockMs;
				listed.push(fax);
			}
		}

		return listed;
	}

	#answer(listed: readonly StoredFax[]): Buffer {
		if (listed.length === 0) {
			return noFaxes;
		}

		const entries = listed.map(({id, documents}) => {
			const urls = [...documents.keys()].map((name) => `{"url":"https://elsewhere/files/${name}"}`);
			return `{"id":"${id}","documents":[${urls.join(',')}]}`;
		});
		if (this.#weather.strikes('repeatsId', 5)) {
			entries.push(entries[0] ?? '');
		}

		if (this.#weather.strikes('malformedEntry', 5)) {
			entries.unshift('{"id":null}');
		}

		return Buffer.from(`{"meta":{"exit":"https://elsewhere/exit"},"results":[${entries.join(',')}]}`);
	}
}

const noFaxes = Buffer.from('{"meta":{},"results":[]}');

/** Of a service that caps what it lists: fewer than the faxes at its head that nobody can have. */
const mostListed = 5;
