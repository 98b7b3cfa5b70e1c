/** One id that spoils every request which carries it. The others must not suffer. */
import {answer} from './answers';
import type {Outcome, Row} from './fault';
import {recovers} from './outcomes';

const poison = (status: number, headers: Readonly<Record<string, string>> = {}): Row['fault'] =>
	answer(
		({response}) => {
			response.writeHead(status, headers).end();
		},
		{strikes: 'id', isApplied: false},
	);

/** The flow is told, the fax is not lost: whoever asks again later is heard. */
const refused: Outcome = {...recovers, told: ['RETARUS_SERVICE'], isMet: false, othersGoOn: true};

export const poisons: readonly Row[] = [400, 403, 404, 405, 409, 410, 413, 414, 415, 422, 431].map((status) => ({
	kind: `id refused with ${status}`,
	fault: poison(status),
	outcomes: {pollWithAcknowledge: refused},
}));
