import {Client, type ClientFigures, type ClientName, type ClientSetting} from './client';
import {Service, type ServiceFigures, type ServiceSetting} from './service';

export interface Drain {
	/** From the first request to the arrival of the last acknowledgement. */
	readonly ms: number;
	readonly faxesPerSecond: number;
	readonly service: ServiceFigures;
	readonly client: ClientFigures;
	/** Heap in use after a final garbage collection. */
	readonly aliveBytes: number;
}

export type Work = Omit<ClientSetting, 'baseUrl'>;

/** Lets a client drain a topic, with client and service in separate processes. */
export const drain = async (name: ClientName, setting: ServiceSetting, work: Work): Promise<Drain> => {
	const service = await Service.start(setting);
	let client: Client | undefined;
	try {
		client = await Client.begin(name, {baseUrl: service.baseUrl, ...work});
		const figures = await service.drained();
		const ms = figures.lastAcknowledgeAtMs - figures.firstRequestAtMs;
		const measured = await client.figures();
		const {heapBytes} = await client.figures(true);
		return {ms, faxesPerSecond: (1000 * setting.faxes) / ms, service: figures, client: measured, aliveBytes: heapBytes};
	} finally {
		await client?.end();
		await service.end();
	}
};

/** Alternates the clients, so that background load affects them all equally. */
export const alternate = async <Name extends string>(
	rounds: number,
	runs: Readonly<Record<Name, () => Promise<Drain>>>,
	progress: (text: string) => void,
): Promise<Readonly<Record<Name, readonly Drain[]>>> => {
	const names = Object.keys(runs) as Name[];
	const drains = Object.fromEntries(names.map((name) => [name, [] as Drain[]])) as Record<Name, Drain[]>;
	for (let round = 0; round < rounds; round += 1) {
		for (const name of names) {
			const one = await runs[name]();
			drains[name].push(one);
			progress(`${name}: ${one.faxesPerSecond.toFixed(1)} faxes/s`);
		}
	}

	return drains;
};
