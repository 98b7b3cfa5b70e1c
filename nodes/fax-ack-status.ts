/** The status under a fax ack node. */
import type {NodeStatus} from '@node-red/registry';
import type {RetarusError} from '../lib/errors';
import type {AckCounts} from './runtime';
import type {FullStatus} from './status';

const namespace = '@faxbridge/node-red-retarus-fax/retarus-fax-ack:retarus-fax-ack.status';
/** The texts of configuration errors, which both nodes share. */
const faxInNamespace = '@faxbridge/node-red-retarus-fax/retarus-fax-in:retarus-fax-in.status';

/** How the last message ended, or what is wrong with the node itself. */
export type FaxAckOutcome =
	| {readonly kind: 'nothing' | 'done' | 'refused' | 'trial'}
	| {readonly kind: 'misconfigured'; readonly error: RetarusError};

/** Messages that the node holds. */
export interface Waiting {
	/** For the other parts of their fax. */
	readonly gathering: number;
	/** For the service to confirm. */
	readonly unconfirmed: number;
}

/** @param trouble of the awaited topics; takes precedence unless the node itself is misconfigured */
export const faxAckStatus = (
	outcome: FaxAckOutcome,
	{gathering, unconfirmed}: Waiting,
	{acknowledged, failed}: AckCounts,
	trouble: Omit<FullStatus, 'counts'> | undefined,
): FullStatus => {
	const inFlight = gathering + unconfirmed;
	return {
		...(outcome.kind !== 'misconfigured' && trouble ? trouble : appearance(outcome, inFlight, acknowledged)),
		counts: {inFlight, unconfirmed, delivered: 0, acknowledged, redelivered: 0, failed},
	};
};

const appearance = (
	outcome: FaxAckOutcome,
	inFlight: number,
	acknowledged: number,
): NodeStatus & Pick<FullStatus, 'problem'> => {
	if (outcome.kind === 'misconfigured') {
		const {code, reason, message} = outcome.error;
		return {fill: 'red', shape: 'ring', text: `${faxInNamespace}.${reason}`, problem: {code, message}};
	}

	if (inFlight > 0) {
		return {fill: 'blue', shape: 'dot', text: `${inFlight} …`};
	}

	switch (outcome.kind) {
		case 'nothing':
			return {};
		case 'refused':
			return {fill: 'red', shape: 'ring', text: `${namespace}.refused`};
		case 'trial':
			return {fill: 'grey', shape: 'ring', text: `${namespace}.trial`};
		case 'done':
			return {fill: 'green', shape: 'dot', text: String(acknowledged)};
	}
};
