/** Whether a request may go: 401 stops the account, 403 and 404 the topic, what the service asks for by Retry-After all; the rest backs off. */
import {AuthError, needsPerson, RateLimitError, ServiceError, StateError, type RetarusError} from '../errors';
import {Gate} from '../pacing/gate';
import type {TopicContext} from '../faxes/context';

export class Breaker {
	readonly #context: TopicContext;
	readonly #gate: Gate;

	constructor(context: TopicContext) {
		this.#context = context;
		this.#gate = new Gate(context.environment.clock, context.environment.random);
	}

	/** Why nothing goes, or went last; `undefined` once something went through. */
	get error(): RetarusError | undefined {
		return this.#context.connection().gate.error ?? this.#gate.error;
	}

	/** 0 when a request may go. */
	get remainingMs(): number {
		return Math.max(this.#gate.remainingMs, this.#context.connection().gate.remainingMs);
	}

	/** A request is on its way. If it is the one that finds out, the other topics of the account wait for what it finds. */
	started(): void {
		const {gate, client} = this.#context.connection();
		gate.hold(client.requestTimeoutMs);
	}

	succeeded(): void {
		const {connection, wakeAll} = this.#context;
		const accountGate = connection().gate;
		this.#gate.open();
		if (accountGate.error) {
			accountGate.open();
			wakeAll();
		}
	}

	/** @param atLeastMs before the next try */
	failed(error: RetarusError, atLeastMs = 0): void {
		const {connection, wakeAll} = this.#context;
		const accountGate = connection().gate;
		if (error instanceof AuthError && error.scope === 'account') {
			accountGate.probeSlowly(error);
			wakeAll();
		} else if (error instanceof RateLimitError || (error instanceof ServiceError && error.retryAfterMs > 0)) {
			accountGate.backOff(error, error.retryAfterMs);
			wakeAll();
		} else if (needsPerson(error) && !(error instanceof StateError)) {
			this.#gate.probeSlowly(error);
		} else {
			this.#gate.backOff(error, atLeastMs);
		}
	}

	/**
	 * Somebody asks for a request now: the topic does not stand in the way.
	 * @throws RetarusError while the account does
	 */
	insist(): void {
		const accountGate = this.#context.connection().gate;
		if (accountGate.error && accountGate.remainingMs > 0) {
			throw accountGate.error;
		}

		this.#gate.letOne();
	}

	/** What was wrong may have been changed. */
	retry(): void {
		this.#gate.letOne();
	}
}
