import type {TimeSource} from '../clock';
import type {NetworkConditions} from '../faults/network';
import type {Switches} from './switches';

/** A customer. Several passwords may be valid at once. */
export interface SimulatorAccount {
	readonly customerNumber: string;
	readonly passwords: readonly string[];
}

/** A topic, open to every account unless restricted. */
export interface SimulatorTopic {
	readonly name: string;
	/** Restricts the topic to this customer. @default open to every customer */
	readonly customerNumber?: string;
	/**
	 * Restricts the topic to these passwords; the service ties each password to one or more numbers.
	 * @default open to every password
	 */
	readonly passwords?: readonly string[];
}

/** Options of `startSimulator`. */
export interface SimulatorOptions {
	/** Port to listen on; 0 picks any free port. @default 0 */
	readonly port?: number;
	/** Address to listen on. One that other machines can reach requires `accounts`. @default '127.0.0.1' */
	readonly host?: string;
	/** Customers who may use the API. @default [{customerNumber: '99999', passwords: ['secret']}] */
	readonly accounts?: readonly SimulatorAccount[];
	/** Topics the simulator serves. @default [{name: 'demo'}] */
	readonly topics?: readonly SimulatorTopic[];
	/** Time source of the simulator's clock, which adds its own offset. @default Date.now */
	readonly clock?: TimeSource;
	/**
	 * Makes ids repeatable. Leave it unset when a client outlives the simulator: it remembers the ids it has
	 * acknowledged, and would take a new fax with an old id for one of those.
	 * @default random ids
	 */
	readonly seed?: number;
	/** The service's behaviour where its documentation is silent. @default defaultSwitches */
	readonly switches?: Partial<Switches>;
	/** Latency, bandwidth and failure rates. @default a perfect network */
	readonly network?: Partial<NetworkConditions>;
	/** Folder that keeps faxes, states and the clock between runs. @default nothing is written to disk */
	readonly data?: string;
	/**
	 * Text of a recording made by `retarus-fax-simulator record`; answers take its shape.
	 * @default the simulator's own shape
	 */
	readonly replay?: string;
	/** Number of requests the log keeps. @default 10000 */
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
