import type {SimulatorAccount} from './options';
import {RequestError} from '../http/reply';

/** The sender of a request. */
export interface Credentials {
	readonly customerNumber: string;
	readonly password: string;
}

const challenge = {'WWW-Authenticate': 'Basic realm="Retarus fax simulator", charset="UTF-8"'} as const;

/**
 * Reads Basic credentials without checking them. They are UTF-8 in plain base64 or, as the vendor's Python client
 * sends them, URL-safe base64; Node's decoder reads both.
 */
export function claimedCredentials(authorization: string | undefined): Credentials | undefined {
	const encoded = /^basic +([\w+/=-]+) *$/i.exec(authorization ?? '')?.[1];
	if (encoded === undefined) {
		return undefined;
	}
	const [customerNumber = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
	return {customerNumber, password: password.join(':')};
}

/** @throws RequestError 401 */
export function authenticate(authorization: string | undefined, accounts: readonly SimulatorAccount[]): Credentials {
	const claimed = claimedCredentials(authorization);
	if (claimed === undefined) {
		throw new RequestError(401, 'Basic authentication is required.', challenge);
	}
	const isKnown = accounts.some(
		({customerNumber, passwords}) => customerNumber === claimed.customerNumber && passwords.includes(claimed.password),
	);
	if (!isKnown) {
		throw new RequestError(401, 'The customer number or the password is wrong.', challenge);
	}
	return claimed;
}
