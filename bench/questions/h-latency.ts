/** How soon does a fax arrive, and how soon is it acknowledged? */
import {Client} from '../client';
import type {Question, Result} from '../result';
import {Service} from '../service';
import {median} from '../statistics';

const latencyMs = 30;
const faxes = 20;

export const h: Question = async ({progress}) => {
	const service = await Service.start({faxes: 0, documentBytes: 100_000, latencyMs});
	const client = await Client.begin('node-red ours', {
		baseUrl: service.baseUrl,
		batchSize: 10,
		maxInFlight: 10,
		concurrency: 16,
		isOnDemand: true,
	});
	const toMessage: number[] = [];
	const toConfirmed: number[] = [];
	// The first fax opens the connections and does not count.
	for (let number = 0; number <= faxes; number += 1) {
		await service.addFax();
		const {toMessageMs, toConfirmedMs} = await client.oneFax();
		if (number > 0) {
			toMessage.push(toMessageMs);
			toConfirmed.push(toConfirmedMs);
		}
	}

	await client.end();
	await service.end();
	progress(`message after ${median(toMessage).toFixed(1)} ms, confirmed ${median(toConfirmed).toFixed(1)} ms later`);
	const line = (what: string, measured: number, most: number): Result => ({
		question: 'H',
		what,
		measured,
		unit: 'ms',
		against: `round trip ${latencyMs} ms`,
		goal: {most},
	});
	return [
		line('from the poll to the message', median(toMessage), 2 * latencyMs + 10),
		line('from fax ack to the confirmation', median(toConfirmed), 2 * latencyMs + 250),
	];
};
