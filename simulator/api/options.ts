import type {TimeSource} from '../clock';
import type {NetworkConditions} from '../faults/network';
import type {Switches} from './switches';

/** A customer; several passwords may be in use at once. */
export interface SimulatorAccount {
	readonly customerNumber: string;
	readonly passwords: readonly string[];
}

/** A topic, open to all accounts unless restricted. */
export interface SimulatorTopic {
	readonly name: string;
	/** Only this customer may use it. */
	readonly customerNumber?: string;
	/** Only these passwords open it: the service ties a password to one or more numbers. */
	readonly passwords?: readonly string[];
}

export interface SimulatorOptions {
	/** 0 takes any free port. @default 0 */
	readonly port?: number;
	/** @default '127.0.0.1' */
	readonly host?: string;
	/** @default [{customerNumber: '99999', passwords: ['secret']}] */
	readonly accounts?: readonly SimulatorAccount[];
	/** @default [{name: 'demo'}] */
	readonly topics?: readonly SimulatorTopic[];
	/** Milliseconds since 1970; the simulator's clock can be moved forward on top of it. @default Date.now */
	readonly clock?: TimeSource;
	/**
	 * Makes ids the same in every run. Without it they differ from run to run, as they must where a client
	 * remembers across a restart of the simulator which faxes it has acknowledged.
	 */
	readonly seed?: number;
	/** What the service does where nobody outside knows. */
	readonly switches?: Partial<Switches>;
	/** How good the way here is. @default perfect */
	readonly network?: Partial<NetworkConditions>;
	/** A folder that keeps the faxes, their states and the clock from one start to the next. @default nothing is written to disk */
	readonly data?: string;
	/** Text of a recording made by `retarus-fax-simulator record`: answers take its form. */
	readonly replay?: string;
	/** How many requests the log keeps. @default 10000 */
	readonly requestLogLimit?: number;
}

export const defaultOptions: Required<
	Pick<SimulatorOptions, 'port' | 'host' | 'accounts' | 'topics' | 'requestLogLimit'>
> = {
	port: 0,
	host: '127.0.0.1',
	accounts: [{customerNumber: '99999', passwords: ['secret']}],
	topics: [{name: 'demo'}],
	requestLogLimit: 10_000,
};
