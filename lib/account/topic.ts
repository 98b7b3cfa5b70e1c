/**
 * One topic of one account: trades what we hold (leases) for what must survive (the ledger), one exchange at a time.
 */
import {EventEmitter} from 'node:events';
import type {DownloadsOptions} from '../documents/downloads';
import type {Environment} from '../environment';
import {ConfigError} from '../errors';
import type {Preview} from '../exchange/preview';
import type {TopicContext} from '../faxes/context';
import type {DeliveryHandle} from '../faxes/decisions';
import type {TopicEvents} from '../faxes/events';
import type {TopicMemory} from '../faxes/memory';
import type {Part} from '../faxes/part-gathering';
import {Trouble} from '../faxes/trouble';
import {JournalLedger} from '../ledger/journal-ledger';
import type {StateFolder} from '../ledger/state-folder';
import type {ReceiverOptions} from '../faxes/receiver-options';
import type {Connection} from '../retarus/connection';
import {TopicOpening} from './topic-opening';
import {assemble, type TopicParts} from './topic-parts';
import {topicStatus, type TopicStatus} from './topic-status';

export interface TopicOptions {
	readonly name: string;
	readonly environment: Environment;
	readonly memory: TopicMemory;
	/** Of its journal, in {@link folder}. */
	readonly path: string;
	readonly folder: StateFolder;
	readonly isTrial: boolean;
	/** How long the service keeps a fax after its receipt. */
	readonly keptMs: number;
	/** The account's, for acknowledgements that nobody here has asked for since the start. */
	readonly connection: () => Connection;
	readonly downloads: Pick<DownloadsOptions, 'budget' | 'slots'>;
	readonly wakeAll: () => void;
}

/** A settled fax is remembered for so much longer than the service may list it. */
const rememberedLongerMs = 86_400_000;

/** Who receives. `attached`: the ledger is open and the receiver is at work. */
interface Reception {
	readonly receiver: ReceiverOptions;
	readonly connection: Connection | undefined;
	isAttached: boolean;
}

export class Topic extends EventEmitter<TopicEvents> {
	readonly name: string;
	readonly #options: TopicOptions;
	readonly #context: TopicContext;
	readonly #parts: TopicParts;
	readonly #opening: TopicOpening;
	#reception: Reception | undefined;
	/** Acknowledgements go this way while nobody receives. */
	#acknowledgeConnection: Connection | undefined;

	/** Reads its ledger before the first exchange. */
	constructor(options: TopicOptions) {
		super();
		const {name, environment, memory, path, folder, isTrial, keptMs, downloads, wakeAll} = options;
		this.name = name;
		this.#options = options;
		const ledger = new JournalLedger(name, path, environment, isTrial, {
			folder,
			rememberedMs: keptMs + rememberedLongerMs,
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
		this.#parts = assemble(this.#context, downloads, () => this.#opening.ready());
		this.#opening = new TopicOpening({
			folder,
			ledger: this.#parts.opening,
			onTrouble: (error) => {
				this.emit('trouble', error);
				this.emit('change');
			},
			onOpen: () => {
				this.wake();
			},
		});
	}

	/** For people. */
	get preview(): Preview {
		return this.#parts.preview;
	}

	/** Resolves when the ledger was read. */
	get opened(): Promise<void> {
		return this.#opening.opened;
	}

	get hasReceiver(): boolean {
		return this.#reception !== undefined;
	}

	get status(): TopicStatus {
		return topicStatus({
			context: this.#context,
			parts: this.#parts,
			folder: this.#options.folder,
			receiver: this.#reception?.receiver,
		});
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
		void this.opened
			.then(() => {
				if (this.#reception === reception && !this.#opening.isClosed) {
					reception.isAttached = true;
					this.#parts.deliveries.attach(this.#options.environment.clock.now());
					this.#parts.loop.attach();
				}
			})
			.then(() => {
				// Whoever paused it before it was open is heard first.
				this.wake();
			});
		return () => {
			if (this.#reception === reception) {
				this.#reception = undefined;
				this.#parts.deliveries.detach();
				this.#parts.loop.detach();
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
		await this.#opening.ready();
		await this.#parts.loop.poll();
	}

	/** No polls until {@link resume}, whatever is deployed meanwhile. Acknowledgements go on. */
	pause(): void {
		this.#options.memory.isPaused = true;
		this.#parts.loop.pause();
		this.wake();
	}

	resume(): void {
		this.#options.memory.isPaused = false;
		this.wake();
	}

	/** Looks whether there is something to do. */
	wake(): void {
		if (this.#opening.isOpen) {
			this.#parts.loop.wake();
		}
	}

	/**
	 * Accepts the acknowledgement and resolves when the service has confirmed it. Once accepted, it is on disk and
	 * repeated until confirmed, even if nobody waits for it.
	 * @throws GuardError when this delivery was given back, StateError when it cannot be written, ServiceError when the
	 * service refuses the id
	 */
	async acknowledge(handle: DeliveryHandle): Promise<void> {
		await this.#opening.ready();
		await this.#parts.decisions.acknowledge(handle);
	}

	/**
	 * Whether the acknowledgement would be accepted, if the disk allows.
	 * @throws GuardError when this delivery was given back, StateError while the state folder is unavailable
	 */
	async checkAcknowledge(handle: DeliveryHandle): Promise<void> {
		await this.#opening.ready();
		this.#parts.decisions.check(handle);
	}

	/**
	 * Resolves when every part of the delivery has come, or the fax is acknowledged already.
	 * @throws GuardError or TimeoutError when the delivery fails before
	 */
	async gather(handle: DeliveryHandle, part: Part): Promise<void> {
		await this.#opening.ready();
		await this.#parts.decisions.gather(handle, part);
	}

	/**
	 * This delivery failed: the fax rests and comes again. Returns false when the delivery is not the current one, or
	 * not of this process.
	 * @throws StateError while the state folder is unavailable
	 */
	async giveBack(handle: DeliveryHandle): Promise<boolean> {
		await this.#opening.ready();
		return this.#parts.decisions.giveBack(handle);
	}

	/**
	 * Another machine has it: room is free, and it counts as worked on until its processing time is over. As {@link
	 * giveBack}.
	 */
	async handOver(handle: DeliveryHandle): Promise<boolean> {
		await this.#opening.ready();
		return this.#parts.decisions.handOver(handle);
	}

	/**
	 * Sends what is accepted and not yet sent, as far as that takes less than two seconds, and closes the ledger. Never
	 * rejects.
	 */
	async close(): Promise<void> {
		await this.#opening.close();
		this.#parts.deliveries.detach();
		await this.#parts.loop.close();
		await this.#context.ledger.close();
		this.removeAllListeners();
	}
}
