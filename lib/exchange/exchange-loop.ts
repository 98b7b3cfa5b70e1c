/**
 * One exchange at a time: what is sent with it, and when. What its outcome means is in exchange-outcome.ts.
 *
 *     room for 7 faxes ----> +----------+     POST /topics/T?fetch=7&timeout=300&ids=a,b
 *                            | exchange | <-------------------------------------------------> service
 *     accepted: a, b ------> +----------+     new faxes: listed --> delivered --> accepted --> (sent with a later one)
 *
 * During a backlog acknowledgements ride on polls. With nothing to fetch they go alone, all that gathered. When one of
 * both fails, both go apart, so that neither holds the other up (breaker.ts); ids that fail go alone, in ever smaller
 * groups (acknowledge-batches.ts).
 */
import type {Instant} from '../environment';
import type {TopicContext} from '../faxes/context';
import type {Decisions} from '../faxes/decisions';
import type {Deliveries} from '../faxes/deliveries';
import {Alarm} from '../pacing/alarm';
import type {Listing} from '../retarus/wire';
import type {Arrivals} from '../faxes/arrivals';
import type {AcknowledgeBatches} from './acknowledge-batches';
import {Breaker, type TroubleState} from './breaker';
import {ExchangeOutcome} from './exchange-outcome';
import {ExchangeSender} from './exchange-sender';
import {lastWordMs, sayLastWord} from './last-word';
import type {LedgerOpening} from './ledger-opening';
import {NextSteps, type Moment, type NextStep} from './next-step';
import {Peeks} from './peeks';
import {PollRound} from './poll-round';

export interface LoopParts {
	readonly arrivals: Arrivals;
	readonly deliveries: Deliveries;
	readonly decisions: Decisions;
	readonly batches: AcknowledgeBatches;
	readonly opening: LedgerOpening;
}

type State =
	| {readonly kind: 'idle' | 'closed'}
	/** `fetch`: how many faxes may come of it for the flow. Its end is awaited by close. */
	| {
			readonly kind: 'exchanging';
			readonly fetch: number;
			readonly abort: AbortController;
			readonly ended: Promise<void>;
	  };

export class ExchangeLoop {
	readonly #context: TopicContext;
	readonly #parts: LoopParts;
	readonly #breaker: Breaker;
	readonly #round: PollRound;
	readonly #peeks: Peeks;
	readonly #outcome: ExchangeOutcome;
	readonly #alarm: Alarm;
	readonly #sender: ExchangeSender;
	readonly #steps: NextSteps;
	#state: State = {kind: 'idle'};

	constructor(context: TopicContext, parts: LoopParts) {
		const {clock} = context.environment;
		this.#context = context;
		this.#parts = parts;
		this.#breaker = new Breaker(context);
		this.#round = new PollRound(clock);
		this.#peeks = new Peeks(context, this.#breaker);
		this.#outcome = new ExchangeOutcome(context, {...parts, breaker: this.#breaker, round: this.#round});
		this.#steps = new NextSteps(context, parts.deliveries, parts.batches, this.#round);
		this.#sender = new ExchangeSender(context, this.#outcome);
		this.#alarm = new Alarm(clock, () => {
			this.wake();
		});
	}

	get hasSucceeded(): boolean {
		return this.#outcome.hasSucceeded;
	}

	/** How many acknowledgements fail alone while others work. */
	get setAside(): number {
		return this.#parts.batches.setAside;
	}

	/** Whether a poll is on its way. */
	get isPolling(): boolean {
		return this.#state.kind === 'exchanging' && this.#state.fetch > 0;
	}

	/** Why nothing goes at the moment, and for how long; `undefined` once something went through. */
	trouble(now: Instant): TroubleState | undefined {
		return this.#parts.opening.trouble(now) ?? this.#breaker.read(now).trouble;
	}

	/** A receiver is there: polls begin with the next {@link wake}. */
	attach(): void {
		this.#breaker.retry();
		this.#round.end(0);
	}

	detach(): void {
		this.#breaker.forget('polls');
		this.#round.end(0);
	}

	/** One round, now. Resolves at its end. */
	async poll(): Promise<void> {
		this.#breaker.insist(this.#context.environment.clock.now());
		const ended = this.#round.request();
		this.wake();
		await ended;
	}

	/**
	 * Up to `fetch` waiting faxes: locked for a second, not taken, not acknowledged.
	 * @throws RetarusError why they cannot be listed
	 */
	async peek(fetch: number): Promise<readonly Listing[]> {
		this.#breaker.insist(this.#context.environment.clock.now());
		const listed = this.#peeks.ask(fetch);
		this.wake();
		return listed;
	}

	/** Ends a round that nobody asked for. */
	pause(): void {
		if (this.#round.isRunning && !this.#round.isRequested) {
			this.#round.end(0);
		}
	}

	/** Something changed: looks at the clock once, and starts the next exchange if it is due. Safe to call at any time. */
	wake(): void {
		const state = this.#state;
		if (state.kind === 'closed') {
			return;
		}

		const {
			environment: {clock},
			memory: {deletionWarnings},
			events,
			trouble,
		} = this.#context;
		const {deliveries, arrivals, opening} = this.#parts;
		const now = clock.now();
		const changeMs = deliveries.tick(now, state.kind === 'exchanging' ? state.fetch : 0);
		const connection = this.#context.connection();
		const gates = this.#breaker.read(now, connection);
		const stepMs = this.#state.kind === 'idle' ? this.#step({now, connection, gates}) : Infinity;
		const wrong = (opening.trouble(now) ?? gates.trouble)?.error;
		arrivals.watchDeletions(wrong !== undefined, now);
		if (wrong) {
			trouble.is('exchange', wrong);
		} else {
			trouble.isOver('exchange');
		}

		this.#alarm.set(Math.min(stepMs, changeMs, deletionWarnings.nextWarningMs(now.wallMs)), now.steadyMs);
		events.emit('change');
	}

	/**
	 * Lets the exchange under way end, sends what is accepted and not yet sent, and stops. Takes less than two seconds;
	 * never rejects.
	 */
	async close(): Promise<void> {
		const state = this.#state;
		this.#state = {kind: 'closed'};
		this.#peeks.fail(new Error('closing'));
		this.#alarm.cancel();
		this.#round.end(0);
		const {
			isTrial,
			environment: {clock},
		} = this.#context;
		if (state.kind === 'exchanging') {
			const cancel = clock.setTimer(() => {
				state.abort.abort(new Error('closing'));
			}, lastWordMs / 2);
			await state.ended;
			cancel();
		}

		if (!isTrial && this.#breaker.read(clock.now()).acknowledgements.remainingMs === 0) {
			await sayLastWord(this.#context, this.#parts.batches, this.#parts.decisions);
		}
	}

	/** Sends what is due. Returns how long until something is; `Infinity` when only a change can tell. */
	#step(moment: Moment): number {
		const {now, gates} = moment;
		const {ledger} = this.#context;
		const {opening} = this.#parts;
		if (!ledger.isUsable) {
			return this.#openLedger(opening.remainingMs(now));
		}

		if (this.#peeks.isWaiting) {
			const peek = this.#peeks.next(gates);
			if (peek) {
				this.#begin(0, (signal) => this.#peeks.run(peek, signal));
				return Infinity;
			}
		}

		if (!gates.acknowledgements.isClean && ledger.unconfirmed.size === 0) {
			this.#breaker.forget('acknowledgements');
		}

		const next = this.#steps.first(moment);
		if (next === undefined || next.dueMs > 0) {
			return next?.dueMs ?? Infinity;
		}

		this.#send(next, now);
		return Infinity;
	}

	#openLedger(remainingMs: number): number {
		if (remainingMs === 0) {
			void this.#parts.opening.begin();
			return Infinity;
		}

		return remainingMs;
	}

	#send(step: NextStep, now: Instant): void {
		const {fetch} = step;
		const batch = this.#steps.take(step, now);
		if (fetch > 0 || batch.ids.length > 0) {
			this.#begin(fetch, (signal) => this.#sender.send(fetch, batch, signal));
		}
	}

	/** @param fetch how many faxes may come of it for the flow */
	#begin(fetch: number, run: (signal: AbortSignal) => Promise<void>): void {
		const abort = new AbortController();
		this.#breaker.started();
		const ended = run(abort.signal).then(() => {
			this.#state = this.#state.kind === 'closed' ? this.#state : {kind: 'idle'};
			this.#breaker.ended();
			this.wake();
		});
		this.#state = {kind: 'exchanging', abort, fetch, ended};
	}
}
