import {Process} from './process';

/** Each a script in clients/; Node-RED with one flow or the other, and without this package. */
export type ClientName = 'bare' | 'serial' | 'core' | `node-red ${'ours' | 'core-nodes' | 'idle' | 'without'}`;

/** How a client works, in the words of fax in. */
export interface ClientSetting {
	readonly baseUrl: string;
	readonly batchSize: number;
	readonly maxInFlight: number;
	/** Documents at the same time. In Node-RED the package has its own. */
	readonly concurrency: number;
	readonly pollIntervalMs?: number;
	/** MB for one fax. */
	readonly maxFaxSize?: number;
	/** Polls only when asked. */
	readonly isOnDemand?: boolean;
	/** Measures the delay of the event loop, which itself takes some of the processor. */
	readonly watchesDelay?: boolean;
}

/** Since the client began to work. */
export interface ClientFigures {
	readonly cpuMs: number;
	/** The most memory the process ever had. */
	readonly peakBytes: number;
	readonly residentBytes: number;
	readonly heapBytes: number;
	/** Where it was watched. */
	readonly loopDelayMs: {readonly p50: number; readonly p99: number; readonly max: number};
	readonly activeResources: number;
	/** Milliseconds since 1970: the flows were started, or the loop begun. */
	readonly begunAtMs: number;
	/** From the start of the process. */
	readonly startedAfterMs: number;
}

/** How long a fax took, for question H. */
export interface Latency {
	readonly toMessageMs: number;
	readonly toConfirmedMs: number;
}

export type ClientQuestion =
	| {readonly kind: 'begin'; readonly setting: ClientSetting}
	| {readonly kind: 'figures'; readonly collectsGarbage?: boolean}
	| {readonly kind: 'oneFax'};

/** A client in a process of its own. */
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

	/** Polls for the one fax that waits and acknowledges it. */
	async oneFax(): Promise<Latency> {
		return (await this.#process.ask({kind: 'oneFax'} satisfies ClientQuestion)) as Latency;
	}

	end(): Promise<void> {
		return this.#process.end();
	}
}
