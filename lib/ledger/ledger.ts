/** What a topic asks of its ledger. Everything above this room knows no more than this. */
import type {Failure, Settlement} from './ledger-records';

export type {Failure} from './ledger-records';

/** The last delivery of a fax that nobody holds any more, so it has failed. */
export interface FailedDelivery {
	readonly delivery: number;
	/** Wall time, by the present clock. */
	readonly atMs: number;
	/** Absent when the process ended before it could say. */
	readonly failure: Failure | undefined;
}

/**
 * What must survive of one topic: deliveries counted, acknowledgements accepted and confirmed.
 * Every request may be repeated. One that rejects has changed nothing.
 */
export interface Ledger {
	/** False while nothing can be written, or while a failure is still to be reported by {@link open}. */
	readonly isUsable: boolean;
	/** Ids that ack nodes asked for and the service has yet to confirm, oldest first. */
	readonly unconfirmed: ReadonlySet<string>;
	/**
	 * Makes the ledger usable. Rejects with why it is not: call it again later.
	 * @returns where a file that could not be read in full was put
	 */
	open(): Promise<string | undefined>;
	close(): Promise<void>;
	settlement(id: string): Settlement | undefined;
	/** How often the fax was delivered. */
	deliveries(id: string): number;
	lastDelivery(id: string): FailedDelivery | undefined;
	wasGivenBack(id: string, delivery: number): boolean;
	/** Counts a delivery and resolves to its number, before anything of it is sent. */
	deliver(id: string): Promise<number>;
	fail(id: string, delivery: number, failure: Failure, givenBack: boolean): Promise<void>;
	/** Resolves when the decision is on disk: from then on nothing undoes it. */
	accept(id: string): Promise<void>;
	/** A confirmation that is lost is only asked for once more. */
	confirm(id: string): Promise<void>;
	refuse(id: string): Promise<void>;
}
