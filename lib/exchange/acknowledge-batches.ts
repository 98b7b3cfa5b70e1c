/**
 * Which ids go with the next exchange. All that wait, as far as a URL is long; but when the service refuses a request because of what it carries,
 * the ids are tried without the poll, halved, and in the end alone, so that one poisoned id neither stops the polls nor its neighbours.
 */
import {AuthError, ServiceError, TopicError, type RetarusError} from '../errors';
import type {Ledger} from '../ledger/ledger';
import {longestIdsBytes} from '../retarus/facts';
import {encodedLength} from '../retarus/wire';

const shortestIdsBytes = 256;
const urlTooLong: readonly number[] = [413, 414, 431];

/** Server errors in a row after which the ids are suspected too. */
const suspiciousFailures = 3;

/** The same request would be refused again. A 403 may speak about the topic or about an id that is somebody else's. */
const isLasting = (error: RetarusError): boolean =>
	error instanceof TopicError ||
	(error instanceof AuthError && error.scope === 'topic') ||
	(error instanceof ServiceError && error.status < 500 && ![408, 425].includes(error.status));

type Suspicion =
	| {readonly kind: 'none'}
	/** A request with these was refused: whether the topic works without them shows next. */
	| {readonly kind: 'suspected'; readonly ids: readonly string[]}
	/** These are sent without a poll, one group after the other. `isHealthy`: something else went through meanwhile, so a refusal speaks about the id. */
	| {readonly kind: 'isolating'; readonly groups: readonly (readonly string[])[]; readonly isHealthy: boolean};

/** `innocent`: the failure is nobody's fault here. */
export type Verdict =
	| {readonly kind: 'innocent' | 'tryAtOnce'}
	| {readonly kind: 'refused'; readonly id: string; readonly status: number};

export interface NextBatch {
	readonly ids: readonly string[];
	/** The ids must travel alone. */
	readonly isAlone: boolean;
}

export class AcknowledgeBatches {
	readonly #ledger: Ledger;
	/** Settled, but listed once more: the service wants to hear it again. */
	readonly #again = new Set<string>();
	#suspicion: Suspicion = {kind: 'none'};
	#idsBytes = longestIdsBytes;
	/** Groups and all others, polls included, take turns, so that a group that must wait holds nobody up. */
	#isGroupsTurn = true;
	/** Of exchanges with ids, in a row. */
	#failures = 0;

	constructor(ledger: Ledger) {
		this.#ledger = ledger;
	}

	/** Some ids are sent without a poll, until it is clear which of them is refused. */
	get isIsolating(): boolean {
		return this.#suspicion.kind === 'isolating';
	}

	/** Ids of which it is not clear whether one spoils the request: what waits for the others must not wait for these. */
	get suspects(): number {
		const suspicion = this.#suspicion;
		return suspicion.kind === 'none'
			? 0
			: suspicion.kind === 'suspected'
				? suspicion.ids.length
				: suspicion.groups.flat().length;
	}

	/** Some settled ids were listed again and are to be said again. */
	get isRepeating(): boolean {
		return this.#again.size > 0;
	}

	/** Whether there is reason for an exchange. What is only said again rides on the next one: a service that goes on listing a fax is not to be hammered. */
	get isWaiting(): boolean {
		return this.#ledger.unconfirmed.size > 0;
	}

	repeat(id: string): void {
		this.#again.add(id);
	}

	/** @param canFetch whether the exchange may go without ids */
	next(canFetch: boolean): NextBatch {
		const suspicion = this.#suspicion;
		if (suspicion.kind === 'suspected') {
			if (canFetch) {
				return {ids: [], isAlone: false};
			}

			this.#suspicion = {kind: 'isolating', groups: [suspicion.ids], isHealthy: false};
		}

		const groups = this.#suspicion.kind === 'isolating' ? this.#suspicion.groups : [];
		const others = this.#fit(new Set(groups.flat()));
		const [group] = groups;
		if (group !== undefined && (this.#isGroupsTurn || (others.length === 0 && !canFetch))) {
			this.#isGroupsTurn = false;
			return {ids: group, isAlone: true};
		}

		this.#isGroupsTurn = true;
		return {ids: others, isAlone: false};
	}

	/** The exchange with these went through. */
	succeeded(ids: readonly string[]): void {
		this.#failures = ids.length > 0 ? 0 : this.#failures;
		for (const id of ids) {
			this.#again.delete(id);
		}

		const suspicion = this.#suspicion;
		if (suspicion.kind === 'suspected') {
			this.#suspicion = {kind: 'isolating', groups: [suspicion.ids], isHealthy: true};
		} else if (suspicion.kind === 'isolating') {
			const settled = new Set(ids);
			const groups = suspicion.groups
				.map((group) => group.filter((id) => !settled.has(id)))
				.filter((group) => group.length > 0);
			this.#suspicion = groups.length === 0 ? {kind: 'none'} : {kind: 'isolating', groups, isHealthy: true};
		}
	}

	/** The exchange with these failed: whether they are to blame, and what follows. */
	failed(ids: readonly string[], error: RetarusError): Verdict {
		if (ids.length === 0) {
			return {kind: 'innocent'};
		}

		this.#failures += 1;
		const isTooLong = error instanceof ServiceError && urlTooLong.includes(error.status);
		if (isTooLong && ids.length > 1 && this.#idsBytes > shortestIdsBytes && this.#suspicion.kind !== 'isolating') {
			this.#idsBytes = Math.floor(this.#idsBytes / 2);
			return {kind: 'tryAtOnce'};
		}

		const isProven = this.#suspicion.kind === 'isolating' && this.#suspicion.isHealthy;
		const isServerError = error instanceof ServiceError && error.status >= 500 && error.retryAfterMs === 0;
		const isPersistent = isServerError && (isProven || this.#failures >= suspiciousFailures);
		return isLasting(error) || isPersistent ? this.#suspect(ids, error) : {kind: 'innocent'};
	}

	#suspect(ids: readonly string[], error: RetarusError): Verdict {
		const suspicion = this.#suspicion;
		if (suspicion.kind !== 'isolating') {
			this.#suspicion = {kind: 'suspected', ids};
			return {kind: 'tryAtOnce'};
		}

		// These rode on a poll beside the groups: they wait for their turn too, or they would stop the polls.
		if (!suspicion.groups.includes(ids)) {
			this.#suspicion = {...suspicion, groups: [...suspicion.groups, ids]};
			return {kind: 'tryAtOnce'};
		}

		const [id] = ids;
		const rest = suspicion.groups.filter((group) => group !== ids);
		if (id === undefined || ids.length > 1) {
			const half = Math.ceil(ids.length / 2);
			this.#suspicion = {...suspicion, groups: [ids.slice(0, half), ids.slice(half), ...rest]};
			return {kind: 'tryAtOnce'};
		}

		// Only what is lasting can be refused for good: a server error may end any time.
		if (!suspicion.isHealthy || !isLasting(error)) {
			this.#suspicion = {...suspicion, groups: [...rest, ids]};
			return {kind: 'innocent'};
		}

		this.#again.delete(id);
		this.#suspicion = rest.length === 0 ? {kind: 'none'} : {...suspicion, groups: rest};
		const status = error instanceof ServiceError ? error.status : error instanceof AuthError ? 403 : 404;
		return {kind: 'refused', id, status};
	}

	#fit(except: ReadonlySet<string>): readonly string[] {
		const ids = new Set<string>();
		let bytes = 0;
		for (const waiting of [this.#ledger.unconfirmed, this.#again]) {
			for (const id of waiting) {
				if (except.has(id) || ids.has(id)) {
					continue;
				}

				bytes += encodedLength(id);
				if (bytes > this.#idsBytes && ids.size > 0) {
					return [...ids];
				}

				ids.add(id);
			}
		}

		return [...ids];
	}
}
