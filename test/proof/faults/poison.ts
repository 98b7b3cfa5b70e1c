/** One id that spoils every request which carries it. The others must not suffer. */
import {answer} from './answers';
import type {ErrorCode} from '../../../lib/errors';
import type {Outcome, Row} from './fault';
import {recovers} from './outcomes';

const poison = (status: number, headers: Readonly<Record<string, string>> = {}): Row['fault'] =>
	answer(
		({response}) => {
			response.writeHead(status, headers).end();
		},
		{strikes: 'id', isApplied: false},
	);

const codes: Readonly<Record<number, ErrorCode>> = {403: 'RETARUS_AUTH', 404: 'RETARUS_TOPIC'};

/**
 * The id is set aside and reported, with the code of its answer. It is repeated slowly, and nothing else waits for it.
 */
const setAside = (status: number): Outcome => ({
	...recovers,
	told: [codes[status] ?? 'RETARUS_SERVICE'],
	isMet: false,
	othersGoOn: true,
});

export const poisons: readonly Row[] = [400, 403, 404, 405, 409, 410, 413, 414, 415, 422, 431].map((status) => ({
	kind: `id refused with ${status}`,
	fault: poison(status),
	outcomes: {pollWithAcknowledge: setAside(status)},
}));
