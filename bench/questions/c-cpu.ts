/** How much CPU time does a fax take? */
import {alternate, drain, type Work} from '../drain';
import type {Question, Result} from '../result';
import {median} from '../statistics';

const work: Work = {batchSize: 50, maxInFlight: 100, concurrency: 32};

export const c: Question = async ({rounds, progress}) => {
	const results: Result[] = [];
	for (const [documentBytes, hasGoal] of [
		[100_000, true],
		[10_000, false],
	] as const) {
		// As many as in a real backlog: with few, one-off compilation dominates.
		const service = {faxes: 10_000, documentBytes, latencyMs: 0};
		const drains = await alternate(
			rounds,
			{
				bare: () => drain('bare', service, work),
				core: () => drain('core', service, work),
				nodeRed: () => drain('node-red ours', service, work),
			},
			progress,
		);
		const cpu = (name: keyof typeof drains): number =>
			median(drains[name].map(({client}) => client.cpuMs / service.faxes));
		const size = `${documentBytes / 1000} kB`;
		const against = `${cpu('bare').toFixed(3)} ms`;
		results.push(
			{
				question: 'C',
				what: `CPU per fax of ${size}, core alone`,
				measured: cpu('core') / cpu('bare'),
				unit: 'times',
				against,
				...(hasGoal && {goal: {most: 1.3}}),
			},
			{
				question: 'C',
				what: `CPU per fax of ${size}, in Node-RED`,
				measured: cpu('nodeRed') / cpu('bare'),
				unit: 'times',
				against,
				...(hasGoal && {goal: {most: 1.5}}),
			},
		);
	}

	return results;
};
