/** What may come of a fault, by name. */
import type {Cell, Outcome, Phase, Told} from './fault';

const untouched: Outcome = {told: [], gate: 'nobody', waitMs: 0, isMet: true, delivery: 1};

/** Nobody notices. */
export const recovers = untouched;

/** The topic backs off and tries again; what is accepted is kept and repeated. */
export const waits = (...told: readonly Told[]): Outcome => ({
	...untouched,
	told,
	gate: 'topic',
	waitMs: 500,
	isMet: false,
});

/** Needs a person: the topic tries now and then. */
export const probes = (...told: readonly Told[]): Outcome => ({...waits(...told), waitMs: 30_000});

/** All topics of the account back off. */
export const accountWaits = (told: Told, waitMs = 500): Outcome => ({...waits(told), gate: 'account', waitMs});

/** Needs a person: one request of the account goes now and then. */
export const accountProbes = (...told: readonly Told[]): Outcome => ({...probes(...told), gate: 'account'});

/** A failed delivery: the fax rests and comes again. */
export const fails = (...told: readonly Told[]): Outcome => ({...untouched, told, isMet: false, delivery: 2});

/** Trouble with the way, not with the fax: it is left to the service and comes again, uncounted. */
export const leaves = (...told: readonly Told[]): Outcome => ({...untouched, told, isMet: false});

/**
 * As {@link leaves}: the fax steps aside, and is tried again when its first rest, or what the service asked for, is
 * over.
 */
export const stepsAside = (told: Told, waitMs = 1000): Outcome => ({...leaves(told), gate: 'topic', waitMs});

/** The same for all requests that are no download. */
export const exchanges = (outcome: Outcome): Readonly<Record<Exclude<Phase, 'document'>, Outcome>> => ({
	poll: outcome,
	pollWithAcknowledge: outcome,
	acknowledge: outcome,
});

const phaseNames: Readonly<Record<Phase, string>> = {
	poll: 'poll',
	pollWithAcknowledge: 'poll with acknowledge',
	acknowledge: 'acknowledge',
	document: 'document',
};

/** The name of a test. */
export const sentence = ({kind, phase, outcome}: Cell): string => {
	const {told, gate, waitMs, isMet, delivery, othersGoOn} = outcome;
	const gates = {
		nobody: [],
		topic: [`the topic waits ${waitMs / 1000} s`],
		account: [`the account waits ${waitMs / 1000} s`],
	};
	const isAcknowledge = phase === 'pollWithAcknowledge' || phase === 'acknowledge';
	const goal = isAcknowledge
		? isMet
			? 'confirmed'
			: 'acknowledge kept'
		: `delivered as ${delivery}${isMet ? '' : ' afterwards'}`;
	return `${kind}, ${phaseNames[phase]}: ${[told.join(' and ') || 'silent', ...gates[gate], goal, ...(othersGoOn ? ['others go on'] : [])].join(', ')}`;
};

/** One outcome for all exchanges, and one for documents. */
export const everywhere = (exchange: Outcome, document: Outcome): Readonly<Record<Phase, Outcome>> => ({
	...exchanges(exchange),
	document,
});
