import {Process} from './process';

/** What the simulator holds and how it answers. */
export interface ServiceSetting {
	readonly faxes: number;
	readonly documentBytes: number;
	/** Delay of every answer, like the round trip on a real network. */
	readonly latencyMs: number;
	/**
	 * Share of the documents that take ten times as long.
	 * @default 0
	 */
	readonly slowShare?: number;
}

/** What the service has counted. Times are Unix times. */
export interface ServiceFigures {
	readonly exchanges: number;
	readonly downloads: number;
	readonly connections: number;
	readonly acknowledged: number;
	readonly firstRequestAtMs: number;
	readonly lastAcknowledgeAtMs: number;
}

export type ServiceQuestion =
	| {readonly kind: 'start'; readonly setting: ServiceSetting}
	| {readonly kind: 'drained'}
	| {readonly kind: 'figures'}
	| {readonly kind: 'addFax'};

/** The simulator in its own process. */
export class Service {
	readonly baseUrl: string;
	readonly setting: ServiceSetting;
	readonly #process: Process;

	static async start(setting: ServiceSetting): Promise<Service> {
		const process = new Process('service-process');
		return new Service(
			process,
			setting,
			(await process.ask({kind: 'start', setting} satisfies ServiceQuestion)) as string,
		);
	}

	private constructor(process: Process, setting: ServiceSetting, baseUrl: string) {
		this.#process = process;
		this.setting = setting;
		this.baseUrl = baseUrl;
	}

	/** Resolves when every fax is acknowledged. */
	async drained(): Promise<ServiceFigures> {
		return (await this.#process.ask({kind: 'drained'} satisfies ServiceQuestion)) as ServiceFigures;
	}

	async figures(): Promise<ServiceFigures> {
		return (await this.#process.ask({kind: 'figures'} satisfies ServiceQuestion)) as ServiceFigures;
	}

	async addFax(): Promise<void> {
		await this.#process.ask({kind: 'addFax'} satisfies ServiceQuestion);
	}

	end(): Promise<void> {
		return this.#process.end();
	}
}
