/** Downloads of one fax from a real server, on a manual clock. */
import type {ServerResponse} from 'node:http';
import {ByteBudget} from '../../../lib/documents/byte-budget';
import {Downloads, type Downloaded} from '../../../lib/documents/downloads';
import {SharedGate} from '../../../lib/pacing/shared-gate';
import {Slots} from '../../../lib/pacing/slots';
import type {Connection} from '../../../lib/retarus/connection';
import {documentSegment, listedDocuments} from '../../../lib/retarus/wire';
import {serve, type TestServer} from '../../world/http-server';
import type {Clients} from '../../world/service-client';
import {until, watch, type Outcome} from '../../world/turns';

export const mb = 1024 * 1024;

export const pdf = (size = 100): Buffer =>
	Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(size, 120), Buffer.from('\n%%EOF\n')]);

export type Answer = (response: ServerResponse, attempt: number) => void;

export const whole: Answer = (response) => {
	response.end(pdf());
};

export const status =
	(code: number, headers = {}): Answer =>
	(response) => {
		response.writeHead(code, headers).end();
	};

/** A body that breaks off. */
export const short: Answer = (response) => {
	response.writeHead(200, {'content-length': 600_000});
	response.write('%PDF-1.4');
	setImmediate(() => response.destroy());
};

/** One answer after the other; the last one for all that follow. */
export const answering = (...answers: readonly Answer[]): Promise<TestServer> => {
	let attempt = 0;
	return serve((_, response) => {
		const answer = answers[Math.min(attempt, answers.length - 1)];
		attempt += 1;
		answer?.(response, attempt);
	});
};

export interface Options {
	readonly id?: string;
	readonly maxBytes?: number;
	readonly budget?: ByteBudget;
	readonly lockedForMs?: () => number;
	readonly signal?: AbortSignal;
	readonly slots?: Slots;
	readonly connection?: Connection;
	/** 0: no pause has more than its least length. */
	readonly random?: () => number;
}

export interface Started {
	readonly downloads: Downloads;
	readonly fetched: Promise<Downloaded>;
	readonly outcome: Outcome<Downloaded>;
	readonly budget: ByteBudget;
}

export const connect = (clients: Clients, {origin}: TestServer): Connection => ({
	client: clients.make(origin, {connections: 40}),
	gate: new SharedGate(clients.clock, () => 0),
});

/** @param names of documents, or entries that are none */
export const start = (
	clients: Clients,
	server: TestServer,
	names: readonly unknown[],
	options: Options = {},
): Started => {
	const {id = 'a', maxBytes = 64 * mb, budget = new ByteBudget(256 * mb), slots = new Slots(16)} = options;
	const {lockedForMs = () => 300_000, signal = new AbortController().signal, random = () => 0} = options;
	const {connection = connect(clients, server)} = options;
	const environment = {clock: clients.clock, random, files: undefined as never};
	const documents = listedDocuments({
		documents: names.map((name) => (typeof name === 'string' ? {url: `https://elsewhere/files/${name}`} : name)),
	}).map((document) => documentSegment(document));
	const downloads = new Downloads({connection: () => connection, environment, budget, slots});
	const fetched = downloads.fetch({listing: {id, documents}, topic: 't', maxBytes, lockedForMs, signal});
	return {downloads, fetched, outcome: watch(fetched), budget};
};

const longestPauseMs = 16_000;

/** Lets the pauses between attempts pass, until it is over. */
export const finish = async (clients: Clients, outcome: Outcome<unknown>): Promise<void> => {
	await until(() => {
		const {nextMs} = clients.clock;
		if (nextMs !== undefined && nextMs <= longestPauseMs) {
			clients.clock.advance(nextMs);
		}

		return outcome.state !== 'pending';
	});
};
