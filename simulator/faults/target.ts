import {claimedCredentials} from '../api/credentials';
import {parseExchangeQuery, type ExchangeQuery} from '../api/exchange-query';
import type {Route} from '../api/route';
import type {Switches} from '../api/switches';
import type {Store} from '../faxes/store';
import type {FaultTarget, Phase} from './rule';

/** A request as it arrives, before authentication. */
export interface Arrival {
	/** Path and query as sent, one character per byte. */
	readonly url: string;
	readonly route: Route;
	readonly authorization: string | undefined;
}

/** The parts of a request that fault rules match; `undefined` for requests that no rule can hit. */
export function faultTarget(
	{url, route, authorization}: Arrival,
	store: Store,
	switches: Switches,
): FaultTarget | undefined {
	const sender = {customerNumber: claimedCredentials(authorization)?.customerNumber, urlBytes: url.length};
	switch (route.kind) {
		case 'document': {
			const facts = store.findFile(route.name)?.fax.facts;
			return {
				...sender,
				phase: 'document',
				faxIds: facts === undefined ? [] : [facts.id],
				fileName: route.name,
				topic: facts?.topic,
			};
		}
		case 'exchange': {
			const {fetch, ids} = readableQuery(route.query, switches);
			return {...sender, phase: phaseOf(fetch, ids), faxIds: ids, fileName: undefined, topic: route.topic};
		}
		default:
			return undefined;
	}
}

function phaseOf(fetch: number, ids: readonly string[]): Phase {
	if (fetch === 0) {
		return 'acknowledge';
	}
	return ids.length > 0 ? 'pollWithAcknowledge' : 'poll';
}

/** A malformed query, which will be refused, counts as a poll. */
function readableQuery(query: string, switches: Switches): Pick<ExchangeQuery, 'fetch' | 'ids'> {
	try {
		return parseExchangeQuery(query, switches);
	} catch {
		return {fetch: 1, ids: []};
	}
}
