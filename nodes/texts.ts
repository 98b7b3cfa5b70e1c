/** Sentences in the server's language. */
import type {NodeAPI} from '@node-red/registry';
import {RetarusError, type ErrorReason, type Facts} from '../lib/errors';
import {age} from './age';

const catalogue = '@faxbridge/node-red-retarus-fax/retarus-account:retarus-account.error';

/** A sentence of the catalogue, or the fallback where there is no catalogue, as in Node-RED's test helper. */
const sentence = (RED: NodeAPI, key: string, facts: Facts, otherwise: string): string => {
	const text = RED._(key, facts);
	return text === '' || text.endsWith(key.slice(key.lastIndexOf(':') + 1)) ? otherwise : text;
};

export const errorText = (RED: NodeAPI, reason: ErrorReason, facts: Facts, otherwise: string): string =>
	sentence(RED, `${catalogue}.${reason}`, facts, otherwise);

/**
 * Translates the error for Node-RED and drops its cause. The cause may hold request headers with credentials, and a
 * flow may send `msg.error` anywhere.
 */
export const translated = <Kind extends RetarusError>(RED: NodeAPI, error: Kind): Kind => {
	error.message = errorText(RED, error.reason, error.facts, error.message);
	delete error.cause;
	return error;
};

/** Accepts anything thrown, not only our own errors. */
export const translatedError = (RED: NodeAPI, error: unknown): Error =>
	error instanceof RetarusError ? translated(RED, error) : error instanceof Error ? error : new Error(String(error));

/** A text of the fax in node. */
export const faxInText = (RED: NodeAPI, key: string, facts: Facts, otherwise: string): string =>
	sentence(RED, `@faxbridge/node-red-retarus-fax/retarus-fax-in:retarus-fax-in.${key}`, facts, otherwise);

/** The log line for the end of a trouble. */
export const recoveryText = (RED: NodeAPI, topic: string, error: RetarusError, durationMs: number): string =>
	faxInText(
		RED,
		'log.recovered',
		{topic, duration: age(durationMs), problem: errorText(RED, error.reason, error.facts, error.message)},
		`${topic} works again: ${error.code}`,
	);

/** A text of the fax ack node. */
export const faxAckText = (RED: NodeAPI, key: string, facts: Facts, otherwise: string): string =>
	sentence(RED, `@faxbridge/node-red-retarus-fax/retarus-fax-ack:retarus-fax-ack.${key}`, facts, otherwise);
