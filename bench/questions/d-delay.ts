/** How long do other flows wait while a backlog drains? */
import {setTimeout as wait} from 'node:timers/promises';
import {Client} from '../client';
import {alternate, drain, type Work} from '../drain';
import type {Question, Result} from '../result';
import {median} from '../statistics';

const work: Work = {batchSize: 50, maxInFlight: 100, concurrency: 32, watchesDelay: true};
const service = {faxes: 2000, documentBytes: 100_000, latencyMs: 30};
const idleMs = 5000;

export const d: Question = async ({rounds, progress}) => {
	const idle = await Client.begin('node-red idle', {baseUrl: '', ...work});
	await wait(idleMs);
	const {loopDelayMs: atRest} = await idle.figures();
	await idle.end();
	const drains = await alternate(
		rounds,
		{
			bare: () => drain('bare', service, work),
			core: () => drain('core', service, work),
			nodeRed: () => drain('node-red ours', service, work),
		},
		progress,
	);
	const delay = (name: keyof typeof drains, which: 'p50' | 'p99' | 'max'): number =>
		median(drains[name].map(({client}) => client.loopDelayMs[which]));
	const against = (which: 'p50' | 'p99' | 'max'): string =>
		`bare loop ${delay('bare', which).toFixed(1)} ms, idle ${atRest[which].toFixed(1)} ms`;
	const line = (which: 'p50' | 'p99' | 'max', measured: number, what: string, goal?: Result['goal']): Result => ({
		question: 'D',
		what,
		measured,
		unit: 'ms',
		against: against(which),
		...(goal && {goal}),
	});
	return [
		line('p50', delay('nodeRed', 'p50'), 'event-loop delay in Node-RED, median'),
		line('p99', delay('nodeRed', 'p99'), 'event-loop delay in Node-RED, p99', {most: delay('bare', 'p99') + 5}),
		line('max', delay('nodeRed', 'max'), 'event-loop delay in Node-RED, maximum'),
		line('max', delay('core', 'max'), 'event-loop delay of the core, maximum', {most: 10}),
	];
};
