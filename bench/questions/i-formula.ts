/** Is the throughput what the line allows? */
import {drain} from '../drain';
import type {Question, Result} from '../result';

/** Documents in parallel, faxes in each poll, and the time of a request, in milliseconds: what limits first. */
const predicted = (concurrency: number, batchSize: number, roundTripMs: number, cpuMs: number): number =>
	1000 * Math.min(concurrency / (roundTripMs + cpuMs), batchSize / (roundTripMs + cpuMs), 1 / cpuMs);

const documentBytes = 20_000;

export const i: Question = async ({progress}) => {
	// What a document costs the processors of this machine, both sides: without latency nothing else limits.
	const free = await drain('node-red ours', {faxes: 1500, documentBytes, latencyMs: 0}, {batchSize: 100, maxInFlight: 200, concurrency: 16});
	const cpuMs = 1000 / free.faxesPerSecond;
	const results: Result[] = [];
	for (const latencyMs of [1, 30, 150]) {
		for (const [batchSize, concurrency] of [[1, 1], [10, 4], [10, 16], [50, 16], [100, 32], [100, 64]] as const) {
			const limit = predicted(concurrency, batchSize, latencyMs, cpuMs);
			const faxes = Math.max(30, Math.min(1500, Math.round(limit * 6)));
			const {faxesPerSecond} = await drain('node-red ours', {faxes, documentBytes, latencyMs}, {batchSize, maxInFlight: concurrency, concurrency});
			progress(`${latencyMs} ms, batch ${batchSize}, concurrency ${concurrency}: ${faxesPerSecond.toFixed(1)} of ${limit.toFixed(1)} faxes/s`);
			results.push({
				question: 'I', what: `throughput at ${latencyMs} ms, batch ${batchSize}, ${concurrency} at once`, measured: 100 * faxesPerSecond / limit, unit: '%',
				against: `formula ${limit.toFixed(1)} faxes/s`, ...(concurrency <= 32 && {goal: {least: concurrency <= 16 ? 85 : 75}}),
			});
		}
	}

	return results;
};
