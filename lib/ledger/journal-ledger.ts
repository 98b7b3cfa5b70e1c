/** A ledger in a journal of its own: it answers from memory, and every change is in the file before it counts. */
import type {Environment, Files, Instant} from '../environment';
import {Journal, type Durability} from './journal';
import {JournalReader, readPieces} from './journal-lines';
import type {FailedDelivery, Ledger} from './ledger';
import {isUnderstood, parseRecord, type Failure, type LedgerRecord, type Settlement} from './ledger-records';
import {LedgerState} from './ledger-state';

export interface JournalLedgerOptions {
	/**
	 * How long a settled fax is remembered, and the deliveries of one that is not: longer than the service keeps it.
	 * @default 8 days
	 */
	readonly rememberedMs?: number;
}

const defaultRememberedMs = 8 * 86_400_000;

export class JournalLedger implements Ledger {
	readonly #topic: string;
	readonly #clock: Environment['clock'];
	readonly #journal: Journal;
	readonly #files: Files;
	readonly #path: string;
	readonly #isReadOnly: boolean;
	readonly #rememberedMs: number;
	readonly #state = new LedgerState();
	readonly #begun: Instant;
	/** When the process before this one wrote the file anew for the last time, as it saw the time pass. */
	#begunBeforeMs: number | undefined;
	/** Where a damaged file was put, until somebody was told. */
	#setAside: string | undefined;

	/** @param isReadOnly knows what is on disk and writes nothing: for an account in trial mode. */
	constructor(
		topic: string,
		path: string,
		environment: Environment,
		isReadOnly: boolean,
		{rememberedMs = defaultRememberedMs}: JournalLedgerOptions = {},
	) {
		this.#topic = topic;
		this.#clock = environment.clock;
		this.#begun = this.#clock.now();
		this.#files = environment.files;
		this.#path = path;
		this.#isReadOnly = isReadOnly;
		this.#rememberedMs = rememberedMs;
		this.#journal = new Journal({
			files: environment.files,
			path,
			apply: (record) => {
				this.#apply(record);
			},
			isUnderstood,
			snapshot: () => this.#snapshot(),
			wallMs: () => environment.clock.now().wallMs,
		});
	}

	get isUsable(): boolean {
		return this.#isReadOnly || this.#journal.isUsable;
	}

	get unconfirmed(): ReadonlySet<string> {
		return this.#state.unconfirmed;
	}

	async open(): Promise<string | undefined> {
		if (this.#isReadOnly) {
			const reader = new JournalReader((record) => {
				this.#apply(record);
			});
			for await (const piece of readPieces(this.#files, this.#path)) {
				reader.take(piece);
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

	settlement(id: string): Settlement | undefined {
		return this.#state.settlement(id);
	}

	deliveries(id: string): number {
		return this.#state.deliveries(id);
	}

	lastDelivery(id: string): FailedDelivery | undefined {
		return this.#state.lastDelivery(id);
	}

	wasGivenBack(id: string, delivery: number): boolean {
		return this.#state.wasGivenBack(id, delivery);
	}

	async deliver(id: string): Promise<number> {
		const delivery = this.deliveries(id) + 1;
		await this.#append({type: 'delivered', id, delivery, atMs: this.#nowMs()}, 'written');
		return delivery;
	}

	async fail(id: string, delivery: number, failure: Failure, givenBack: boolean): Promise<void> {
		await this.#append({type: 'failed', id, delivery, atMs: this.#nowMs(), failure, givenBack}, 'written');
	}

	async accept(id: string): Promise<void> {
		await this.#append({type: 'accepted', id, atMs: this.#nowMs()}, 'durable');
	}

	async confirm(id: string): Promise<void> {
		await this.#append({type: 'confirmed', id, atMs: this.#nowMs()}, 'written');
	}

	async refuse(id: string): Promise<void> {
		await this.#append({type: 'refused', id, atMs: this.#nowMs()}, 'written');
	}

	#nowMs(): number {
		return Math.round(this.#clock.now().wallMs);
	}

	async #append(record: LedgerRecord, durability: Durability): Promise<void> {
		if (this.#isReadOnly) {
			this.#state.apply(record);
		} else {
			await this.#journal.append(record, durability);
		}
	}

	#apply(record: unknown): void {
		const parsed = parseRecord(record);
		if (parsed?.type === 'ledger') {
			this.#begunBeforeMs = parsed.atMs;
		} else if (parsed) {
			this.#state.apply(parsed);
		}
	}

	*#snapshot(): Iterable<LedgerRecord> {
		const {wallMs} = this.#begun;
		// A clock that is set forward makes nothing old: the time must have passed on the steady clock, or before the process before this one began.
		const before = Math.min(this.#begunBeforeMs ?? wallMs, wallMs) + this.#passedMs - this.#rememberedMs;
		yield {type: 'ledger', version: 1, topic: this.#topic, atMs: Math.round(wallMs + this.#passedMs)};
		yield* this.#state.snapshot(this.#topic, before);
	}

	/** Since this process began, without the time asleep. */
	get #passedMs(): number {
		return this.#clock.now().steadyMs - this.#begun.steadyMs;
	}
}

/** The topic of a journal in which acknowledges wait for their confirmation; `undefined` when none do. */
export const topicWithUnconfirmed = async (files: Files, path: string): Promise<string | undefined> => {
	const state = new LedgerState();
	let topic: string | undefined;
	const reader = new JournalReader((record) => {
		const parsed = parseRecord(record);
		if (parsed?.type === 'ledger') {
			topic = parsed.topic;
		} else if (parsed) {
			state.apply(parsed);
		}
	});
	for await (const piece of readPieces(files, path)) {
		reader.take(piece);
	}

	return state.unconfirmed.size > 0 ? topic : undefined;
};
