/** Sentences in the language of the server. */
import type {NodeAPI} from '@node-red/registry';
import {RetarusError, type ErrorReason, type Facts} from '../lib/errors';

const catalogue = '@faxbridge/node-red-retarus-fax/retarus-account:retarus-account.error';

/** A sentence from the catalogue, or what it falls back to where there is no catalogue: in Node-RED's test helper. */
const sentence = (RED: NodeAPI, key: string, facts: Facts, otherwise: string): string => {
	const text = RED._(key, facts);
	return text === '' || text.endsWith(key.slice(key.lastIndexOf(':') + 1)) ? otherwise : text;
};

export const errorText = (RED: NodeAPI, reason: ErrorReason, facts: Facts, otherwise: string): string =>
	sentence(RED, `${catalogue}.${reason}`, facts, otherwise);

/**
 * The error as Node-RED should see it: its sentence in the language of the server, and without its cause,
 * for what caused it may hold request headers, and `msg.error` goes wherever a flow sends it.
 */
export const translated = <Kind extends RetarusError>(RED: NodeAPI, error: Kind): Kind => {
	error.message = errorText(RED, error.reason, error.facts, error.message);
	delete error.cause;
	return error;
};

/** For what was thrown by none of our classes as well. */
export const translatedError = (RED: NodeAPI, error: unknown): Error =>
	error instanceof RetarusError ? translated(RED, error) : error instanceof Error ? error : new Error(String(error));

/** A text of the fax in node. */
export const faxInText = (RED: NodeAPI, key: string, facts: Facts, otherwise: string): string =>
	sentence(RED, `@faxbridge/node-red-retarus-fax/retarus-fax-in:retarus-fax-in.${key}`, facts, otherwise);

/** A text of the fax ack node. */
export const faxAckText = (RED: NodeAPI, key: string, facts: Facts, otherwise: string): string =>
	sentence(RED, `@faxbridge/node-red-retarus-fax/retarus-fax-ack:retarus-fax-ack.${key}`, facts, otherwise);
