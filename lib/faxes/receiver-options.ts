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
