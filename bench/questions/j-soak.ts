/** Does memory grow over an hour? */
import {setTimeout as wait} from 'node:timers/promises';
import {Client, type ClientFigures} from '../client';
import type {Question} from '../result';
import {Service} from '../service';

const mebibyte = 1024 * 1024;
const warmUpMs = 60_000;
const faxesPerMinute = 300;

/** Growth per hour, by least squares. */
const slopePerHour = (points: readonly (readonly [atMs: number, value: number])[]): number => {
	const meanAt = points.reduce((sum, [at]) => sum + at, 0) / points.length;
	const meanValue = points.reduce((sum, [, value]) => sum + value, 0) / points.length;
	const above = points.reduce((sum, [at, value]) => sum + (at - meanAt) * (value - meanValue), 0);
	const below = points.reduce((sum, [at]) => sum + (at - meanAt) ** 2, 0);
	return (3_600_000 * above) / below;
};

export const j: Question = async ({minutes, progress}) => {
	const service = await Service.start({faxes: 0, documentBytes: 100_000, latencyMs: 5});
	const client = await Client.begin('node-red ours', {
		baseUrl: service.baseUrl,
		batchSize: 10,
		maxInFlight: 10,
		concurrency: 16,
		pollIntervalMs: 1000,
	});
	const begin = performance.now();
	const heap: (readonly [number, number])[] = [];
	const figures: ClientFigures[] = [];
	while (performance.now() - begin < 60_000 * minutes) {
		await service.addFax();
		await wait(60_000 / faxesPerMinute);
		const atMs = performance.now() - begin;
		if (atMs > warmUpMs && atMs - (heap.at(-1)?.[0] ?? 0) > 15_000) {
			const now = await client.figures(true);
			figures.push(now);
			heap.push([atMs, now.heapBytes]);
			progress(
				`${(atMs / 60_000).toFixed(0)} min: ${(now.heapBytes / mebibyte).toFixed(2)} MB of heap, ` +
					`${now.activeResources} resources`,
			);
		}
	}

	await client.end();
	await service.end();
	const growth = slopePerHour(heap);
	return [
		{
			question: 'J',
			what: `heap growth over ${minutes} min`,
			measured: growth / mebibyte,
			unit: 'MB/h',
			against: `${faxesPerMinute} faxes per minute`,
			goal: {most: 0.5},
		},
		{
			question: 'J',
			what: 'heap growth per fax, which the ledger remembers for eight days',
			measured: growth / (60 * faxesPerMinute),
			unit: 'bytes',
			against: '',
		},
		{
			question: 'J',
			what: 'additional open handles and timers at the end',
			measured: (figures.at(-1)?.activeResources ?? 0) - (figures[0]?.activeResources ?? 0),
			unit: '',
			against: `${figures[0]?.activeResources ?? 0} at the start`,
			goal: {most: 5},
		},
	];
};
