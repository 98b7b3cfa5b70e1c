import type {Environment, Files} from '../environment';
import {Journal, type Durability} from './journal';
import {JournalReader, readPieces, readRecords} from './journal-lines';
import type {FailedDelivery, Ledger} from './ledger';
import {isUnderstood, parseRecord, type Failure, type LedgerRecord, type Settlement} from './ledger-records';
import {LedgerClock} from './ledger-clock';
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
	/**
	 * Called when the ledger ceased to be usable without having been asked for anything: {@link JournalLedger.open} it.
	 */
	readonly onUnusable?: () => void;
}

const defaultRememberedMs = 8 * 86_400_000;

/**
 * A ledger in a journal of its own: it answers from memory, and every change is in the file before it counts.
 * Where the folder was lost meanwhile, or the file replaced, that is healed with the next record, or when the folder
 * says
 * so, and then reported by {@link JournalLedger.open}: somebody must know that it happens.
 */
export class JournalLedger implements Ledger {
	readonly #topic: string;
	readonly #clock: LedgerClock;
	readonly #journal: Journal;
	readonly #files: Files;
	readonly #path: string;
	readonly #isReadOnly: boolean;
	readonly #options: JournalLedgerOptions;
	readonly #state = new LedgerState();
	readonly unconfirmed = this.#state.unconfirmed;
	/** When the file was written, and the last time that it named, by the clock of its process. */
	#writtenMs: number | undefined;
	#lastMs = -Infinity;
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
		this.#clock = new LedgerClock(clock);
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
		return last && {...last, atMs: this.#clock.wallMs(last.atMs)};
	}

	wasGivenBack(id: string, delivery: number): boolean {
		return this.#state.wasGivenBack(id, delivery);
	}

	async deliver(id: string): Promise<number> {
		const delivery = this.deliveries(id) + 1;
		await this.#append({type: 'delivered', id, delivery, atMs: this.#clock.nowMs}, 'written');
		return delivery;
	}

	async fail(id: string, delivery: number, failure: Failure, givenBack: boolean): Promise<void> {
		await this.#append({type: 'failed', id, delivery, atMs: this.#clock.nowMs, failure, givenBack}, 'written');
	}

	async accept(id: string): Promise<void> {
		await this.#append({type: 'accepted', id, atMs: this.#clock.nowMs}, 'durable');
	}

	async confirm(id: string): Promise<void> {
		await this.#append({type: 'confirmed', id, atMs: this.#clock.nowMs}, 'written');
	}

	async refuse(id: string): Promise<void> {
		await this.#append({type: 'refused', id, atMs: this.#clock.nowMs}, 'written');
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
			this.#state.merge({...parsed, atMs: Math.min(parsed.atMs, this.#clock.nowMs)});
		}
	}

	/** From the clock of the process before to that of this one. */
	#adoptTimes(): void {
		const shiftMs = Number.isFinite(this.#lastMs) ? this.#clock.follow(this.#lastMs) : 0;
		if (shiftMs !== 0) {
			this.#state.shift(shiftMs);
		}
	}

	*#snapshot(): Iterable<LedgerRecord | undefined> {
		const {rememberedMs = defaultRememberedMs} = this.#options;
		yield {type: 'ledger', version: 1, topic: this.#topic, atMs: this.#clock.nowMs};
		yield* this.#state.snapshot(this.#topic, this.#clock.rememberedSinceMs(rememberedMs));
	}

	#notice(notice: FolderNotice): void {
		const {folder, onNotice} = this.#options;
		if (folder?.isNews(notice.kind) ?? true) {
			onNotice?.(notice);
		}
	}
}

/**
 * The topic of a journal in which acknowledgements wait for their confirmation; `undefined` when none do.
 * @param isOpen whether a ledger of the topic is open: it reads the journal itself
 */
export const topicWithUnconfirmed = async (
	files: Files,
	path: string,
	isOpen: (topic: string) => boolean = () => false,
): Promise<string | undefined> => {
	const state = new LedgerState();
	let topic = '';
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
		if (isOpen(topic)) {
			return undefined;
		}
	}

	return topic !== '' && state.unconfirmed.size > 0 ? topic : undefined;
};
