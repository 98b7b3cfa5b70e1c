/** Turns the typed properties of a fax ack node into its settings. */
import {choiceProblem, flagProblem, isTopic, toFlag, variableProblem} from '../lib/config-checks';
import {ConfigError} from '../lib/errors';
import {ackActions, type AckAction, type FaxAckConfig} from '../lib/node-config';

export interface FaxAckSetup {
	/** Blank to use the account of the fax. */
	readonly account: string;
	/** Blank to use the topic of the fax. */
	readonly topic: string;
	readonly action: AckAction;
	readonly isGuarded: boolean;
}

/** @throws ConfigError for the first invalid property */
export const readFaxAck = (config: FaxAckConfig): FaxAckSetup => {
	const problem =
		choiceProblem('action', config.action, ackActions) ??
		flagProblem('guard', config.guard) ??
		variableProblem('topic', config.topic);
	if (problem) {
		throw new ConfigError(problem.reason, problem.facts);
	}

	if (config.topic !== '' && !isTopic(config.topic)) {
		throw new ConfigError('topicInvalid');
	}

	return {
		account: config.account,
		topic: config.topic,
		action: ackActions.find((action) => action === config.action) ?? 'acknowledge',
		isGuarded: toFlag(config.guard, true),
	};
};
