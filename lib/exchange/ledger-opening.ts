/** The one place that opens the ledger of a topic: at first, and again while the disk refuses. */
import {elapsedMs, type Instant} from '../environment';
import {folderError, type RetarusError} from '../errors';
import type {TopicContext} from '../faxes/context';
import type {TroubleState} from './breaker';

/** A disk that refuses is tried again this often. */
const retryMs = 5000;

type State =
	| {readonly kind: 'idle'}
	/** `error`: why the disk refused before. */
	| {readonly kind: 'opening'; readonly ended: Promise<void>; readonly error: RetarusError | undefined}
	| {readonly kind: 'refused'; readonly error: RetarusError; readonly since: Instant};

export class LedgerOpening {
	readonly #context: TopicContext;
	#state: State = {kind: 'idle'};

	constructor(context: TopicContext) {
		this.#context = context;
	}

	/** Why the disk refused last; `undefined` while the ledger is usable: whatever is written may have mended it, too. */
	get error(): RetarusError | undefined {
		return this.#state.kind === 'idle' || this.#context.ledger.isUsable ? undefined : this.#state.error;
	}

	/** {@link error}, and until when nothing goes because of it. */
	trouble(now: Instant): TroubleState | undefined {
		if (this.#state.kind === 'idle') {
			return undefined;
		}

		const {error} = this;
		return error && {error, remainingMs: this.remainingMs(now)};
	}

	/** Until the next try; 0 when one may begin, `Infinity` while one is under way. */
	remainingMs(now: Instant): number {
		switch (this.#state.kind) {
			case 'idle':
				return 0;
			case 'opening':
				return Infinity;
			case 'refused':
				return Math.max(0, retryMs - elapsedMs(now, this.#state.since));
		}
	}

	/** Opens the ledger, unless that is under way. Never rejects. */
	begin(): Promise<void> {
		if (this.#state.kind === 'opening') {
			return this.#state.ended;
		}

		const ended = this.#open();
		this.#state = {kind: 'opening', ended, error: this.error};
		return ended;
	}

	/** Resolves when nothing is being opened. */
	async settled(): Promise<void> {
		if (this.#state.kind === 'opening') {
			await this.#state.ended;
		}
	}

	async #open(): Promise<void> {
		const {ledger, folderPath, events, memory, environment, wake} = this.#context;
		// The state is set first.
		await Promise.resolve();
		try {
			const setAside = await ledger.open();
			this.#state = {kind: 'idle'};
			if (setAside !== undefined) {
				events.emit('notice', {kind: 'journalSetAside', path: setAside});
			}
		} catch (cause) {
			this.#state = {kind: 'refused', error: folderError(folderPath, cause), since: environment.clock.now()};
		}

		memory.confirmations.confirmAll((id) => ledger.settlement(id) === 'confirmed');
		wake();
	}
}
