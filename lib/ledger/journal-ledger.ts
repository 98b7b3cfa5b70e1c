import type {Environment, Files, Instant} from '../environment';
import {Journal, type Durability} from './journal';
import {readRecords} from './journal-lines';
import type {FailedDelivery, Ledger} from './ledger';
import {isUnderstood, parseRecord, type Failure, type LedgerRecord, type Settlement} from './ledger-records';
import {LedgerState} from './ledger-state';
import type {FolderNotice, StateFolder} from './state-folder';

export interface JournalLedgerOptions {
	/**
	 * How long a settled fax is remembered, and the deliveries of an open one: longer than the service keeps a fax.
	 * @default 8 days
	 */
	readonly rememberedMs?: number;
	/** The folder of the journal. Without one nobody else can have it. */
	readonly folder?: StateFolder;
	/** Told what is worth one warning per folder. */
	readonly onNotice?: (notice: FolderNotice) => void;
	/** Called when the ledger ceased to be usable without having been asked for anything: {@link JournalLedger.open} it. */
	readonly onUnusable?: () => void;
}

const dayMs = 86_400_000;
const defaultRememberedMs = 8 * dayMs;

/** The time between two processes makes nothing older than this: the clock may have been set in between. */
const longestGapMs = dayMs;

/**
 * A ledger in a journal of its own: it answers from memory, and every change is in the file before it counts.
 *
 * All times in a file are of one clock: the wall clock as it was when the process began, moved on by the steady clock. So
 * a clock that is set, forward or back, makes nothing older or younger while a process runs. The next process moves the
 * times to its own clock. What that clock says about the time in between counts from the process after it on, and a day
 * at most: a machine that starts in 1970 and is set right later must not forget what is minutes old.
 */
export class JournalLedger implements Ledger {
	readonly #topic: string;
	readonly #clock: Environment['clock'];
	readonly #journal: Journal;
	readonly #files: Files;
	readonly #path: string;
	readonly #isReadOnly: boolean;
	readonly #options: JournalLedgerOptions;
	readonly #state = new LedgerState();
	readonly #begun: Instant;
	/** When the file was written, and the last time that it named, by the clock of its process. */
	#writtenMs: number | undefined;
	#lastMs = -Infinity;
	/** Between the process before and this one, as far as it counts at all. */
	#gapMs = 0;
	readonly #onLost = (): void => {
		this.#journal.distrust();
		this.#options.onUnusable?.();
	};

	/** @param isReadOnly knows what is on disk and writes nothing: for an account in trial mode */
	constructor(
		topic: string,
		path: string,
		environment: Environment,
		isReadOnly: boolean,
		options: JournalLedgerOptions = {},
	) {
		const {clock, files} = environment;
		const {folder} = options;
		this.#topic = topic;
		this.#clock = clock;
		this.#begun = clock.now();
		this.#files = files;
		this.#path = path;
		this.#isReadOnly = isReadOnly;
		this.#options = options;
		this.#journal = new Journal({
			files,
			path,
			apply: (record) => {
				this.#apply(record);
			},
			merge: (record) => {
				this.#merge(record);
			},
			isUnderstood,
			snapshot: () => this.#snapshot(),
			wallMs: () => clock.now().wallMs,
			steadyMs: () => clock.now().steadyMs,
			onSlowSync: (tookMs) => {
				const seconds = Math.round(tookMs / 100) / 10;
				this.#notice({kind: 'diskSlow', folder: folder?.path ?? path, seconds});
			},
			...(folder && {confirmOwner: () => folder.confirm()}),
		});
		folder?.on('lost', this.#onLost);
	}

	get isUsable(): boolean {
		return this.#isReadOnly || this.#journal.isUsable;
	}

	get unconfirmed(): ReadonlySet<string> {
		return this.#state.unconfirmed;
	}

	async open(): Promise<string | undefined> {
		const {folder} = this.#options;
		if (folder?.unprotected !== undefined) {
			this.#notice({kind: 'folderUnprotected', folder: folder.path, detail: folder.unprotected});
		}

		if (this.#isReadOnly) {
			await readRecords(this.#files, this.#path, (record) => {
				this.#apply(record);
			});
			this.#adoptTimes();
			return undefined;
		}

		if (!this.#journal.isRecovered) {
			await this.#journal.recover();
			this.#adoptTimes();
		}

		await this.#journal.heal();
		const setAside = this.#journal.takeSetAside();
		if (setAside !== undefined) {
			return setAside;
		}

		const loss = this.#journal.takeLoss();
		if (loss !== undefined) {
			throw loss;
		}

		return undefined;
	}

	async close(): Promise<void> {
		this.#options.folder?.off('lost', this.#onLost);
		await this.#journal.close();
	}

	settlement(id: string): Settlement | undefined {
		return this.#state.settlement(id);
	}

	deliveries(id: string): number {
		return this.#state.deliveries(id);
	}

	lastDelivery(id: string): FailedDelivery | undefined {
		const last = this.#state.lastDelivery(id);
		const aheadMs = Math.round(this.#clock.now().wallMs - this.#steadyWallMs);
		return last && {...last, atMs: last.atMs + aheadMs};
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

	/** The clock of all times here: wall time, had nobody set the clock since this process began. */
	get #steadyWallMs(): number {
		return this.#begun.wallMs + this.#clock.now().steadyMs - this.#begun.steadyMs;
	}

	#nowMs(): number {
		return Math.round(this.#steadyWallMs);
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
		if (!parsed) {
			return;
		}

		if (parsed.type === 'ledger') {
			this.#writtenMs = parsed.atMs;
		}

		this.#lastMs = Math.max(this.#writtenMs ?? -Infinity, parsed.atMs ?? -Infinity);
		this.#state.apply(parsed);
	}

	#merge(record: unknown): void {
		const parsed = parseRecord(record);
		if (parsed && parsed.type !== 'ledger') {
			// By which clock it was written is not known: nothing may be remembered longer than what comes now.
			this.#state.merge({...parsed, atMs: Math.min(parsed.atMs, this.#nowMs())});
		}
	}

	/** From the clock of the last process to that of this one. */
	#adoptTimes(): void {
		if (Number.isFinite(this.#lastMs)) {
			const aheadMs = this.#begun.wallMs - this.#lastMs;
			this.#gapMs = Math.min(Math.max(aheadMs, 0), longestGapMs);
			const shiftMs = Math.round(aheadMs - this.#gapMs);
			if (shiftMs !== 0) {
				this.#state.shift(shiftMs);
			}
		}
	}

	*#snapshot(): Iterable<LedgerRecord | undefined> {
		const {rememberedMs = defaultRememberedMs} = this.#options;
		yield {type: 'ledger', version: 1, topic: this.#topic, atMs: this.#nowMs()};
		yield* this.#state.snapshot(this.#topic, this.#steadyWallMs - this.#gapMs - rememberedMs);
	}

	#notice(notice: FolderNotice): void {
		const {folder, onNotice} = this.#options;
		if (folder?.isNews(notice.kind) ?? true) {
			onNotice?.(notice);
		}
	}
}

/** The topic of a journal in which acknowledgements wait for their confirmation; `undefined` when none do. */
export const topicWithUnconfirmed = async (files: Files, path: string): Promise<string | undefined> => {
	const state = new LedgerState();
	let topic: string | undefined;
	await readRecords(files, path, (record) => {
		const parsed = parseRecord(record);
		if (parsed?.type === 'ledger') {
			topic = parsed.topic;
		} else if (parsed) {
			state.apply(parsed);
		}
	});
	return state.unconfirmed.size > 0 ? topic : undefined;
};
