/** How much memory does a backlog take? */
import {setTimeout as wait} from 'node:timers/promises';
import {Client} from '../client';
import {drain} from '../drain';
import type {Question, Result} from '../result';
import {median} from '../statistics';

const mebibyte = 1024 * 1024;
/** The most document bytes the package holds per process. */
const budgetBytes = 256 * mebibyte;
const work = {batchSize: 10, maxInFlight: 10, concurrency: 16, maxFaxSize: 64};

const sizes = [
	{faxes: 1000, documentBytes: 100_000},
	{faxes: 10_000, documentBytes: 100_000},
	{faxes: 60, documentBytes: 5_000_000},
	{faxes: 20, documentBytes: 50_000_000},
];

const baseline = async (): Promise<number> => {
	const idle = await Client.begin('node-red idle', {baseUrl: '', ...work});
	await wait(2000);
	const {peakBytes} = await idle.figures();
	await idle.end();
	return peakBytes;
};

export const e: Question = async ({rounds, isShort, progress}) => {
	const atRest = await baseline();
	const peaks: number[] = [];
	const alive: number[] = [];
	const results: Result[] = [];
	for (const {faxes, documentBytes} of isShort ? sizes.slice(0, 1).map((size) => ({...size, faxes: 300})) : sizes) {
		const runs: number[] = [];
		const aliveRuns: number[] = [];
		for (let round = 0; round < Math.min(rounds, 3); round += 1) {
			const {client, aliveBytes} = await drain('node-red ours', {faxes, documentBytes, latencyMs: 0}, work);
			runs.push(client.peakBytes);
			aliveRuns.push(aliveBytes);
			progress(`${faxes} x ${documentBytes / 1000} kB: ${(client.peakBytes / mebibyte).toFixed(0)} MB`);
		}

		const peak = median(runs);
		peaks.push(peak);
		alive.push(median(aliveRuns));
		const inFlight = Math.min(budgetBytes, work.maxInFlight * documentBytes);
		results.push({
			question: 'E',
			what: `peak memory above idle Node-RED, ${faxes.toLocaleString('en-US')} faxes of ${documentBytes / 1000} kB`,
			measured: (peak - atRest) / mebibyte,
			unit: 'MB',
			against: `idle ${(atRest / mebibyte).toFixed(0)} MB; in flight ${(inFlight / mebibyte).toFixed(0)} MB`,
			goal: {most: (1.5 * inFlight) / mebibyte + 40},
		});
	}

	const of = ([few, many]: readonly number[], what: string, goal?: Result['goal']): readonly Result[] =>
		few === undefined || many === undefined
			? []
			: [
					{
						question: 'E',
						what: `${what} at 10,000 faxes, relative to 1,000`,
						measured: many / few,
						unit: 'times',
						against: `${(few / mebibyte).toFixed(1)} MB`,
						...(goal && {goal}),
					},
				];
	return [...results, ...of(peaks, 'peak', {most: 1.1}), ...of(alive, 'heap after garbage collection')];
};
