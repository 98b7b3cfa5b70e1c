/** How much faster do several processes drain one topic, while the line is the limit? */
import {Client} from '../client';
import type {Work} from '../drain';
import type {Question, Result} from '../result';
import {Service} from '../service';
import {median} from '../statistics';

/** The defaults of fax in. */
const work: Work = {batchSize: 10, maxInFlight: 10, concurrency: 16};
const setting = {documentBytes: 100_000, latencyMs: 150};

interface Pace {
	readonly faxesPerSecond: number;
	/** 1 when no document was fetched twice. */
	readonly downloadsPerFax: number;
}

/** Counts only from when the last process has begun, for they do not start in the same moment. */
const drainTogether = async (processes: number, faxesEach: number): Promise<Pace> => {
	const faxes = faxesEach * processes;
	const service = await Service.start({...setting, faxes});
	const clients: Client[] = [];
	try {
		await Promise.all(Array.from({length: processes}, async () => {
			clients.push(await Client.begin('node-red ours', {baseUrl: service.baseUrl, ...work}));
		}));
		const beginMs = Date.now();
		const {acknowledged} = await service.figures();
		const {lastAcknowledgeAtMs, downloads} = await service.drained();
		return {faxesPerSecond: 1000 * (faxes - acknowledged) / (lastAcknowledgeAtMs - beginMs), downloadsPerFax: downloads / faxes};
	} finally {
		await Promise.all(clients.map(client => client.end()));
		await service.end();
	}
};

export const k: Question = async ({rounds, isShort, progress}) => {
	const counts = isShort ? [1, 2] : [1, 2, 4, 8];
	const paces = new Map(counts.map(count => [count, [] as Pace[]]));
	for (let round = 0; round < rounds; round += 1) {
		for (const [count, measured] of paces) {
			const pace = await drainTogether(count, isShort ? 60 : 500);
			measured.push(pace);
			progress(`${count} processes: ${pace.faxesPerSecond.toFixed(1)} faxes/s, ${pace.downloadsPerFax.toFixed(2)} downloads for each fax`);
		}
	}

	const [one = Number.NaN] = [...paces.values()].map(measured => median(measured.map(({faxesPerSecond}) => faxesPerSecond)));
	return [...paces].flatMap(([count, measured]): readonly Result[] => {
		const together = median(measured.map(({faxesPerSecond}) => faxesPerSecond));
		const pace = {question: 'K', what: `${count} Node-RED on one topic, 150 ms away`, measured: together, unit: 'faxes/s', against: ''};
		const times = {question: 'K', what: '  of one Node-RED', measured: together / one, unit: 'times', against: `${one.toFixed(1)} faxes/s`, ...(count === 4 && {goal: {least: 2}})};
		return count === 1 ? [pace] : [pace, times];
	});
};
