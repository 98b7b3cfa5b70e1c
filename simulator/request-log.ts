import type {Phase} from './faults/rule';

/** A request as received, and its outcome. Credentials are never stored. */
export interface LoggedRequest {
	/** Counts from 1 in order of arrival. The events of a fax refer to it. */
	readonly number: number;
	/** Milliseconds since 1970. */
	readonly atMs: number;
	readonly method: string;
	readonly path: string;
	/** Raw, without the question mark. */
	readonly query: string;
	readonly hasAuthorization: boolean;
	/** `undefined` outside the fax API. */
	readonly phase: Phase | undefined;
	readonly outcome: RequestOutcome;
}

export type RequestOutcome =
	| {readonly kind: 'pending'}
	| {readonly kind: 'answered'; readonly status: number}
	/** A fault hit the request. `status` is the one it would have returned; `undefined` if it was not carried out. */
	| {readonly kind: 'struck'; readonly fault: string; readonly status: number | undefined};

type Listener = (request: LoggedRequest) => void;

/**
 * The latest requests. Older ones are dropped but still counted, so that a long run does not fill the memory.
 * A logged request is a live object: its outcome moves from `pending` to the final one after it was handed out.
 * The list grows to twice the limit before it is cut, which keeps `note` cheap on a busy simulator.
 */
export class RequestLog {
	readonly #limit: number;
	#requests: LoggedRequest[] = [];
	#count = 0;
	readonly #listeners = new Set<Listener>();

	/** @param count requests counted in earlier runs */
	constructor(limit: number, count = 0) {
		this.#limit = limit;
		this.#count = count;
	}

	/** All requests ever received, dropped ones included. */
	get count(): number {
		return this.#count;
	}

	/** The latest requests, oldest first. */
	all(): readonly LoggedRequest[] {
		return this.#requests.slice(-this.#limit);
	}

	/** Resolves with the next matching request, after its arrival and before its answer. */
	arrival(matches: (request: LoggedRequest) => boolean = () => true): Promise<LoggedRequest> {
		return new Promise((resolve) => {
			const listener: Listener = (request) => {
				if (matches(request)) {
					this.#listeners.delete(listener);
					resolve(request);
				}
			};
			this.#listeners.add(listener);
		});
	}

	/** Logs a request. @returns its number and a function that records its outcome */
	note(request: Omit<LoggedRequest, 'number' | 'outcome'>): {
		readonly number: number;
		readonly settle: (outcome: RequestOutcome) => void;
	} {
		this.#count += 1;
		let outcome: RequestOutcome = {kind: 'pending'};
		const logged: LoggedRequest = {
			...request,
			number: this.#count,
			get outcome() {
				return outcome;
			},
		};
		this.#requests.push(logged);
		if (this.#requests.length >= 2 * this.#limit) {
			this.#requests = this.#requests.slice(-this.#limit);
		}
		for (const listener of this.#listeners) {
			listener(logged);
		}
		return {
			number: logged.number,
			settle: (settled) => {
				outcome = settled;
			},
		};
	}
}
