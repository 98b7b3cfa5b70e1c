/** How many requests does a fax take? */
import {drain} from '../drain';
import type {Question, Result} from '../result';

export const b: Question = async ({isShort, progress}) => {
	const faxes = isShort ? 1000 : 10_000;
	const results: Result[] = [];
	for (const [batchSize, most] of [
		[10, 1.11],
		[50, 1.023],
		[100, 1.013],
	] as const) {
		const {service} = await drain(
			'node-red ours',
			{faxes, documentBytes: 2000, latencyMs: 0},
			{batchSize, maxInFlight: 2 * batchSize, concurrency: 16},
		);
		const measured = (service.exchanges + service.downloads) / faxes;
		progress(`batch ${batchSize}: ${measured.toFixed(4)} requests per fax`);
		results.push({
			question: 'B',
			what: `requests per fax, batch ${batchSize}`,
			measured,
			unit: '',
			against: `floor ${1 + 1 / batchSize}`,
			goal: {most},
		});
	}

	return results;
};
