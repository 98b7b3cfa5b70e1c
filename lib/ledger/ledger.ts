/**
 * What must survive of one topic: deliveries counted, acknowledges accepted and confirmed. Ids, counts and times only.
 */
import type {Environment, Instant} from '../environment';
import {Journal, readJournal, type Durability} from './journal';
import type {ErrorCode, ErrorReason, Facts} from '../errors';
import {isRecord} from '../json';

/** Why a delivery failed. The sentence is made where it is shown, in the language of the place. */
export interface Failure {
	readonly code: ErrorCode;
	readonly reason: ErrorReason;
	readonly facts: Facts;
}

/** A line of the journal. Each sets a state and so may be repeated. */
export type LedgerRecord =
	/** The first one. `atMs`: when the process that wrote it began, and the time since, as the steady clock has it. */
	| {readonly type: 'ledger'; readonly version: 1; readonly topic: string; readonly atMs?: number}
	| {readonly type: 'delivered'; readonly id: string; readonly delivery: number; readonly atMs: number}
	| {
			readonly type: 'failed';
			readonly id: string;
			readonly delivery: number;
			readonly atMs: number;
			readonly failure: Failure;
			readonly givenBack: boolean;
	  }
	| {readonly type: 'accepted' | 'confirmed' | 'refused'; readonly id: string; readonly atMs: number};

/** Not acknowledged yet. */
interface Open {
	readonly state: 'open';
	/** Times delivered, documents that could not be had included. */
	deliveries: number;
	/** When delivery number `deliveries` began. */
	deliveredAtMs: number;
	/** Of delivery number `deliveries`; absent while a flow works on it, and after a crash. */
	failed?: {readonly atMs: number; readonly failure: Failure};
	/** Numbers of the deliveries that an ack node gave back: they can no longer be acknowledged. */
	readonly givenBack: Set<number>;
}

/** An ack node asked for it. It stays known until the service has certainly deleted the fax, so that it is never delivered again. */
interface Settled {
	readonly state: 'accepted' | 'confirmed' | 'refused';
	readonly atMs: number;
}

export interface FailedDelivery {
	readonly delivery: number;
	readonly atMs: number;
	/** Absent when the process ended before anybody could tell. */
	readonly failure: Failure | undefined;
}

/** Documents are deleted after 7 days (service.md, graded doc); one more day for clocks that disagree. */
const keptMs = 8 * 86_400_000;

export class Ledger {
	readonly topic: string;
	readonly #clock: Environment['clock'];
	readonly #journal: Journal;
	readonly #files: Environment['files'];
	readonly #path: string;
	readonly #isReadOnly: boolean;
	readonly #entries = new Map<string, Open | Settled>();
	/** The ids in state `accepted`, oldest first: what the service has yet to confirm. */
	readonly #unconfirmed = new Set<string>();
	readonly #begun: Instant;
	/** When the process before this one wrote the file anew for the last time, as it saw the time pass. */
	#begunBeforeMs: number | undefined;
	/** Where a damaged file was put, until somebody was told. */
	#setAside: string | undefined;

	/** @param isReadOnly knows what is on disk and writes nothing: for an account in trial mode. */
	constructor(topic: string, path: string, environment: Environment, isReadOnly: boolean) {
		this.topic = topic;
		this.#clock = environment.clock;
		this.#begun = this.#clock.now();
		this.#files = environment.files;
		this.#path = path;
		this.#isReadOnly = isReadOnly;
		this.#journal = new Journal({
			files: environment.files,
			path,
			apply: (record) => {
				this.#applyParsed(record);
			},
			isUnderstood,
			snapshot: () => this.#snapshot(),
			wallMs: () => environment.clock.now().wallMs,
		});
	}

	/** False while the disk refuses. */
	get isUsable(): boolean {
		return this.#isReadOnly || this.#journal.isUsable;
	}

	/** Ids that ack nodes asked for and the service has not confirmed, oldest first. */
	get unconfirmed(): ReadonlySet<string> {
		return this.#unconfirmed;
	}

	/**
	 * Reads the file if that was not done yet, and makes it writable. Rejects with why the disk refuses: call it again later.
	 * @returns where a damaged file was put
	 */
	async open(): Promise<string | undefined> {
		if (this.#isReadOnly) {
			const content = await this.#files.read(this.#path);
			for (const record of readJournal(content ?? Buffer.alloc(0)).records) {
				this.#applyParsed(record);
			}

			return undefined;
		}

		if (!this.#journal.isRecovered) {
			this.#setAside = await this.#journal.recover();
		}

		await this.#journal.heal();
		const setAside = this.#setAside;
		this.#setAside = undefined;
		return setAside;
	}

	async close(): Promise<void> {
		await this.#journal.close();
	}

	settlement(id: string): Settled['state'] | undefined {
		const entry = this.#entries.get(id);
		return entry === undefined || entry.state === 'open' ? undefined : entry.state;
	}

	/** How often the fax was delivered. */
	deliveries(id: string): number {
		return this.#open(id)?.deliveries ?? 0;
	}

	/** The last delivery of a fax that nobody holds, which so has failed. */
	lastDelivery(id: string): FailedDelivery | undefined {
		const entry = this.#open(id);
		return (
			entry && {
				delivery: entry.deliveries,
				atMs: entry.failed?.atMs ?? entry.deliveredAtMs,
				failure: entry.failed?.failure,
			}
		);
	}

	wasGivenBack(id: string, delivery: number): boolean {
		return this.#open(id)?.givenBack.has(delivery) ?? false;
	}

	/** Counts a delivery and resolves to its number, before anything of it is sent. */
	async deliver(id: string): Promise<number> {
		const delivery = this.deliveries(id) + 1;
		await this.#append({type: 'delivered', id, delivery, atMs: this.#nowMs()}, 'written');
		return delivery;
	}

	async fail(id: string, delivery: number, failure: Failure, givenBack: boolean): Promise<void> {
		await this.#append({type: 'failed', id, delivery, atMs: this.#nowMs(), failure, givenBack}, 'written');
	}

	/** Resolves when the decision is on disk: from then on nothing undoes it. */
	async accept(id: string): Promise<void> {
		await this.#append({type: 'accepted', id, atMs: this.#nowMs()}, 'durable');
	}

	/** A confirmation that is lost is only asked for once more. */
	async confirm(id: string): Promise<void> {
		await this.#append({type: 'confirmed', id, atMs: this.#nowMs()}, 'written');
	}

	async refuse(id: string): Promise<void> {
		await this.#append({type: 'refused', id, atMs: this.#nowMs()}, 'written');
	}

	#nowMs(): number {
		return Math.round(this.#clock.now().wallMs);
	}

	#open(id: string): Open | undefined {
		const entry = this.#entries.get(id);
		return entry?.state === 'open' ? entry : undefined;
	}

	async #append(record: LedgerRecord, durability: Durability): Promise<void> {
		if (this.#isReadOnly) {
			this.#apply(record);
		} else {
			await this.#journal.append(record, durability);
		}
	}

	#applyParsed(record: unknown): void {
		const parsed = parseRecord(record);
		if (parsed) {
			this.#apply(parsed);
		}
	}

	#apply(record: LedgerRecord): void {
		switch (record.type) {
			case 'ledger':
				this.#begunBeforeMs = record.atMs;
				return;
			case 'delivered':
			case 'failed':
				this.#applyDelivery(record);
				return;
			default:
				this.#applySettlement(record);
		}
	}

	#applySettlement({type: state, id, atMs}: Extract<LedgerRecord, {type: Settled['state']}>): void {
		const settlement = this.settlement(id);
		// Confirmed is final, and accepted keeps its place in the queue: another accept changes nothing.
		if (state !== 'accepted' || settlement === undefined || settlement === 'refused') {
			this.#entries.delete(id);
			this.#entries.set(id, {state, atMs});
		}

		if (this.settlement(id) === 'accepted') {
			this.#unconfirmed.add(id);
		} else {
			this.#unconfirmed.delete(id);
		}
	}

	#applyDelivery(record: Extract<LedgerRecord, {type: 'delivered' | 'failed'}>): void {
		if (this.settlement(record.id)) {
			return;
		}

		const entry: Open = this.#open(record.id) ?? {
			state: 'open',
			deliveries: 0,
			deliveredAtMs: record.atMs,
			givenBack: new Set(),
		};
		this.#entries.set(record.id, entry);
		if (record.delivery >= entry.deliveries) {
			entry.deliveries = record.delivery;
			delete entry.failed;
			if (record.type === 'delivered') {
				entry.deliveredAtMs = record.atMs;
			} else {
				entry.failed = {atMs: record.atMs, failure: record.failure};
			}
		}

		if (record.type === 'failed' && record.givenBack) {
			entry.givenBack.add(record.delivery);
		}
	}

	*#snapshot(): Iterable<LedgerRecord> {
		this.#forget();
		yield {type: 'ledger', version: 1, topic: this.topic, atMs: Math.round(this.#begun.wallMs + this.#passedMs)};
		for (const [id, entry] of this.#entries) {
			if (entry.state !== 'open') {
				yield {type: entry.state, id, atMs: entry.atMs};
				continue;
			}

			const {deliveries: delivery, deliveredAtMs, failed, givenBack} = entry;
			const lost: Failure = {code: 'RETARUS_TIMEOUT', reason: 'processEnded', facts: {id, topic: this.topic}};
			for (const earlier of givenBack) {
				if (earlier !== delivery) {
					yield {type: 'failed', id, delivery: earlier, atMs: deliveredAtMs, failure: lost, givenBack: true};
				}
			}

			yield {type: 'delivered', id, delivery, atMs: deliveredAtMs};
			if (failed) {
				yield {type: 'failed', id, delivery, ...failed, givenBack: givenBack.has(delivery)};
			}
		}
	}

	/** Since this process began, without the time asleep. */
	get #passedMs(): number {
		return this.#clock.now().steadyMs - this.#begun.steadyMs;
	}

	/**
	 * What the service has certainly deleted need not be known any longer. An accepted one is kept until it is confirmed.
	 * A clock that is set forward makes nothing old: eight days must have passed on the steady clock, or before the process before this one began.
	 */
	#forget(): void {
		const {wallMs} = this.#begun;
		const before = Math.min(this.#begunBeforeMs ?? wallMs, wallMs) + this.#passedMs - keptMs;
		for (const [id, entry] of this.#entries) {
			const lastMs = entry.state === 'open' ? (entry.failed?.atMs ?? entry.deliveredAtMs) : entry.atMs;
			if (entry.state !== 'accepted' && lastMs < before) {
				this.#entries.delete(id);
			}
		}
	}
}

/** The topic of a journal in which acknowledges wait for their confirmation; `undefined` when none do. */
export const topicWithUnconfirmed = (content: Buffer): string | undefined => {
	const unconfirmed = new Set<string>();
	const confirmed = new Set<string>();
	let topic: string | undefined;
	for (const record of readJournal(content).records) {
		const parsed = parseRecord(record);
		if (parsed?.type === 'ledger') {
			topic = parsed.topic;
		} else if (parsed?.type === 'accepted' && !confirmed.has(parsed.id)) {
			unconfirmed.add(parsed.id);
		} else if (parsed?.type === 'confirmed' || parsed?.type === 'refused') {
			unconfirmed.delete(parsed.id);
			if (parsed.type === 'confirmed') {
				confirmed.add(parsed.id);
			}
		}
	}

	return unconfirmed.size > 0 ? topic : undefined;
};

/** The file is ours and each line has a checksum; this guards against one that a newer version wrote. */
const parseRecord = (record: unknown): LedgerRecord | undefined => {
	if (!isRecord(record)) {
		return undefined;
	}

	const {type, topic, id, delivery, atMs, failure, givenBack} = record;
	if (type === 'ledger') {
		return typeof topic === 'string' ? {type, version: 1, topic, ...(typeof atMs === 'number' && {atMs})} : undefined;
	}

	if (typeof id !== 'string' || typeof atMs !== 'number') {
		return undefined;
	}

	switch (type) {
		case 'accepted':
		case 'confirmed':
		case 'refused':
			return {type, id, atMs};
		case 'delivered':
			return typeof delivery === 'number' ? {type, id, delivery, atMs} : undefined;
		case 'failed':
			return typeof delivery === 'number' && isFailure(failure)
				? {type, id, delivery, atMs, failure, givenBack: givenBack === true}
				: undefined;
	}

	return undefined;
};

const isFailure = (value: unknown): value is Failure =>
	isRecord(value) && typeof value.code === 'string' && typeof value.reason === 'string' && isRecord(value.facts);

/** Whether a file of this version can say the same. */
const isUnderstood = (record: unknown): boolean => {
	const parsed = parseRecord(record);
	return parsed !== undefined && (parsed.type !== 'ledger' || (isRecord(record) && record.version === 1));
};
