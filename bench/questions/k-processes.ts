/** How much faster do several processes drain one topic when the network is the limit? */
import {Client} from '../client';
import type {Work} from '../drain';
import type {Question, Result} from '../result';
import {Service} from '../service';
import {median} from '../statistics';

/** The defaults of fax in, and larger settings for a single process. */
const usual: Work = {batchSize: 10, maxInFlight: 10, concurrency: 16};
const more: Work = {batchSize: 50, maxInFlight: 50, concurrency: 16};
const setting = {documentBytes: 100_000, latencyMs: 150};

interface Pace {
	readonly faxesPerSecond: number;
	/** 1 if no document was fetched twice. */
	readonly downloadsPerFax: number;
}

/** Measures from the start of the last process, because they do not start simultaneously. */
const drainTogether = async (processes: number, faxesEach: number, work: Work): Promise<Pace> => {
	const faxes = faxesEach * processes;
	const service = await Service.start({...setting, faxes});
	const clients: Client[] = [];
	try {
		await Promise.all(
			Array.from({length: processes}, async () => {
				clients.push(await Client.begin('node-red ours', {baseUrl: service.baseUrl, ...work}));
			}),
		);
		const beginMs = Date.now();
		const {acknowledged} = await service.figures();
		const {lastAcknowledgeAtMs, downloads} = await service.drained();
		return {
			faxesPerSecond: (1000 * (faxes - acknowledged)) / (lastAcknowledgeAtMs - beginMs),
			downloadsPerFax: downloads / faxes,
		};
	} finally {
		await Promise.all(clients.map((client) => client.end()));
		await service.end();
	}
};

interface Team {
	readonly processes: number;
	readonly work: Work;
	readonly what: string;
}

const team = (processes: number): Team => ({
	processes,
	work: usual,
	what: `${processes} ${processes === 1 ? 'Node-RED' : 'Node-REDs'} on one topic, 150 ms away`,
});

export const k: Question = async ({rounds, isShort, progress}) => {
	const one = team(1);
	const others = [
		...(isShort ? [2] : [2, 4, 8, 16]).map(team),
		{processes: 1, work: more, what: '1 Node-RED, 50 faxes at once and per poll'},
	];
	const paces = new Map([one, ...others].map((each) => [each, [] as number[]]));
	for (let round = 0; round < rounds; round += 1) {
		for (const [{processes, work, what}, measured] of paces) {
			const {faxesPerSecond, downloadsPerFax} = await drainTogether(processes, isShort ? 60 : 300, work);
			measured.push(faxesPerSecond);
			progress(`${what}: ${faxesPerSecond.toFixed(1)} faxes/s, ${downloadsPerFax.toFixed(2)} downloads per fax`);
		}
	}

	const pace = (each: Team): number => median(paces.get(each) ?? []);
	return [one, ...others].flatMap((each): readonly Result[] => [
		{question: 'K', what: each.what, measured: pace(each), unit: 'faxes/s', against: ''},
		...(each === one
			? []
			: [
					{
						question: 'K',
						what: '  relative to one with the defaults',
						measured: pace(each) / pace(one),
						unit: 'times',
						against: `${pace(one).toFixed(1)} faxes/s`,
						...(each.processes === 4 && {goal: {least: 2}}),
					},
				]),
	]);
};
