import type {ReceiverOptions} from '../../../lib/faxes/receiver-options';
import {Random} from '../../world/random';

/** How a client receives one topic; absent when it only acknowledges there. */
export type Receiving = ReceiverOptions | undefined;

/** The setting of a history, drawn from its seed. */
export interface Scenario {
	readonly topics: readonly string[];
	/** For each client, how it receives each topic. */
	readonly clients: readonly ReadonlyMap<string, Receiving>[];
	readonly faxes: number;
	/** Faults end then. */
	readonly faultsMs: number;
	readonly requestTimeoutMs: number;
	readonly budgetBytes: number;
}

const mebibyte = 1024 * 1024;

const receiver = (random: Random): ReceiverOptions => {
	const processingTimeoutMs = 1000 * random.pick([10, 30, 60, 300]);
	return {
		pollIntervalMs: 1000 * random.pick([5, 15, 30, 60]),
		maxInFlight: random.pick([1, 2, 5, 10, 20]),
		processingTimeoutMs,
		maxDeliveries: random.pick([0, 0, 0, 1, 2, 4]),
		batchSize: random.pick([1, 5, 10, 30]),
		lockTimeoutMs: random.pick([processingTimeoutMs, processingTimeoutMs, 10_000, 30_000, 120_000]),
		maxFaxBytes: 3 * mebibyte,
	};
};

export const drawScenario = (seed: number, faxes: number | undefined): Scenario => {
	const random = new Random(seed, 'scenario');
	const topics = ['orders', 'letters', 'courts'].slice(0, random.pick([1, 1, 1, 1, 2, 3]));
	const clients = Array.from(
		{length: random.pick([1, 1, 1, 2, 2, 3, 4])},
		(_, number) =>
			new Map(topics.map((topic) => [topic, number > 0 && random.chance(0.25) ? undefined : receiver(random)])),
	);
	const drawn = random.integer(50, 100);
	return {
		topics,
		clients,
		faxes: faxes ?? drawn,
		faultsMs: 60_000 * random.integer(5, 30),
		requestTimeoutMs: 1000 * random.pick([5, 10, 30]),
		budgetBytes: random.pick([3 * mebibyte, 5 * mebibyte, 256 * mebibyte]),
	};
};
