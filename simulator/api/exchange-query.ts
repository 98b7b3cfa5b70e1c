import {RequestError} from '../http/reply';
import {decode} from './route';
import type {Switches} from './switches';

/** The parsed query of an exchange. */
export interface ExchangeQuery {
	/** Maximum number of faxes to list; 0 only acknowledges. */
	readonly fetch: number;
	readonly timeoutSeconds: number;
	/** Ids to acknowledge. */
	readonly ids: readonly string[];
}

/** Default from the manual. */
const defaultTimeoutSeconds = 60;

/**
 * Parses `fetch=10&timeout=300&ids=a,b` like a form, where `+` means a space.
 * Ignores other parameters, such as the stray `toString=` of the vendor's client.
 * @throws RequestError 400
 */
export function parseExchangeQuery(query: string, switches: Switches): ExchangeQuery {
	const parameters = new Map<string, string>();
	for (const pair of query.split('&')) {
		const [name = '', ...value] = pair.split('=');
		const earlier = name === 'ids' ? parameters.get(name) : undefined;
		parameters.set(name, earlier === undefined ? value.join('=') : `${earlier},${value.join('=')}`);
	}
	const fetch = parameters.get('fetch');
	if (fetch === undefined) {
		throw new RequestError(400, 'The parameter fetch is missing.');
	}
	return {
		fetch: parseCount('fetch', fetch, switches.maximumFetch, switches),
		timeoutSeconds: parseCount(
			'timeout',
			parameters.get('timeout') ?? String(defaultTimeoutSeconds),
			switches.maximumTimeoutSeconds,
			switches,
		),
		ids: parseIds(parameters.get('ids') ?? '', switches),
	};
}

function parseCount(name: string, text: string, maximum: number, switches: Switches): number {
	if (!/^\d{1,15}$/.test(text)) {
		throw new RequestError(400, `The parameter ${name} must be a whole number, 0 or more.`);
	}
	const count = Number(text);
	if (count > maximum && switches.aboveMaximum === 'refuse') {
		throw new RequestError(400, `The parameter ${name} must not exceed ${maximum}.`);
	}
	return Math.min(count, maximum);
}

function parseIds(raw: string, switches: Switches): string[] {
	const ids = switches.encodedCommaSeparates ? formDecode(raw).split(',') : raw.split(',').map(formDecode);
	return ids.filter((id) => id !== '');
}

function formDecode(text: string): string {
	const decoded = decode(text.replaceAll('+', ' '));
	if (decoded === undefined) {
		throw new RequestError(400, 'The parameter ids is not properly URL-encoded.');
	}
	return decoded;
}
