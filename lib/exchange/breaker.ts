/** Which requests of a topic may go, and why the others may not. */
import type {Instant} from '../environment';
import {RateLimitError, type RetarusError} from '../errors';
import type {TopicContext} from '../faxes/context';
import {Gate} from '../pacing/gate';
import type {Connection} from '../retarus/connection';
import type {SharedGate} from '../pacing/shared-gate';

/** Polls and acknowledgements fail apart: a broken listing must not hold acknowledgements up, nor the reverse. */
export type Lane = 'polls' | 'acknowledgements';
const lanes: readonly Lane[] = ['polls', 'acknowledgements'];

/** What a lane says at a moment. */
export interface LaneState {
	/** 0 when a request may go. */
	readonly remainingMs: number;
	/** The last request went through, or there was none. */
	readonly isClean: boolean;
}

export interface TroubleState {
	readonly error: RetarusError;
	readonly remainingMs: number;
}

/** All gates, read once. */
export interface GateStates extends Readonly<Record<Lane, LaneState>> {
	/** Why nothing goes, or went last: the latest failure counts. `undefined` once something went through. */
	readonly trouble: TroubleState | undefined;
}

/**
 * Each lane of a topic has a gate of its own, and all lanes with the same credentials pass one shared gate. A refusal
 * that may concern the account (401, 429, Retry-After ...) shuts the shared gate while nothing succeeds with these
 * credentials; otherwise it speaks about the lane that got it.
 */
export class Breaker {
	readonly #context: TopicContext;
	readonly #gates: Readonly<Record<Lane, Gate>>;
	/** That of the request under way, which may be a probe that others wait for. */
	#passed: SharedGate | undefined;

	constructor(context: TopicContext) {
		const {clock, random} = context.environment;
		this.#context = context;
		this.#gates = {polls: new Gate(clock, random), acknowledgements: new Gate(clock, random)};
	}

	/** Looks at all gates once. */
	read(now: Instant, {gate: shared}: Pick<Connection, 'gate'> = this.#context.connection()): GateStates {
		const {polls, acknowledgements} = this.#gates;
		if (!shared.error && !polls.error && !acknowledgements.error) {
			return allClean;
		}

		const read = (lane: Lane): LaneState => {
			const gate = this.#gates[lane];
			const sharedMs = shared.remainingMs(this.#asker(lane), now);
			return {
				isClean: !shared.error && !gate.error,
				remainingMs: Math.max(gate.remainingMs(now), sharedMs),
			};
		};
		const states = {polls: read('polls'), acknowledgements: read('acknowledgements')};
		let latest: {readonly error: RetarusError; readonly atMs: number; readonly lane: Lane} | undefined;
		for (const [lane, {error, failedAt}] of [
			[this.#context.receiver() ? 'polls' : 'acknowledgements', shared],
			['acknowledgements', acknowledgements],
			['polls', polls],
		] as const) {
			if (error && failedAt && failedAt.steadyMs >= (latest?.atMs ?? -Infinity)) {
				latest = {error, atMs: failedAt.steadyMs, lane};
			}
		}

		return {...states, trouble: latest && {error: latest.error, remainingMs: states[latest.lane].remainingMs}};
	}

	/**
	 * A request is on its way. If it is the one that finds out, the other topics of the account wait for what it finds.
	 */
	started(): void {
		const {gate: shared, client} = this.#context.connection();
		shared.hold(this.#context.name, client.requestTimeoutMs);
		this.#passed = shared;
	}

	/** The request has ended, and its outcome was told by {@link succeeded} or {@link failed}, if it says anything. */
	ended(): void {
		if (this.#passed?.release(this.#context.name)) {
			this.#context.wakeAll();
		}

		this.#passed = undefined;
	}

	/** A request of these lanes went through. */
	succeeded(...passed: readonly Lane[]): void {
		const {connection, wakeAll} = this.#context;
		const {gate: shared} = connection();
		let wasShut = false;
		let isRecovery = false;
		for (const lane of passed) {
			wasShut = shared.succeeded(this.#asker(lane)) || wasShut;
			isRecovery ||= this.#gates[lane].error !== undefined;
			this.#gates[lane].open();
		}

		if (isRecovery || wasShut) {
			// What failed in the same outage need not wait for the end of its pause.
			this.retry();
		} else if (passed.includes('polls')) {
			// Ids that failed while nothing else went through prove nothing. Now they do, and are isolated if they fail again.
			this.#gates.acknowledgements.letOne();
		}

		if (wasShut) {
			wakeAll();
		}
	}

	/** A request of these lanes failed. */
	failed(error: RetarusError, ...refused: readonly Lane[]): void {
		const {connection, wakeAll} = this.#context;
		for (const lane of refused) {
			this.#gates[lane].fail(error, error.retryAfterMs);
		}

		const askers = refused.map((lane) => this.#asker(lane));
		if (mayConcernAll(error) && connection().gate.refuse(askers, error, error.retryAfterMs)) {
			// The shared gate has the pause. The lane keeps the error: that others pass does not end it.
			for (const lane of refused) {
				this.#gates[lane].letOne();
			}

			wakeAll();
		}
	}

	/** Nothing of this lane waits any more. */
	forget(lane: Lane): void {
		this.#gates[lane].open();
	}

	/**
	 * Somebody asks for a poll now: the topic does not stand in the way.
	 * @throws RetarusError while the account does, or the service asked for patience
	 */
	insist(now: Instant): void {
		const {gate: shared} = this.#context.connection();
		if (shared.error && shared.remainingMs(this.#asker('polls'), now) > 0) {
			throw shared.error;
		}

		const own = this.#gates.polls;
		if (own.error && mayConcernAll(own.error) && own.remainingMs(now) > 0) {
			throw own.error;
		}

		own.letOne();
	}

	/** What was wrong may have been changed. */
	retry(): void {
		for (const lane of lanes) {
			this.#gates[lane].letOne();
		}
	}

	#asker(lane: Lane): string {
		return `${lane} ${this.#context.name}`;
	}
}

const clean: LaneState = {isClean: true, remainingMs: 0};
const allClean: GateStates = {polls: clean, acknowledgements: clean, trouble: undefined};

/** Whether other topics of the same account would get the same answer. */
const mayConcernAll = (error: RetarusError): boolean =>
	error instanceof RateLimitError || error.scope === 'account' || error.retryAfterMs > 0;
