import type {Phase} from './faults/faults';

/** A request as it came, and what became of it. No password is kept. */
export interface LoggedRequest {
	/** From 1, in the order of arrival; the event log of a fax refers to it. */
	readonly number: number;
	/** Milliseconds since 1970. */
	readonly atMs: number;
	readonly method: string;
	readonly path: string;
	/** Raw, without the question mark. */
	readonly query: string;
	readonly hasAuthorization: boolean;
	/** `undefined` for requests that are none of the API. */
	readonly phase: Phase | undefined;
	readonly outcome: RequestOutcome;
}

export type RequestOutcome =
	| {readonly kind: 'pending'}
	| {readonly kind: 'answered'; readonly status: number}
	/** A fault struck; `status` is what the request would have been answered, if it was carried out. */
	| {readonly kind: 'struck'; readonly fault: string; readonly status: number | undefined};

type Listener = (request: LoggedRequest) => void;

/** The last requests; older ones are dropped, only counted. */
export class RequestLog {
	readonly #limit: number;
	#requests: LoggedRequest[] = [];
	#count = 0;
	readonly #listeners = new Set<Listener>();

	/** @param count how many there were before */
	constructor(limit: number, count = 0) {
		this.#limit = limit;
		this.#count = count;
	}

	/** How many requests came since the start. */
	get count(): number {
		return this.#count;
	}

	/** The last requests, oldest first. */
	all(): readonly LoggedRequest[] {
		return this.#requests.slice(-this.#limit);
	}

	/** Resolves with the next request that matches, as soon as it has arrived and before it is answered. */
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

	/** Notes a request. @returns its number, and a function to be called with what became of it */
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
