/**
 * The properties of the three nodes: shapes, choices, ranges and defaults, shared by the runtime and the editor.
 * Pure and free of imports, because the editor's scripts bundle a copy. `config-checks` validates the properties.
 */

export interface Range {
	readonly min: number;
	readonly max: number;
	readonly default: number;
}

export const regions = ['de1', 'de2', 'us1', 'us2', 'ch1', 'sg1'] as const;

export const messagePerChoices = ['fax', 'document'] as const;
export type MessagePer = (typeof messagePerChoices)[number];

export const ackActions = ['acknowledge', 'giveBack', 'handOver'] as const;
export type AckAction = (typeof ackActions)[number];

/** In the units a user types: seconds, faxes and megabytes. */
export const ranges = {
	requestTimeout: {min: 1, max: 300, default: 30},
	keptDays: {min: 1, max: 400, default: 7},
	pollInterval: {min: 0, max: 86_400, default: 30},
	maxInFlight: {min: 1, max: 1000, default: 10},
	processingTimeout: {min: 1, max: 86_400, default: 300},
	maxDeliveries: {min: 0, max: 100, default: 0},
	batchSize: {min: 1, max: 1000, default: 10},
	lockTimeout: {min: 0, max: 86_400, default: 0},
	maxFaxSize: {min: 1, max: 1024, default: 64},
} as const satisfies Record<string, Range>;
export type NumberProperty = keyof typeof ranges;

/**
 * A `retarus-account` as stored in a flow. In all three configurations numbers and flags may be strings,
 * because the editor stores what was typed and Node-RED fills in environment variables as text.
 */
export interface AccountConfig {
	/** @default '' */
	name: string;
	/**
	 * One of {@link regions}, or `custom` for a base URL.
	 * @default 'de1'
	 */
	region: string;
	/**
	 * Applies only to the region `custom`.
	 * @default ''
	 */
	baseUrl: string;
	/**
	 * Seconds: the total for a poll or an acknowledgement; for a download, the longest pause without data.
	 * @default 30
	 */
	requestTimeout: number | string;
	/**
	 * Locks faxes for one second only and acknowledges none.
	 * @default false
	 */
	trial: boolean | string;
	/**
	 * Id of a `tls-config` node.
	 * @default ''
	 */
	tls: string;
	/**
	 * Id of an `http proxy` node. If blank, `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` apply.
	 * @default ''
	 */
	proxy: string;
	/**
	 * Days that the service keeps a fax after its receipt.
	 * @default 7
	 */
	keptDays: number | string;
}

export const accountDefaults: AccountConfig = {
	name: '',
	region: 'de1',
	baseUrl: '',
	requestTimeout: ranges.requestTimeout.default,
	trial: false,
	tls: '',
	proxy: '',
	keptDays: ranges.keptDays.default,
};

/** Node-RED omits a credential that was never entered, or that it could not decrypt. */
export interface AccountCredentials {
	customerNumber?: string;
	password?: string;
}

/** A `retarus-fax-in` as stored in a flow. */
export interface FaxInConfig {
	/** @default '' */
	name: string;
	/**
	 * Id of a `retarus-account` node.
	 * @default ''
	 */
	account: string;
	/** @default '' */
	topic: string;
	/**
	 * Seconds from the end of one round to the next; 0 polls only when a message asks for it.
	 * @default 30
	 */
	pollInterval: number | string;
	/**
	 * 1 with an input port, otherwise 0.
	 * @default 0
	 */
	inputs: number | string;
	/** @default 'fax' */
	messagePer: string;
	/**
	 * Faxes listed or delivered for which no ack node has accepted anything yet.
	 * @default 10
	 */
	maxInFlight: number | string;
	/**
	 * Seconds that a flow may work on one fax.
	 * @default 300
	 */
	processingTimeout: number | string;
	/**
	 * Failed deliveries after which a fax leaves by output 2; 0 for never.
	 * @default 0
	 */
	maxDeliveries: number | string;
	/**
	 * 2 if `maxDeliveries` may be above 0, otherwise 1.
	 * @default 1
	 */
	outputs: number | string;
	/**
	 * Faxes per poll.
	 * @default 10
	 */
	batchSize: number | string;
	/**
	 * Seconds; 0 locks a fax for as long as `processingTimeout`.
	 * @default 0
	 */
	lockTimeout: number | string;
	/**
	 * Megabytes for all documents of one fax.
	 * @default 64
	 */
	maxFaxSize: number | string;
}

export const faxInDefaults: FaxInConfig = {
	name: '',
	account: '',
	topic: '',
	pollInterval: ranges.pollInterval.default,
	inputs: 0,
	messagePer: 'fax',
	maxInFlight: ranges.maxInFlight.default,
	processingTimeout: ranges.processingTimeout.default,
	maxDeliveries: ranges.maxDeliveries.default,
	outputs: 1,
	batchSize: ranges.batchSize.default,
	lockTimeout: ranges.lockTimeout.default,
	maxFaxSize: ranges.maxFaxSize.default,
};

/** A `retarus-fax-ack` as stored in a flow. A blank account or topic leaves the choice to `msg.fax`. */
export interface FaxAckConfig {
	/** @default '' */
	name: string;
	/**
	 * Id of a `retarus-account` node.
	 * @default ''
	 */
	account: string;
	/** @default '' */
	topic: string;
	/** @default 'acknowledge' */
	action: string;
	/**
	 * Refuses to acknowledge a message marked as failed.
	 * @default true
	 */
	guard: boolean | string;
}

export const faxAckDefaults: FaxAckConfig = {
	name: '',
	account: '',
	topic: '',
	action: 'acknowledge',
	guard: true,
};
