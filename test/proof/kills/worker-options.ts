import {isRecord} from '../../../lib/json';

/** What a worker is told at its start. */
export interface WorkerOptions {
	readonly baseUrl: string;
	readonly stateFolder: string;
	/** Where its flow writes {@link FlowLine}s. */
	readonly flowFile: string;
	readonly seed: number;
	/** How many workers came before it. */
	readonly life: number;
	/** Its wall clock is so far ahead of that of the machine, so that locks and rests end without anybody waiting. */
	readonly aheadMs: number;
	readonly maxInFlight: number;
	readonly batchSize: number;
	readonly lockTimeoutMs: number;
	/** Whether its flow fails now and then. */
	readonly givesBack: boolean;
}

/** What the flow of a worker notes, on disk before it goes on. */
export type FlowLine =
	| {readonly type: 'delivered' | 'givenBack'; readonly id: string; readonly delivery: number}
	| {readonly type: 'accepted'; readonly id: string}
	/** Something went wrong that must not. */
	| {readonly type: 'trouble'; readonly text: string};

/** With the number of the worker that wrote it. */
export type NotedLine = FlowLine & {readonly life: number};

const text = (record: Readonly<Record<string, unknown>>, name: string): string => {
	const value = record[name];
	if (typeof value !== 'string') {
		throw new TypeError(`${name} is no text`);
	}

	return value;
};

const number = (record: Readonly<Record<string, unknown>>, name: string): number => {
	const value = record[name];
	if (typeof value !== 'number') {
		throw new TypeError(`${name} is no number`);
	}

	return value;
};

const object = (value: unknown): Readonly<Record<string, unknown>> => {
	if (!isRecord(value)) {
		throw new TypeError('not an object');
	}

	return value;
};

/** @throws TypeError */
export const readWorkerOptions = (message: unknown): WorkerOptions => {
	const value = object(message);
	return {
		baseUrl: text(value, 'baseUrl'),
		stateFolder: text(value, 'stateFolder'),
		flowFile: text(value, 'flowFile'),
		seed: number(value, 'seed'),
		life: number(value, 'life'),
		aheadMs: number(value, 'aheadMs'),
		maxInFlight: number(value, 'maxInFlight'),
		batchSize: number(value, 'batchSize'),
		lockTimeoutMs: number(value, 'lockTimeoutMs'),
		givesBack: value.givesBack === true,
	};
};

/** @throws TypeError */
export const readFlowLine = (json: string): NotedLine => {
	const value = object(JSON.parse(json));
	const life = number(value, 'life');
	const type = text(value, 'type');
	switch (type) {
		case 'delivered':
		case 'givenBack':
			return {type, life, id: text(value, 'id'), delivery: number(value, 'delivery')};
		case 'accepted':
			return {type, life, id: text(value, 'id')};
		case 'trouble':
			return {type, life, text: text(value, 'text')};
		default:
			throw new TypeError(`a line of type ${type}`);
	}
};
