import {Process} from './process';

/** A script in `clients/`; for Node-RED also the flow it runs, or `without` this package. */
export type ClientName = 'bare' | 'serial' | 'core' | `node-red ${'ours' | 'core-nodes' | 'idle' | 'without'}`;

/** A client's settings, named as in fax in. */
export interface ClientSetting {
	readonly baseUrl: string;
	readonly batchSize: number;
	readonly maxInFlight: number;
	/** Parallel downloads. Ignored in Node-RED, where the package sets its own limit. */
	readonly concurrency: number;
	/** @default 30_000 */
	readonly pollIntervalMs?: number;
	/**
	 * Maximum size of a fax, in MB.
	 * @default 64
	 */
	readonly maxFaxSize?: number;
	/**
	 * Polls only on demand.
	 * @default false
	 */
	readonly isOnDemand?: boolean;
	/**
	 * Measures the event-loop delay, which itself costs some CPU time.
	 * @default false
	 */
	readonly watchesDelay?: boolean;
}

/** A client's figures since it began work. */
export interface ClientFigures {
	readonly cpuMs: number;
	/** Peak resident memory of the process. */
	readonly peakBytes: number;
	readonly residentBytes: number;
	readonly heapBytes: number;
	/** Meaningful only with `watchesDelay`. */
	readonly loopDelayMs: {readonly p50: number; readonly p99: number; readonly max: number};
	readonly activeResources: number;
	/** When the flows started or the loop began, in Unix time. */
	readonly begunAtMs: number;
	/** Time from the start of the process to `begunAtMs`. */
	readonly startedAfterMs: number;
}

/** How long one fax took, for question H. */
export interface Latency {
	readonly toMessageMs: number;
	readonly toConfirmedMs: number;
}

export type ClientQuestion =
	| {readonly kind: 'begin'; readonly setting: ClientSetting}
	| {readonly kind: 'figures'; readonly collectsGarbage: boolean}
	| {readonly kind: 'oneFax'};

/** A client in its own process. */
export class Client {
	readonly #process: Process;

	static async begin(client: ClientName, setting: ClientSetting): Promise<Client> {
		const [script = '', flow = ''] = client.split(' ');
		const process = new Process(`clients/${script}`, {BENCHMARK_FLOW: flow});
		await process.ask({kind: 'begin', setting} satisfies ClientQuestion);
		return new Client(process);
	}

	private constructor(process: Process) {
		this.#process = process;
	}

	async figures(collectsGarbage = false): Promise<ClientFigures> {
		return (await this.#process.ask({kind: 'figures', collectsGarbage} satisfies ClientQuestion)) as ClientFigures;
	}

	/** Polls for the one waiting fax and acknowledges it. */
	async oneFax(): Promise<Latency> {
		return (await this.#process.ask({kind: 'oneFax'} satisfies ClientQuestion)) as Latency;
	}

	end(): Promise<void> {
		return this.#process.end();
	}
}
