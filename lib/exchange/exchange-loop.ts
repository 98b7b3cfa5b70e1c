/**
 * One exchange at a time: what goes with it, when it goes, and what its outcome means.
 * During a backlog acknowledges ride on polls; with nothing to fetch they go alone, all those that gathered.
 */
import type {AcknowledgeBatches} from './acknowledge-batches';
import {Breaker} from './breaker';
import type {Deliveries} from '../faxes/deliveries';
import {elapsedMs, type Instant} from '../environment';
import {NetworkError, ProtocolError, toRetarusError, type RetarusError} from '../errors';
import {LedgerOpening} from './ledger-opening';
import {Peeks} from './peeks';
import {spreadMs} from '../pacing/gate';
import {planExchange} from './exchange-plan';
import {PollRound} from './poll-round';
import {Settlements} from '../faxes/settlements';
import type {TopicContext} from '../faxes/context';
import type {ReceiverOptions} from '../receiver-options';
import {defaultLockMs, largestFetch, trialLockMs} from '../retarus/facts';
import type {Exchange, Listing, ParsedAnswer} from '../retarus/wire';

/** The end of closing belongs to the acknowledges that are not sent yet. */
const lastWordMs = 1000;
/** An acknowledge that fails on its own, while others work, is not repeated sooner. */
const isolatedMs = 10_000;

export class ExchangeLoop {
	readonly #context: TopicContext;
	readonly #deliveries: Deliveries;
	readonly #acknowledges: AcknowledgeBatches;
	readonly #breaker: Breaker;
	readonly #round: PollRound;
	readonly #healing: LedgerOpening;
	readonly #looks: Peeks;
	readonly #settlements: Settlements;
	#receiver: ReceiverOptions | undefined;
	#isPaused = false;
	#isClosed = false;
	/** The one under way. Its end is awaited by close. */
	#running: {readonly abort: AbortController; readonly fetch: number; readonly ended: Promise<void>} | undefined;
	/** When {@link wake} comes by itself, by steady clock. May be too early, never too late. */
	#alarm: {readonly atMs: number; readonly cancel: () => void} | undefined;
	/** Since when a round could go on with less than a batch. */
	#roomSince: Instant | undefined;
	/** Since when an acknowledge waits for company. */
	#waitingSince: Instant | undefined;
	/** When settled ids were said again last for their own sake. What rode on a poll that was due may have come too late. */
	#repeatedAt: Instant | undefined;
	/** After a failure that may have locked faxes nobody works on, less is asked for. */
	#cautious = largestFetch;
	#hasSucceeded = false;
	/** The last answer had entries without an id: a lasting condition is told once. */
	#isMalformedTold = false;
	/** Code of the lasting condition that was told last. */
	#toldCode: string | undefined;

	constructor(context: TopicContext, deliveries: Deliveries, acknowledges: AcknowledgeBatches) {
		this.#context = context;
		this.#deliveries = deliveries;
		this.#acknowledges = acknowledges;
		this.#breaker = new Breaker(context);
		this.#round = new PollRound(context.environment.clock);
		this.#healing = new LedgerOpening(context, this.#breaker);
		this.#looks = new Peeks(context, this.#breaker);
		this.#settlements = new Settlements(context);
	}

	get isPaused(): boolean {
		return this.#isPaused;
	}

	get hasSucceeded(): boolean {
		return this.#hasSucceeded;
	}

	/** Whether a poll is on its way. */
	get isPolling(): boolean {
		return (this.#running?.fetch ?? 0) > 0;
	}

	/** Why nothing goes at the moment, and for how long; `undefined` once something went through. */
	get trouble(): {readonly error: RetarusError; readonly remainingMs: number} | undefined {
		const {error, remainingMs} = this.#breaker;
		return error && {error, remainingMs};
	}

	/** Polls from the next {@link wake} on. */
	attach(receiver: ReceiverOptions): void {
		this.#receiver = receiver;
		this.#isPaused = false;
		this.#breaker.retry();
		this.#round.end(0);
	}

	detach(): void {
		this.#receiver = undefined;
		this.#round.end(0);
	}

	/** One round, at once; resolves at its end. */
	async poll(): Promise<void> {
		this.#breaker.insist();
		const ended = this.#round.request();
		this.wake();
		await ended;
	}

	/**
	 * What waits, at most so many: locked for a second, not taken, not acknowledged.
	 * @throws RetarusError why it cannot be had
	 */
	async look(fetch: number): Promise<readonly Listing[]> {
		this.#breaker.insist();
		const listed = this.#looks.ask(fetch);
		this.wake();
		return listed;
	}

	pause(): void {
		this.#isPaused = true;
		if (this.#round.isRunning && !this.#round.isRequested) {
			this.#round.end(0);
		}

		this.wake();
	}

	resume(): void {
		this.#isPaused = false;
		this.wake();
	}

	/** Something changed: looks at the clock, and starts the next exchange if it is due. Safe to call at any time. */
	wake(): void {
		if (this.#isClosed) {
			return;
		}

		this.#deliveries.tick(this.#running?.fetch);
		this.#deliveries.watchDeadlines(this.trouble !== undefined);
		if (this.#running === undefined) {
			this.#next();
		} else {
			this.#wakeIn(undefined);
		}

		this.#tell();
	}

	/** Lets the exchange under way end, sends what is accepted and not yet sent, and stops. Takes less than two seconds; never rejects. */
	async close(): Promise<void> {
		this.#isClosed = true;
		this.#looks.fail(new Error('closing'));
		this.#alarm?.cancel();
		this.#round.end(0);
		const {clock} = this.#context.environment;
		if (this.#running) {
			const {abort, ended} = this.#running;
			const cancel = clock.setTimer(() => {
				abort.abort(new Error('closing'));
			}, lastWordMs / 2);
			await ended;
			cancel();
		}

		const {isTrial, ledger} = this.#context;
		// What a process before this one has written counts only when it is safe here.
		if (isTrial || !ledger.isUsable || !this.#acknowledges.isWaiting || this.#breaker.remainingMs > 0) {
			return;
		}

		const {ids} = this.#acknowledges.next(false);
		const abort = new AbortController();
		const cancel = clock.setTimer(() => {
			abort.abort(new Error('closing'));
		}, lastWordMs);
		try {
			const {name, connection} = this.#context;
			await connection().client.exchange(
				{topic: name, fetch: 0, lockTimeoutMs: defaultLockMs, ids},
				lastWordMs,
				abort.signal,
			);
			await this.#settlements.confirm(ids);
		} catch {
			// They are on disk and go with the next start.
		} finally {
			cancel();
		}
	}

	#next(): void {
		const look = this.#looks.next();
		if (look) {
			this.#begin(0, (signal) => this.#looks.run(look, signal));
			return;
		}

		const next = this.#plan();
		if (typeof next === 'object') {
			this.#start(next);
		} else {
			this.#wakeIn(next);
		}
	}

	#tell(): void {
		const {events} = this.#context;
		const error = this.trouble?.error;
		if (error?.code !== this.#toldCode) {
			this.#toldCode = error?.code;
			if (error) {
				events.emit('trouble', error);
			}
		}

		events.emit('change');
	}

	/** An alarm that comes too early is left alone: to set one is dearer than to look at the clock once more. */
	#wakeIn(planMs: number | undefined): void {
		const {
			memory: {leases, deletionWarnings},
			environment: {clock},
		} = this.#context;
		const {wallMs, steadyMs} = clock.now();
		const atMs =
			steadyMs +
			Math.min(
				planMs ?? Infinity,
				leases.nextChangeMs() ?? Infinity,
				deletionWarnings.nextWarningMs(wallMs) ?? Infinity,
			);
		if (this.#alarm && this.#alarm.atMs <= atMs && atMs !== Infinity) {
			return;
		}

		this.#alarm?.cancel();
		const alarm = (): (() => void) =>
			clock.setTimer(() => {
				this.#alarm = undefined;
				this.wake();
			}, atMs - steadyMs);
		this.#alarm = atMs === Infinity ? undefined : {atMs, cancel: alarm()};
	}

	/** What to send now, or how long to wait before looking again; `undefined` waits for a change. */
	#plan(): Exchange | number | undefined {
		const {
			ledger,
			isTrial,
			memory: {leases},
			environment: {clock},
		} = this.#context;
		const receiver = this.#receiver;
		const {remainingMs} = this.#breaker;
		const polls =
			receiver !== undefined && (this.#round.isRequested || (receiver.pollIntervalMs > 0 && !this.#isPaused));
		const isWaiting = !isTrial && (this.#acknowledges.isWaiting || this.#mustRepeat(polls));
		this.#waitingSince = isWaiting ? (this.#waitingSince ?? clock.now()) : undefined;
		if (remainingMs > 0) {
			return polls || isWaiting || !ledger.isUsable ? remainingMs : undefined;
		}

		if (!ledger.isUsable) {
			this.#healing.begin();
			return undefined;
		}

		if (polls && this.#round.remainingMs === 0) {
			this.#round.start();
		}

		const hasRoom = polls && this.#round.isRunning && leases.room(receiver.maxInFlight) > 0;
		this.#roomSince = hasRoom ? (this.#roomSince ?? clock.now()) : undefined;
		const {dueMs, fetch} = planExchange({
			receiver,
			polls,
			nextRoundMs: this.#round.isRunning ? undefined : this.#round.remainingMs,
			held: this.#round.held,
			inFlight: leases.inFlight,
			cautiousFetch: this.#cautious,
			unconfirmed: ledger.unconfirmed.size - this.#acknowledges.suspects,
			idsWaitedMs: this.#waitingSince && elapsedMs(clock.now(), this.#waitingSince),
			roomWaitedMs: this.#roomSince ? elapsedMs(clock.now(), this.#roomSince) : 0,
		});
		return dueMs === 0 ? this.#compose(fetch) : dueMs;
	}

	/** What is only said again rides on the next poll, unless that comes when the lock is gone: some service may ignore an acknowledge without one. */
	#mustRepeat(polls: boolean): boolean {
		const lockMs = this.#receiver?.lockTimeoutMs ?? defaultLockMs;
		const isTooLate = !polls || this.#round.remainingMs > lockMs / 2;
		return (
			this.#acknowledges.isRepeating &&
			isTooLate &&
			(this.#repeatedAt === undefined ||
				elapsedMs(this.#context.environment.clock.now(), this.#repeatedAt) >= isolatedMs)
		);
	}

	#compose(fetch: number): Exchange {
		const {ids, isAlone} = this.#context.isTrial ? {ids: [], isAlone: false} : this.#acknowledges.next(fetch > 0);
		const lockTimeoutMs = this.#context.isTrial ? trialLockMs : (this.#receiver?.lockTimeoutMs ?? defaultLockMs);
		return {topic: this.#context.name, fetch: isAlone ? 0 : fetch, lockTimeoutMs, ids};
	}

	#start(exchange: Exchange): void {
		this.#waitingSince = undefined;
		this.#roomSince = undefined;
		if (!this.#round.isRunning && this.#acknowledges.isRepeating) {
			this.#repeatedAt = this.#context.environment.clock.now();
		}

		this.#begin(exchange.fetch, (signal) => this.#run(exchange, signal));
	}

	/** @param fetch how many faxes may come of it for the flow */
	#begin(fetch: number, run: (signal: AbortSignal) => Promise<void>): void {
		const abort = new AbortController();
		this.#breaker.started();
		const ended = run(abort.signal).then(() => {
			this.#running = undefined;
			this.wake();
		});
		this.#running = {abort, fetch, ended};
	}

	/** Never rejects. */
	async #run(exchange: Exchange, signal: AbortSignal): Promise<void> {
		const {
			environment: {clock},
			isTrial,
		} = this.#context;
		const {client} = this.#context.connection();
		const since = clock.now();
		const longestMs = exchange.fetch > 0 && !isTrial ? exchange.lockTimeoutMs / 2 : Infinity;
		const timeoutMs = Math.min(client.requestTimeoutMs, longestMs);
		try {
			const answer = await client.exchange(exchange, timeoutMs, signal);
			this.#succeeded(exchange);
			this.#list(exchange, answer, since);
			await this.#settlements.confirm(exchange.ids);
		} catch (error) {
			if (!signal.aborted) {
				await this.#failed(exchange, toRetarusError(error));
			}
		}
	}

	#succeeded(exchange: Exchange): void {
		const {
			memory: {counts},
			environment: {clock},
		} = this.#context;
		this.#breaker.succeeded();
		this.#hasSucceeded = true;
		this.#acknowledges.succeeded(exchange.ids);
		if (exchange.fetch > 0) {
			this.#cautious = Math.min(largestFetch, this.#cautious * 2);
			counts.lastPollAt = new Date(clock.now().wallMs).toISOString();
		}
	}

	#list(exchange: Exchange, {listings, malformed}: ParsedAnswer, since: Instant): void {
		const {
			events,
			environment: {random},
			name,
		} = this.#context;
		if (exchange.fetch === 0) {
			return;
		}

		// A receiver that is being redeployed finds its faxes when it comes back.
		const lock = {since, durationMs: exchange.lockTimeoutMs};
		const taken = listings.map((listing) => this.#deliveries.take(listing, lock));
		const held = listings.filter((_, index) => taken[index] === 'held').map(({id}) => id);
		const settled = taken.filter((kind) => kind === 'settled').length;
		const isNews = malformed > 0 && !this.#isMalformedTold;
		this.#isMalformedTold = malformed > 0;
		if (isNews) {
			events.emit('notice', {
				kind: 'entryMalformed',
				error: new ProtocolError('entryMalformed', {topic: name, count: malformed}),
			});
		}

		const intervalMs = spreadMs(this.#receiver?.pollIntervalMs ?? 0, random);
		this.#round.answered({asked: exchange.fetch, listed: listings.length + malformed, held, settled}, intervalMs);
	}

	async #failed(exchange: Exchange, error: RetarusError): Promise<void> {
		if (exchange.fetch > 0) {
			// Who asked for the round is told there.
			this.#toldCode = this.#round.isRequested ? error.code : this.#toldCode;
			this.#round.fail(error);
			const isUnseen = error instanceof NetworkError && error.phase === 'connecting';
			this.#cautious = isUnseen
				? this.#cautious
				: Math.max(1, Math.floor(Math.min(exchange.fetch, this.#cautious) / 2));
		}

		const verdict = this.#acknowledges.failed(exchange.ids, error);
		switch (verdict.kind) {
			case 'innocent':
				// Polls that go through in between would forget how often it failed.
				this.#breaker.failed(error, exchange.fetch === 0 && this.#acknowledges.isIsolating ? isolatedMs : 0);
				break;
			case 'tryAtOnce':
				break;
			case 'refused':
				await this.#settlements.refuse(verdict.id, verdict.status);
		}
	}
}
