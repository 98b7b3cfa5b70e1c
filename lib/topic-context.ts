/** What the parts of a topic share. */
import type {EventEmitter} from 'node:events';
import type {Connection} from './connection';
import type {Environment} from './environment';
import type {Ledger} from './ledger';
import type {TopicMemory} from './memory';
import type {TopicEvents} from './topic-events';

/** How a receiver wants its faxes. Milliseconds, faxes and bytes, all within the ranges of node-config. */
export interface ReceiverOptions {
	/** From the end of one round to the next; 0 polls only when asked. */
	readonly pollIntervalMs: number;
	/** Faxes listed or delivered, for which no ack node has accepted anything yet. */
	readonly maxInFlight: number;
	readonly processingTimeoutMs: number;
	/** Failed deliveries after which a fax is given up; 0 for never. */
	readonly maxDeliveries: number;
	/** At most so many faxes per poll. */
	readonly batchSize: number;
	readonly lockTimeoutMs: number;
	/** All documents of one fax. */
	readonly maxFaxBytes: number;
}

export interface TopicContext {
	readonly name: string;
	readonly environment: Environment;
	readonly ledger: Ledger;
	/** Where the ledger lives, for people. */
	readonly folderPath: string;
	readonly memory: TopicMemory;
	readonly events: EventEmitter<TopicEvents>;
	/** Look, do not touch: nothing is ever acknowledged. */
	readonly isTrial: boolean;
	/** The receiver's, or that of whoever acknowledged last: each may have a password of its own. */
	readonly connection: () => Connection;
	/** Something changed that may allow an exchange. */
	readonly wake: () => void;
	/** Something changed for all topics of the account. */
	readonly wakeAll: () => void;
}

/** In trial mode a fax is locked just long enough to look. */
export const trialLockMs = 1000;
