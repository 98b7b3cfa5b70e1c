/** What does an empty topic cost? */
import {setTimeout as wait} from 'node:timers/promises';
import {Client, type ClientName} from '../client';
import type {Question} from '../result';
import {Service} from '../service';

const intervalMs = 1000;
const minuteMs = 60_000;

const idle = async (
	name: ClientName,
): Promise<{readonly cpuMs: number; readonly requests: number; readonly connections: number}> => {
	const service = await Service.start({faxes: 0, documentBytes: 0, latencyMs: 0});
	const client = await Client.begin(name, {
		baseUrl: service.baseUrl,
		batchSize: 10,
		maxInFlight: 10,
		concurrency: 16,
		pollIntervalMs: intervalMs,
	});
	// The first polls load modules, which happens only once.
	await wait(3 * intervalMs);
	const [before, clientBefore] = [await service.figures(), await client.figures()];
	await wait(minuteMs);
	const [after, clientAfter] = [await service.figures(), await client.figures()];
	await client.end();
	await service.end();
	return {
		cpuMs: clientAfter.cpuMs - clientBefore.cpuMs,
		requests: after.exchanges - before.exchanges,
		connections: after.connections,
	};
};

export const f: Question = async ({progress}) => {
	// All in the same minute: none of them does much.
	const [polling, atRest, bare] = await Promise.all([idle('node-red ours'), idle('node-red idle'), idle('bare')]);
	const intervals = minuteMs / intervalMs;
	progress(
		[
			`${polling.requests} polls took ${polling.cpuMs.toFixed(0)} ms of CPU`,
			`idle Node-RED ${atRest.cpuMs.toFixed(0)} ms`,
			`${bare.requests} polls of the bare loop ${bare.cpuMs.toFixed(0)} ms`,
		].join(', '),
	);
	const perPoll = (polling.cpuMs - atRest.cpuMs) / polling.requests;
	const hourAt30 = 120 * perPoll;
	return [
		{
			question: 'F',
			what: `requests in ${intervals} intervals`,
			measured: polling.requests,
			unit: '',
			against: `${intervals}`,
			goal: {least: intervals - 1, most: intervals + 1},
		},
		{question: 'F', what: 'connections', measured: polling.connections, unit: '', against: '1', goal: {most: 1}},
		{
			question: 'F',
			what: 'CPU per empty poll',
			measured: perPoll,
			unit: 'ms',
			against: `idle Node-RED; bare loop ${(bare.cpuMs / bare.requests).toFixed(1)} ms`,
			goal: {most: 1},
		},
		{
			question: 'F',
			what: 'CPU per hour at one poll every 30 s',
			measured: hourAt30,
			unit: 'ms',
			against: 'idle Node-RED',
		},
	];
};
