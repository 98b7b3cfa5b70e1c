/** The last gate before the wire: what must hold of every exchange, checked in production too. */
import {StateError} from '../errors';
import type {Ledger} from '../ledger/ledger';
import type {Exchange, ParsedAnswer} from '../retarus/wire';

/** Sends an exchange. */
export type Send = (exchange: Exchange, timeoutMs: number, signal: AbortSignal) => Promise<ParsedAnswer>;

/**
 * Two invariants that the promise stands on. An id enters a request only after an ack node asked for it and the ledger
 * has it, durably; and a topic has one exchange under way at most, so that no poll can race an acknowledgement. A step
 * that would break one is not sent: it fails like an exchange that failed, is reported once, and loses nothing.
 */
export class CheckedExchange {
	readonly #ledger: Pick<Ledger, 'isUsable' | 'settlement'>;
	#isUnderWay = false;

	constructor(ledger: Pick<Ledger, 'isUsable' | 'settlement'>) {
		this.#ledger = ledger;
	}

	/** @throws StateError when it must not be sent, and what `send` throws */
	async send(exchange: Exchange, send: Send, timeoutMs: number, signal: AbortSignal): Promise<ParsedAnswer> {
		const {ids} = exchange;
		if (this.#isUnderWay) {
			throw broken('one exchange at a time');
		}

		if (ids.length > 0 && !this.#ledger.isUsable) {
			throw broken('acknowledgements are durable before they are sent');
		}

		if (ids.some((id) => this.#ledger.settlement(id) === undefined)) {
			throw broken('acknowledgements are accepted before they are sent');
		}

		this.#isUnderWay = true;
		try {
			return await send(exchange, timeoutMs, signal);
		} finally {
			this.#isUnderWay = false;
		}
	}
}

const broken = (invariant: string): StateError => new StateError('invariantBroken', {invariant});
