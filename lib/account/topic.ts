/** One topic of one account: trades what we hold (leases) for what must survive (the ledger), one exchange at a time. */
import {EventEmitter} from 'node:events';
import {Downloads, type DownloadsOptions} from '../documents/downloads';
import type {Environment} from '../environment';
import {ConfigError, type StateError} from '../errors';
import {AcknowledgeBatches} from '../exchange/acknowledge-batches';
import {ExchangeLoop} from '../exchange/exchange-loop';
import {LedgerOpening} from '../exchange/ledger-opening';
import {Preview} from '../exchange/preview';
import {Arrivals} from '../faxes/arrivals';
import type {TopicContext} from '../faxes/context';
import {Decisions, type DeliveryHandle} from '../faxes/decisions';
import {Deliveries} from '../faxes/deliveries';
import type {TopicEvents} from '../faxes/events';
import type {TopicMemory} from '../faxes/memory';
import type {Part} from '../faxes/part-gathering';
import {Trouble} from '../faxes/trouble';
import {JournalLedger} from '../ledger/journal-ledger';
import type {StateFolder} from '../ledger/state-folder';
import type {ReceiverOptions} from '../faxes/receiver-options';
import type {Connection} from '../retarus/connection';
import {topicState, type TopicStatus} from './topic-status';

export interface TopicOptions {
	readonly name: string;
	readonly environment: Environment;
	readonly memory: TopicMemory;
	/** Of its journal, in {@link folder}. */
	readonly path: string;
	readonly folder: StateFolder;
	readonly isTrial: boolean;
	/** The account's, for acknowledgements that nobody here has asked for since the start. */
	readonly connection: () => Connection;
	readonly downloads: Pick<DownloadsOptions, 'budget' | 'slots'>;
	readonly wakeAll: () => void;
}

/** Who receives. `attached`: the ledger is open and the receiver is at work. */
interface Reception {
	readonly receiver: ReceiverOptions;
	readonly connection: Connection | undefined;
	isAttached: boolean;
}

export class Topic extends EventEmitter<TopicEvents> {
	readonly name: string;
	/** For people. */
	readonly preview: Preview;
	readonly #options: TopicOptions;
	readonly #context: TopicContext;
	readonly #deliveries: Deliveries;
	readonly #opening: LedgerOpening;
	readonly #loop: ExchangeLoop;
	readonly #decisions: Decisions;
	/** Resolves when the ledger was read. Never, while the folder belongs to another process. */
	readonly #opened: Promise<void>;
	#state: 'opening' | 'open' | 'closed' = 'opening';
	#reception: Reception | undefined;
	/** Acknowledgements go this way while nobody receives. */
	#acknowledgeConnection: Connection | undefined;

	/** Reads its ledger before the first exchange. */
	constructor(options: TopicOptions) {
		super();
		const {name, environment, memory, path, folder, isTrial, downloads, wakeAll} = options;
		this.name = name;
		this.#options = options;
		const ledger = new JournalLedger(name, path, environment, isTrial, {
			folder,
			onNotice: (notice) => {
				this.emit('notice', notice);
			},
			onUnusable: () => {
				this.wake();
			},
		});
		this.#context = {
			name,
			environment,
			ledger,
			folderPath: folder.path,
			memory,
			events: this,
			trouble: new Trouble(this, environment.clock),
			isTrial,
			wakeAll,
			receiver: () => (this.#reception?.isAttached ? this.#reception.receiver : undefined),
			connection: () => this.#reception?.connection ?? this.#acknowledgeConnection ?? options.connection(),
			wake: () => {
				this.wake();
			},
		};
		const context = this.#context;
		const batches = new AcknowledgeBatches(context.ledger, environment.clock);
		const ownDownloads = new Downloads({
			environment,
			connection: context.connection,
			onBackoff: () => {
				this.wake();
			},
			...downloads,
		});
		const arrivals = new Arrivals(context, (id) => {
			batches.repeat(id);
		});
		this.#deliveries = new Deliveries(context, ownDownloads);
		this.#decisions = new Decisions(context, this.#deliveries);
		this.#opening = new LedgerOpening(context);
		this.#loop = new ExchangeLoop(context, {
			arrivals,
			deliveries: this.#deliveries,
			decisions: this.#decisions,
			batches,
			opening: this.#opening,
		});
		this.preview = new Preview(context, this.#loop, ownDownloads, () => this.#ready());
		this.#opened = this.#open();
	}

	/** Resolves when the ledger was read. */
	get opened(): Promise<void> {
		return this.#opened;
	}

	get hasReceiver(): boolean {
		return this.#reception !== undefined;
	}

	get status(): TopicStatus {
		const {environment, ledger, memory} = this.#context;
		const {leases, counts, deletionWarnings} = memory;
		const now = environment.clock.now();
		return {
			state: topicState(
				{
					context: this.#context,
					loop: this.#loop,
					folder: this.#options.folder,
					receiver: this.#reception?.receiver,
					pauseMs: Math.max(this.#deliveries.pauseMs, leases.nextRestEndMs(now)),
				},
				now,
			),
			inFlight: leases.inFlight,
			unconfirmed: ledger.unconfirmed.size,
			setAside: this.#loop.setAside,
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
	receive(receiver: ReceiverOptions, connection?: Connection): () => void {
		if (this.#reception) {
			throw new ConfigError('queueTaken', {topic: this.name, node: this.name});
		}

		const reception: Reception = {receiver, connection, isAttached: false};
		this.#reception = reception;
		void this.#opened
			.then(() => {
				if (this.#reception === reception && this.#state !== 'closed') {
					reception.isAttached = true;
					this.#deliveries.attach(this.#options.environment.clock.now());
					this.#loop.attach();
				}
			})
			.then(() => {
				// Whoever paused it before it was open is heard first.
				this.wake();
			});
		return () => {
			if (this.#reception === reception) {
				this.#reception = undefined;
				this.#deliveries.detach();
				this.#loop.detach();
			}
		};
	}

	/** Acknowledgements go this way while nobody receives. */
	use(connection: Connection): void {
		this.#acknowledgeConnection = connection;
	}

	/** The connection is closed. */
	drop(connection: Connection): void {
		if (this.#acknowledgeConnection === connection) {
			this.#acknowledgeConnection = undefined;
		}
	}

	/**
	 * One round now. Resolves at its end.
	 * @throws RetarusError why it failed, StateError while the state folder is unavailable
	 */
	async poll(): Promise<void> {
		await this.#ready();
		await this.#loop.poll();
	}

	/** No polls until {@link resume}, whatever is deployed meanwhile. Acknowledgements go on. */
	pause(): void {
		this.#options.memory.isPaused = true;
		this.#loop.pause();
		this.wake();
	}

	resume(): void {
		this.#options.memory.isPaused = false;
		this.wake();
	}

	/** Looks whether there is something to do. */
	wake(): void {
		if (this.#state === 'open') {
			this.#loop.wake();
		}
	}

	/**
	 * Accepts the acknowledgement and resolves when the service has confirmed it. Once accepted, it is on disk and
	 * repeated until confirmed, even if nobody waits for it.
	 * @throws GuardError when this delivery was given back, StateError when it cannot be written, ServiceError when the service refuses the id
	 */
	async acknowledge(handle: DeliveryHandle): Promise<void> {
		await this.#ready();
		await this.#decisions.acknowledge(handle);
	}

	/**
	 * Whether the acknowledgement would be accepted, if the disk allows.
	 * @throws GuardError when this delivery was given back, StateError while the state folder is unavailable
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

	/**
	 * This delivery failed: the fax rests and comes again. Returns false when the delivery is not the current one, or not of this process.
	 * @throws StateError while the state folder is unavailable
	 */
	async giveBack(handle: DeliveryHandle): Promise<boolean> {
		await this.#ready();
		return this.#decisions.giveBack(handle);
	}

	/** Another machine has it: room is free, and it counts as worked on until its processing time is over. As {@link giveBack}. */
	async handOver(handle: DeliveryHandle): Promise<boolean> {
		await this.#ready();
		return this.#decisions.handOver(handle);
	}

	/** Sends what is accepted and not yet sent, as far as that takes less than two seconds, and closes the ledger. Never rejects. */
	async close(): Promise<void> {
		this.#state = 'closed';
		await this.#opening.settled();
		this.#deliveries.detach();
		await this.#loop.close();
		await this.#context.ledger.close();
		this.removeAllListeners();
	}

	/** @throws StateError while the folder is unavailable: a message must not wait for a person */
	async #ready(): Promise<void> {
		const {folder} = this.#options;
		// Each race leaves something behind at a promise that never settles.
		if (this.#state === 'open') {
			return;
		}

		await Promise.race([this.#opened, folder.refused]);
		if (folder.error) {
			throw folder.error;
		}

		// It was refused at first, and is ours by now.
		await this.#opened;
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
		if (this.#state === 'opening') {
			await this.#opening.begin();
		}

		if (this.#state === 'opening') {
			this.#state = 'open';
			this.wake();
		}
	}
}
