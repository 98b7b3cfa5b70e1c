/** Every fault in every phase in which it can occur, by family. */
import {bodies} from './bodies';
import {breaks} from './breaks';
import {connections} from './connections';
import {documents} from './documents';
import type {Cell, Fault, Outcome, Phase, Row} from './fault';
import {recovers, stepsAside} from './outcomes';
import {poisons} from './poison';
import {stalls} from './stalls';
import {statuses} from './statuses';
import {tls} from './tls';
import {transfer} from './transfer';

const rows: readonly Row[] = [
	...connections,
	...tls,
	...breaks,
	...stalls,
	...transfer,
	...statuses,
	...bodies,
	...documents,
	...poisons,
];

/** What concerns the account, and not only the moment, is probed as slowly as the service asks or a person needs. */
const secondOpinionMs = 1000;

/**
 * Polls and acknowledgements fail apart. What strikes only polls that carry ids is over when the ids go alone. Where an
 * acknowledgement is refused while polls go through, the refusal is the topic's, whatever its status.
 */
const apart = (phase: Phase, fault: Fault, outcome: Outcome): Outcome => {
	const isAccounts = outcome.gate === 'account';
	if (phase === 'document' && fault.at !== 'answer' && outcome.delivery === 1 && !outcome.isMet) {
		const [told = 'RETARUS_NETWORK'] = outcome.told;
		return stepsAside(told);
	}

	if (phase === 'acknowledge') {
		return isAccounts ? {...outcome, gate: 'topic'} : outcome;
	}

	if (phase !== 'pollWithAcknowledge' || fault.at !== 'answer' || fault.strikes === 'id') {
		return outcome;
	}

	// A 5xx with Retry-After may be meant for the ids, too.
	if (outcome.gate === 'nobody') {
		return outcome;
	}

	if (!isAccounts || outcome.told.includes('RETARUS_SERVICE')) {
		return recovers;
	}

	const isTimed = outcome.told.includes('RETARUS_RATE_LIMIT');
	return {...outcome, isMet: true, waitMs: isTimed ? Math.min(outcome.waitMs, secondOpinionMs) : outcome.waitMs};
};

export const cells: readonly Cell[] = rows.flatMap(({outcomes, ...row}) =>
	Object.entries(outcomes).map(([name, outcome]) => {
		const phase = name as Phase;
		return {...row, phase, outcome: apart(phase, row.fault, outcome)};
	}),
);
