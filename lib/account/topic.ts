/** One topic of one account: trades what we hold (leases) for what must survive (the ledger), one exchange at a time. */
import {EventEmitter} from 'node:events';
import {AcknowledgeBatches} from '../exchange/acknowledge-batches';
import type {Connection} from '../retarus/connection';
import {Decisions, type DeliveryHandle} from '../faxes/decisions';
import {Deliveries} from '../faxes/deliveries';
import {Downloads, type DownloadsOptions} from '../documents/downloads';
import type {Environment} from '../environment';
import {ConfigError, type StateError} from '../errors';
import {ExchangeLoop} from '../exchange/exchange-loop';
import {JournalLedger} from '../ledger/journal-ledger';
import type {Ledger} from '../ledger/ledger';
import type {TopicMemory} from '../faxes/memory';
import type {Part} from '../faxes/part-gathering';
import type {StateFolder} from '../ledger/state-folder';
import type {TopicContext} from '../faxes/context';
import type {ReceiverOptions} from '../receiver-options';
import type {TopicEvents} from '../faxes/events';
import type {TopicState, TopicStatus} from './topic-status';
import {Preview} from '../exchange/preview';

export interface TopicOptions {
	readonly name: string;
	readonly environment: Environment;
	readonly memory: TopicMemory;
	/** Of its journal, in {@link folder}. */
	readonly path: string;
	readonly folder: StateFolder;
	readonly isTrial: boolean;
	/** The account's, for acknowledges that nobody here asked for since the start. */
	readonly connection: () => Connection;
	readonly downloads: Pick<DownloadsOptions, 'budget' | 'slots'>;
	readonly wakeAll: () => void;
}

export class Topic extends EventEmitter<TopicEvents> {
	readonly name: string;
	/** For people. */
	readonly viewing: Preview;
	readonly #options: TopicOptions;
	readonly #ledger: Ledger;
	readonly #deliveries: Deliveries;
	readonly #exchanges: ExchangeLoop;
	readonly #decisions: Decisions;
	readonly #opened: Promise<void>;
	/** Set once the folder is ours. Its end is awaited by close. */
	#opening: Promise<void> | undefined;
	#isOpen = false;
	#isClosed = false;
	#receiver: ReceiverOptions | undefined;
	#receiverConnection: Connection | undefined;
	#acknowledgeConnection: Connection | undefined;

	/** Reads its ledger before the first exchange. */
	constructor(options: TopicOptions) {
		super();
		const {name, environment, memory, path, folder, isTrial, downloads, wakeAll} = options;
		this.name = name;
		this.#options = options;
		this.#ledger = new JournalLedger(name, path, environment, isTrial, {
			folder,
			onNotice: (notice) => {
				this.emit('notice', notice);
			},
			onUnusable: () => {
				this.wake();
			},
		});
		const context: TopicContext = {
			name,
			environment,
			ledger: this.#ledger,
			folderPath: folder.path,
			memory,
			events: this,
			isTrial,
			wakeAll,
			connection: () => this.#connection(),
			wake: () => {
				this.wake();
			},
		};
		const acknowledges = new AcknowledgeBatches(this.#ledger);
		const ownDownloads = new Downloads({environment, connection: context.connection, ...downloads});
		this.#deliveries = new Deliveries(context, ownDownloads, (id) => {
			acknowledges.repeat(id);
		});
		this.#exchanges = new ExchangeLoop(context, this.#deliveries, acknowledges);
		this.#decisions = new Decisions(context, this.#deliveries);
		this.viewing = new Preview(context, this.#exchanges, ownDownloads, () => this.#ready());
		this.#opened = this.#open();
	}

	/** Resolves when the ledger was read. */
	get opened(): Promise<void> {
		return this.#opened;
	}

	get hasReceiver(): boolean {
		return this.#receiver !== undefined;
	}

	get status(): TopicStatus {
		const {
			memory: {leases, counts, deletionWarnings},
		} = this.#options;
		return {
			state: this.#state(),
			inFlight: leases.inFlight,
			unconfirmed: this.#ledger.unconfirmed.size,
			counts,
			oldestDeliveryMs: leases.oldestDelivery?.wallMs,
			oldestFaxMs: deletionWarnings.oldestMs,
			nextDeletionMs: deletionWarnings.nextDeletionMs,
		};
	}

	/**
	 * Polls for this receiver until the returned function is called.
	 * @param connection with the receiver's own credentials; otherwise the account's
	 * @throws ConfigError when there is one already
	 */
	receive(options: ReceiverOptions, connection?: Connection): () => void {
		if (this.#receiver) {
			throw new ConfigError('queueTaken', {topic: this.name, node: this.name});
		}

		this.#receiver = options;
		this.#receiverConnection = connection;
		void this.#opened
			.then(() => {
				if (this.#receiver === options && !this.#isClosed) {
					this.#deliveries.attach(options);
					this.#exchanges.attach(options);
				}
			})
			.then(() => {
				// Whoever paused it before it was open is heard first.
				this.wake();
			});
		return () => {
			if (this.#receiver === options) {
				this.#receiver = undefined;
				this.#receiverConnection = undefined;
				this.#deliveries.detach();
				this.#exchanges.detach();
			}
		};
	}

	/** Acknowledges go this way while nobody receives. */
	use(connection: Connection): void {
		this.#acknowledgeConnection = connection;
	}

	/** The connection is closed. */
	drop(connection: Connection): void {
		if (this.#acknowledgeConnection === connection) {
			this.#acknowledgeConnection = undefined;
		}
	}

	/** One round now; resolves at its end, rejects with why it failed. */
	async poll(): Promise<void> {
		await this.#opened;
		await this.#exchanges.poll();
	}

	/** No polls until {@link resume}; acknowledges go on. */
	pause(): void {
		this.#whenOpen(() => {
			this.#exchanges.pause();
		});
	}

	resume(): void {
		this.#whenOpen(() => {
			this.#exchanges.resume();
		});
	}

	/** Looks whether there is something to do. */
	wake(): void {
		if (this.#isOpen && !this.#isClosed) {
			this.#exchanges.wake();
		}
	}

	/**
	 * Accepts the acknowledge and resolves when the service has confirmed it. Once accepted, it is on disk and repeated until confirmed, whoever waits.
	 * @throws GuardError when this delivery was given back, StateError when it cannot be written, ServiceError when the service refuses the id
	 */
	async acknowledge(handle: DeliveryHandle): Promise<void> {
		await this.#ready();
		await this.#decisions.acknowledge(handle);
	}

	/**
	 * Whether the acknowledge would be accepted, disk willing.
	 * @throws GuardError when this delivery was given back, StateError while the state folder cannot be had
	 */
	async checkAcknowledge(handle: DeliveryHandle): Promise<void> {
		await this.#ready();
		this.#decisions.check(handle);
	}

	/**
	 * Resolves when every part of the delivery has come, or the fax is acknowledged already.
	 * @throws GuardError or TimeoutError when the delivery fails before
	 */
	async gather(handle: DeliveryHandle, part: Part): Promise<void> {
		await this.#ready();
		await this.#decisions.gather(handle, part);
	}

	/** This delivery failed: it rests and comes again. Returns false when it is not the current one, or none of this process. */
	async giveBack(handle: DeliveryHandle): Promise<boolean> {
		await this.#opened;
		return this.#decisions.giveBack(handle);
	}

	/** Another machine has it: room is free, and it counts as worked on until its processing time is over. */
	async handOver(handle: DeliveryHandle): Promise<boolean> {
		await this.#opened;
		return this.#decisions.handOver(handle);
	}

	/** Sends what is accepted and not yet sent, as far as that takes less than two seconds, and closes the ledger. Never rejects. */
	async close(): Promise<void> {
		this.#isClosed = true;
		await this.#opening;
		this.#deliveries.detach();
		await this.#exchanges.close();
		await this.#ledger.close();
		this.removeAllListeners();
	}

	/** @throws StateError while the folder cannot be had: a message is not to wait for a person */
	async #ready(): Promise<void> {
		const {folder} = this.#options;
		// Each race leaves something behind at a promise that never settles.
		if (this.#isOpen) {
			return;
		}

		await Promise.race([this.#opened, folder.refused]);
		if (folder.error) {
			throw folder.error;
		}

		// It was refused at first, and is ours by now.
		await this.#opened;
	}

	/** Before that the folder may be another process's. */
	#whenOpen(act: () => void): void {
		if (this.#isOpen) {
			act();
		} else {
			void this.#opened.then(act);
		}
	}

	/** Never rejects. A disk that refuses is tried again before the first exchange. */
	async #open(): Promise<void> {
		const {folder} = this.#options;
		const tell = (error: StateError): void => {
			this.emit('trouble', error);
			this.emit('change');
		};
		folder.on('trouble', tell);
		await Promise.resolve();
		if (folder.error) {
			tell(folder.error);
		}

		await folder.ready;
		folder.off('trouble', tell);
		if (this.#isClosed) {
			return;
		}

		this.#opening = this.#openLedger();
		await this.#opening;
		this.wake();
	}

	/** Never rejects. */
	async #openLedger(): Promise<void> {
		try {
			const setAside = await this.#ledger.open();
			if (setAside !== undefined) {
				this.emit('notice', {kind: 'journalSetAside', path: setAside});
			}
		} catch {
			// The first exchange finds out, says so and tries again.
		}

		this.#options.memory.confirmations.confirmAll((id) => this.#ledger.settlement(id) === 'confirmed');
		this.#isOpen = true;
	}

	#connection(): Connection {
		return this.#receiverConnection ?? this.#acknowledgeConnection ?? this.#options.connection();
	}

	#state(): TopicState {
		const {folder} = this.#options;
		if (folder.error) {
			return {kind: 'trouble', error: folder.error, nextTryMs: folder.retryMs};
		}

		const {trouble, isPolling, isPaused, hasSucceeded} = this.#exchanges;
		const receiver = this.#receiver;
		if (trouble) {
			return {kind: 'trouble', error: trouble.error, nextTryMs: trouble.remainingMs};
		}

		if (isPolling) {
			return {kind: 'polling'};
		}

		if (receiver && this.#options.memory.leases.inFlight >= receiver.maxInFlight) {
			return {kind: 'full'};
		}

		if (isPaused || receiver?.pollIntervalMs === 0) {
			return {kind: isPaused ? 'paused' : 'onDemand'};
		}

		return {kind: hasSucceeded ? 'idle' : 'connecting'};
	}
}
