/** What does the package add to Node-RED's start-up? */
import {Client, type ClientFigures, type ClientName} from '../client';
import type {Question} from '../result';
import {Service} from '../service';
import {median} from '../statistics';

const mebibyte = 1024 * 1024;
const work = {batchSize: 10, maxInFlight: 10, concurrency: 16};

const start = async (name: ClientName, baseUrl: string): Promise<ClientFigures> => {
	const client = await Client.begin(name, {baseUrl, ...work});
	const figures = await client.figures(true);
	await client.end();
	return figures;
};

export const g: Question = async ({rounds, progress}) => {
	const without: ClientFigures[] = [];
	const installed: ClientFigures[] = [];
	const firstRequest: number[] = [];
	for (let round = 0; round < 2 * rounds; round += 1) {
		without.push(await start('node-red without', ''));
		installed.push(await start('node-red idle', ''));
		const service = await Service.start({faxes: 1, documentBytes: 1000, latencyMs: 0});
		const client = await Client.begin('node-red ours', {baseUrl: service.baseUrl, ...work});
		const {firstRequestAtMs} = await service.drained();
		firstRequest.push(firstRequestAtMs - (await client.figures()).begunAtMs);
		await client.end();
		await service.end();
		progress(
			[
				`start-up ${without.at(-1)?.startedAfterMs.toFixed(0)} ms without`,
				`${installed.at(-1)?.startedAfterMs.toFixed(0)} ms with the package`,
				`first request after ${firstRequest.at(-1)} ms`,
			].join(', '),
		);
	}

	const startMs = (all: readonly ClientFigures[]): number => median(all.map(({startedAfterMs}) => startedAfterMs));
	const memory = (all: readonly ClientFigures[]): number =>
		median(all.map(({residentBytes}) => residentBytes)) / mebibyte;
	return [
		{
			question: 'G',
			what: 'added to start-up time',
			measured: startMs(installed) - startMs(without),
			unit: 'ms',
			against: `${startMs(without).toFixed(0)} ms`,
			goal: {most: 20},
		},
		{
			question: 'G',
			what: 'added to memory',
			measured: memory(installed) - memory(without),
			unit: 'MB',
			against: `${memory(without).toFixed(0)} MB`,
			goal: {most: 5},
		},
		{
			question: 'G',
			what: 'from the start of the flows to the first request',
			measured: median(firstRequest),
			unit: 'ms',
			against: '',
			goal: {most: 150},
		},
	];
};
