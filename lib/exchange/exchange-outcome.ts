/** What the outcome of an exchange means for the faxes, the acknowledgements, the gates and the round. */
import type {Instant} from '../environment';
import {NetworkError, ProtocolError, ServiceError, type RetarusError} from '../errors';
import type {Arrivals} from '../faxes/arrivals';
import type {TopicContext} from '../faxes/context';
import type {Decisions} from '../faxes/decisions';
import {spreadMs} from '../pacing/backoff';
import type {Exchange, ParsedAnswer} from '../retarus/wire';
import type {AcknowledgeBatches} from './acknowledge-batches';
import type {Breaker, Lane} from './breaker';
import type {PollRound} from './poll-round';

export interface OutcomeParts {
	readonly arrivals: Arrivals;
	readonly decisions: Decisions;
	readonly batches: AcknowledgeBatches;
	readonly breaker: Breaker;
	readonly round: PollRound;
}

/** The lanes that an exchange speaks for. */
const lanesOf = ({fetch, ids}: Exchange): readonly Lane[] => [
	...(fetch > 0 ? (['polls'] as const) : []),
	...(ids.length > 0 ? (['acknowledgements'] as const) : []),
];

export class ExchangeOutcome {
	readonly #context: TopicContext;
	readonly #parts: OutcomeParts;
	#hasSucceeded = false;

	constructor(context: TopicContext, parts: OutcomeParts) {
		this.#context = context;
		this.#parts = parts;
	}

	/** Whether any exchange ever went through. */
	get hasSucceeded(): boolean {
		return this.#hasSucceeded;
	}

	/** @param since when the request was sent: locks count from then. Never rejects. */
	async succeeded(exchange: Exchange, answer: ParsedAnswer, since: Instant): Promise<void> {
		const {batches, breaker, decisions} = this.#parts;
		this.#hasSucceeded = true;
		breaker.succeeded(...lanesOf(exchange));
		batches.succeeded(exchange.ids);
		if (exchange.fetch > 0) {
			this.#list(exchange, answer, since);
		}

		await decisions.confirm(exchange.ids);
	}

	/** Never rejects. */
	async failed(exchange: Exchange, error: RetarusError): Promise<void> {
		const {batches, breaker} = this.#parts;
		const {fetch, ids} = exchange;
		const verdict = ids.length > 0 ? batches.failed(ids, error) : ({kind: 'general'} as const);
		if (fetch > 0) {
			this.#pollFailed(fetch, error, verdict.kind === 'general');
		}

		switch (verdict.kind) {
			case 'general':
				breaker.failed(error, ...lanesOf(exchange));
				if (fetch === 0 && breaker.read(this.#context.environment.clock.now()).polls.isClean) {
					// A poll finds out whether the ids are to blame.
					this.#parts.round.start();
				}

				break;
			case 'isolated':
				if (verdict.isNew) {
					this.#parts.round.start();
				}

				break;
			case 'setAside':
				this.#context.events.emit('notice', {kind: 'acknowledgeSetAside', id: verdict.id, error});
				break;
			case 'refused':
				await this.#refuse(verdict.id, verdict.status);
		}
	}

	#list({fetch, lockTimeoutMs}: Exchange, {listings, malformed}: ParsedAnswer, since: Instant): void {
		const {
			memory: {counts},
			environment: {clock, random},
			trouble,
			name,
			receiver,
		} = this.#context;
		const {arrivals, round} = this.#parts;
		const now = clock.now();
		counts.lastPollAt = new Date(now.wallMs).toISOString();
		// A receiver that is being redeployed finds its faxes when it comes back.
		const lock = {since, durationMs: lockTimeoutMs};
		const held: string[] = [];
		let settled = 0;
		for (const listing of listings) {
			const arrival = arrivals.take(listing, lock, now);
			if (arrival === 'held') {
				held.push(listing.id);
			} else if (arrival === 'settled') {
				settled += 1;
			}
		}

		if (malformed > 0) {
			trouble.is('entries', new ProtocolError('entryMalformed', {topic: name, count: malformed}));
		} else {
			trouble.isOver('entries');
		}

		const intervalMs = spreadMs(receiver()?.pollIntervalMs ?? 0, random);
		round.answered({asked: fetch, listed: listings.length, malformed, held, settled}, intervalMs);
	}

	/** @param isBlamed otherwise the round goes on at once, without the ids */
	#pollFailed(fetch: number, error: RetarusError, isBlamed: boolean): void {
		const {round} = this.#parts;
		const isUnseen = error instanceof NetworkError && error.phase === 'connecting';
		if (!isUnseen) {
			round.beCautious(fetch);
		}

		if (isBlamed) {
			if (round.isRequested) {
				// Those who asked for the round are told there.
				this.#context.trouble.is('exchange', error, true);
			}

			round.fail(error);
		}
	}

	async #refuse(id: string, status: number): Promise<void> {
		await this.#parts.decisions.refuse(id, new ServiceError('idRefused', status, {id, topic: this.#context.name}));
	}
}
