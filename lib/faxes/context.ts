/** What the parts of a topic share. */
import type {EventEmitter} from 'node:events';
import type {Environment} from '../environment';
import type {Ledger} from '../ledger/ledger';
import type {ReceiverOptions} from './receiver-options';
import type {Connection} from '../retarus/connection';
import type {TopicEvents} from './events';
import type {TopicMemory} from './memory';
import type {Trouble} from './trouble';

export interface TopicContext {
	readonly name: string;
	readonly environment: Environment;
	readonly ledger: Ledger;
	/** Where the ledger lives, for people. */
	readonly folderPath: string;
	readonly memory: TopicMemory;
	readonly events: EventEmitter<TopicEvents>;
	readonly trouble: Trouble;
	/** Look, do not touch: nothing is ever acknowledged. */
	readonly isTrial: boolean;
	/** Who receives at the moment; `undefined` when nobody does. */
	readonly receiver: () => ReceiverOptions | undefined;
	/** The receiver's, or that of whoever acknowledged last: each may have a password of its own. */
	readonly connection: () => Connection;
	/** Call it when something changed that may allow an exchange. */
	readonly wake: () => void;
	/** Call it when something changed for all topics of the account. */
	readonly wakeAll: () => void;
}
