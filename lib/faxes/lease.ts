/**
 * What we hold of one fax, and what is going on with it.
 *
 *     listed --> delivered --> (accepted: leaves, the ledger has it)
 *        ^           |
 *        |           +--> handed over --> (overdue: leaves; it has failed when it is listed again)
 *        |           v
 *        +------- resting  <-- documents unavailable, given back, overdue, process ended: a failed delivery
 *                          <-- trouble that says nothing about the fax: it only steps aside
 *
 * A fax leaves for the service to list again when its lock runs out before it is delivered.
 */
import {elapsedMs, type Instant} from '../environment';
import type {Listing} from '../retarus/wire';
import type {FaxSummary} from './events';

/**
 * The service's promise to list a fax to nobody else. It counts from when the request was sent: the answer may have
 * been slow.
 */
export interface Lock {
	readonly since: Instant;
	readonly durationMs: number;
}

/** What a listing gave us: the fax as listed, and until when nobody else gets it. */
export interface Held {
	readonly listing: Listing;
	readonly lock: Lock;
}

/** Locked for us. Its documents are on their way. */
export interface Listed {
	readonly state: 'listed';
	readonly listing: Listing;
	lock: Lock;
	/** How often in a row it stepped aside. */
	readonly asides: number;
}

/** A flow works on it. */
export interface Delivered {
	readonly state: 'delivered';
	readonly delivery: number;
	readonly listing: Listing;
	readonly fax: FaxSummary;
	readonly since: Instant;
	readonly processingTimeoutMs: number;
	lock: Lock;
	/** An ack node's decision is on its way to the disk: nothing may overtake it. */
	deciding: boolean;
}

/** Another machine has it. */
export interface HandedOver {
	readonly state: 'handedOver';
	readonly delivery: number;
	readonly since: Instant;
	readonly processingTimeoutMs: number;
	lock: Lock;
	/** As of a delivered one. */
	deciding: boolean;
}

/** Why a fax rests: its last delivery failed, or something else is in trouble and the fax makes room for others. */
export type RestCause =
	| {readonly kind: 'failed'; readonly delivery: number; readonly givenBack: boolean}
	| {readonly kind: 'aside'; readonly asides: number};

/** Not to be tried right away. Takes no room. */
export interface Resting {
	readonly state: 'resting';
	readonly cause: RestCause;
	readonly since: Instant;
	readonly restMs: number;
	/** What it is delivered from when the rest ends before this lock does. */
	held?: Held;
}

export type Lease = Listed | Delivered | HandedOver | Resting;

export const hasLapsed = (lock: Lock, now: Instant): boolean => elapsedMs(now, lock.since) >= lock.durationMs;

/** Whether a flow, here or elsewhere, works on it. */
export const isOut = (lease: Lease): lease is Delivered | HandedOver =>
	lease.state === 'delivered' || lease.state === 'handedOver';
