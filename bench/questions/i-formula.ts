/** Does the throughput reach what the network allows? */
import {drain} from '../drain';
import type {Question, Result} from '../result';
import {median} from '../statistics';

/** Faxes per second at the tightest limit: parallel downloads, faxes per poll, or CPU time per document. */
const predicted = (concurrency: number, batchSize: number, roundTripMs: number, cpuMs: number): number =>
	1000 * Math.min(concurrency / roundTripMs, batchSize / roundTripMs, 1 / cpuMs);

const documentBytes = 20_000;
const combinations = [
	[1, 1],
	[10, 4],
	[10, 16],
	[50, 16],
	[100, 32],
	[100, 64],
] as const;

/**
 * Measures all combinations in every round, so that background load affects them equally.
 * Measures the core alone, because in Node-RED the number of parallel downloads is fixed.
 */
export const i: Question = async ({rounds, progress}) => {
	const results: Result[] = [];
	for (const latencyMs of [1, 30, 150]) {
		const roundTrips: number[] = [];
		const cpuTimes: number[] = [];
		const paces = new Map(
			combinations.map((combination) => [combination, [] as {readonly pace: number; readonly limit: number}[]]),
		);
		for (let round = 0; round < rounds; round += 1) {
			// The duration of a single request: measured, because a timer of 1 ms takes longer than 1 ms.
			const few = latencyMs === 150 ? 15 : 60;
			const serial = await drain(
				'serial',
				{faxes: few, documentBytes, latencyMs},
				{batchSize: few, maxInFlight: few, concurrency: 1},
			);
			const roundTripMs = serial.ms / (few + 1);
			// The CPU time of a document, on both sides: without latency nothing else is a limit.
			const cpuMs =
				1000 /
				(
					await drain(
						'core',
						{faxes: 3000, documentBytes, latencyMs: 0},
						{batchSize: 100, maxInFlight: 400, concurrency: 16},
					)
				).faxesPerSecond;
			roundTrips.push(roundTripMs);
			cpuTimes.push(cpuMs);
			for (const [combination, measured] of paces) {
				const [batchSize, concurrency] = combination;
				const limit = predicted(concurrency, batchSize, roundTripMs, cpuMs);
				const faxes = Math.max(40, Math.min(4000, Math.round(limit * 3)));
				const work = {batchSize, maxInFlight: 2 * (batchSize + concurrency), concurrency};
				const {faxesPerSecond} = await drain('core', {faxes, documentBytes, latencyMs}, work);
				measured.push({pace: faxesPerSecond, limit});
				progress(
					`${latencyMs} ms, batch ${batchSize}, concurrency ${concurrency}: ` +
						`${faxesPerSecond.toFixed(1)} of ${limit.toFixed(1)} faxes/s`,
				);
			}
		}

		for (const [[batchSize, concurrency], measured] of paces) {
			results.push({
				question: 'I',
				what: `throughput at ${latencyMs} ms, batch ${batchSize}, ${concurrency} at once`,
				measured: 100 * median(measured.map(({pace, limit}) => pace / limit)),
				unit: '%',
				against: `formula ${median(measured.map(({limit}) => limit)).toFixed(1)} faxes/s`,
				...(concurrency <= 32 && {goal: {least: concurrency <= 16 ? 85 : 75}}),
			});
		}

		progress(
			`${latencyMs} ms: a request takes ${median(roundTrips).toFixed(2)} ms, ` +
				`a document ${median(cpuTimes).toFixed(2)} ms of CPU`,
		);
	}

	return results;
};
