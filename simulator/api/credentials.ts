import type {SimulatorAccount} from './options';
import {RequestError} from '../http/reply';

/** Who asks. */
export interface Credentials {
	readonly customerNumber: string;
	readonly password: string;
}

/**
 * Basic authentication, UTF-8, in plain base64 or the URL-safe one of the vendor's Python client; Node's decoder reads both.
 * @throws RequestError 401
 */
export function authenticate(authorization: string | undefined, accounts: readonly SimulatorAccount[]): Credentials {
	const encoded = /^basic +([\w+/=-]+) *$/i.exec(authorization ?? '')?.[1];
	const [customerNumber, ...rest] = Buffer.from(encoded ?? '', 'base64')
		.toString('utf8')
		.split(':');
	const password = rest.join(':');
	const account = accounts.find(
		(candidate) => candidate.customerNumber === customerNumber && candidate.passwords.includes(password),
	);
	if (account === undefined) {
		throw new RequestError(
			401,
			encoded === undefined ? 'Basic authentication is required.' : 'Customer number or password is wrong.',
			{
				'WWW-Authenticate': 'Basic realm="Retarus fax simulator", charset="UTF-8"',
			},
		);
	}
	return {customerNumber: account.customerNumber, password};
}
