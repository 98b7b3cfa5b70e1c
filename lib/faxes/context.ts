/** What the parts of a topic share. */
import type {EventEmitter} from 'node:events';
import type {Connection} from '../retarus/connection';
import type {Environment} from '../environment';
import type {Ledger} from '../ledger/ledger';
import type {TopicMemory} from './memory';
import type {TopicEvents} from './events';

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
