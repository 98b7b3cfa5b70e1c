import type {FaxRecord, FaxStateView, RequestRecord, StateView} from '../control/views';
import {client} from './client';

/**
 * The page's copy of the simulator's state.
 * It loads only what has changed since the last update, and estimates the simulator's clock in between.
 */
export class World {
	readonly faxes = new Map<string, FaxRecord>();
	/** The latest requests, by number. */
	readonly requests = new Map<number, RequestRecord>();
	state: StateView | undefined;
	#revision = '';
	#lastRequest = 0;
	#clock = {simulatedMs: 0, takenAt: 0};

	/** Loads the changes. @returns ids of the changed faxes; `undefined` if all faxes were replaced */
	async update(): Promise<readonly string[] | undefined> {
		const asked = performance.now();
		const [state, list, {requests}] = await Promise.all([
			client.state(),
			client.faxes(this.#revision),
			client.requests(this.#lastRequest),
		]);
		this.state = state;
		this.#clock = {simulatedMs: Date.parse(state.now), takenAt: (asked + performance.now()) / 2};
		this.#revision = list.revision;
		if (list.isComplete) {
			this.faxes.clear();
		}
		for (const fax of list.faxes) {
			this.faxes.set(fax.id, fax);
		}
		this.#noteRequests(requests);
		return list.isComplete ? undefined : list.faxes.map(({id}) => id);
	}

	/** The simulator's clock, which runs on between updates. */
	get nowMs(): number {
		return this.#clock.simulatedMs + performance.now() - this.#clock.takenAt;
	}

	/** The state as of now: a lock may have lapsed since the last update. */
	stateOf({state}: FaxRecord): FaxStateView {
		return state.kind === 'locked' && state.untilMs <= this.nowMs ? {kind: 'waiting'} : state;
	}

	/** Stores requests. The next update starts at the first pending one, to learn its outcome. */
	#noteRequests(requests: readonly RequestRecord[]): void {
		for (const request of requests) {
			this.requests.set(request.number, request);
		}
		for (const number of [...this.requests.keys()].slice(0, -1000)) {
			this.requests.delete(number);
		}
		const pending = [...this.requests.values()].find(({outcome}) => outcome.kind === 'pending')?.number;
		this.#lastRequest =
			pending === undefined ? Math.max(this.#lastRequest, ...requests.map(({number}) => number)) : pending - 1;
	}
}
