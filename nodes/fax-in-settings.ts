/** Turns the typed properties of a fax in node into the options of the core. */
import {ConfigError} from '../lib/errors';
import {
	choiceProblem,
	numberProblem,
	pollIntervalProblem,
	toNumber,
	topicProblem,
	type Problem,
} from '../lib/config-checks';
import {messagePerChoices, type FaxInConfig, type MessagePer, type NumberProperty} from '../lib/node-config';
import type {ReceiverOptions} from '../lib/faxes/receiver-options';

export interface FaxInSetup {
	readonly topic: string;
	readonly messagePer: MessagePer;
	readonly receiver: ReceiverOptions;
}

/** @throws ConfigError for the first invalid property */
export const readFaxIn = (config: FaxInConfig): FaxInSetup => {
	refuse(topicProblem(config.topic));
	refuse(pollIntervalProblem(config.pollInterval, config.inputs));
	refuse(choiceProblem('messagePer', config.messagePer, messagePerChoices));
	const number = (property: Exclude<NumberProperty, 'requestTimeout' | 'keptDays'>): number => {
		refuse(numberProblem(property, config[property]));
		return toNumber(property, config[property]) ?? 0;
	};

	const processingTimeoutMs = number('processingTimeout') * 1000;
	const lockTimeoutMs = number('lockTimeout') * 1000;
	return {
		topic: config.topic,
		messagePer: config.messagePer === 'document' ? 'document' : 'fax',
		receiver: {
			pollIntervalMs: number('pollInterval') * 1000,
			maxInFlight: number('maxInFlight'),
			processingTimeoutMs,
			maxDeliveries: number('maxDeliveries'),
			batchSize: number('batchSize'),
			lockTimeoutMs: lockTimeoutMs === 0 ? processingTimeoutMs : lockTimeoutMs,
			maxFaxBytes: number('maxFaxSize') * 1024 * 1024,
		},
	};
};

const refuse = (problem: Problem | undefined): void => {
	if (problem) {
		throw new ConfigError(problem.reason, problem.facts);
	}
};
