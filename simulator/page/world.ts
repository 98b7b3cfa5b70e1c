import type {FaxRecord, FaxStateView, RequestRecord, StateView} from '../control/views';
import {client} from './client';

/** What the page knows of the simulator. */
export class World {
	readonly faxes = new Map<string, FaxRecord>();
	/** The last requests, by number. */
	readonly requests = new Map<number, RequestRecord>();
	state: StateView | undefined;
	#revision = '';
	#lastRequest = 0;
	#clock = {simulatedMs: 0, takenAt: 0};

	/** Catches up. @returns ids of the faxes that have changed; `undefined` when all are others */
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

	/** The simulator's clock, which goes on between two looks. */
	get nowMs(): number {
		return this.#clock.simulatedMs + performance.now() - this.#clock.takenAt;
	}

	/** A lock that has run out since the last look is none any more. */
	stateOf({state}: FaxRecord): FaxStateView {
		return state.kind === 'locked' && state.untilMs <= this.nowMs ? {kind: 'waiting'} : state;
	}

	/** One that is not answered yet is asked for again. */
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
