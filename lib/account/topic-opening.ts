/** How a topic comes to its ledger: the state folder must be there and ours first. */
import type {StateError} from '../errors';
import type {LedgerOpening} from '../exchange/ledger-opening';
import type {StateFolder} from '../ledger/state-folder';

export interface TopicOpeningOptions {
	readonly folder: StateFolder;
	readonly ledger: LedgerOpening;
	/** Called when the folder is unavailable. */
	readonly onTrouble: (error: StateError) => void;
	/** Called once, when the topic may begin. */
	readonly onOpen: () => void;
}

/**
 * Until the folder is ours, another process may be at work in it, so the topic neither polls nor writes. A message that
 * asks for something meanwhile is told why at once: it must not wait for a person.
 */
export class TopicOpening {
	/** Resolves when the ledger was read. Never, while the folder belongs to another process. */
	readonly opened: Promise<void>;
	readonly #options: TopicOpeningOptions;
	#state: 'opening' | 'open' | 'closed' = 'opening';

	constructor(options: TopicOpeningOptions) {
		this.#options = options;
		this.opened = this.#open();
	}

	get isOpen(): boolean {
		return this.#state === 'open';
	}

	get isClosed(): boolean {
		return this.#state === 'closed';
	}

	/** @throws StateError while the folder is unavailable */
	async ready(): Promise<void> {
		const {folder} = this.#options;
		// Each race leaves something behind at a promise that never settles.
		if (this.isOpen) {
			return;
		}

		await Promise.race([this.opened, folder.refused]);
		if (folder.error) {
			throw folder.error;
		}

		// It was refused at first, and is ours by now.
		await this.opened;
	}

	/** Resolves when nothing is being opened any more. */
	async close(): Promise<void> {
		this.#state = 'closed';
		await this.#options.ledger.settled();
	}

	/** Never rejects. A disk that refuses is tried again before the first exchange. */
	async #open(): Promise<void> {
		const {folder, ledger, onTrouble, onOpen} = this.#options;
		folder.on('trouble', onTrouble);
		await Promise.resolve();
		if (folder.error) {
			onTrouble(folder.error);
		}

		await folder.ready;
		folder.off('trouble', onTrouble);
		if (this.#state === 'opening') {
			await ledger.begin();
		}

		if (this.#state === 'opening') {
			this.#state = 'open';
			onOpen();
		}
	}
}
