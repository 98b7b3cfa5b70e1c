import should from 'should';
import {gatherMs, planExchange, type Plan, type Situation} from '../../../lib/exchange/exchange-plan';
import type {ReceiverOptions} from '../../../lib/faxes/receiver-options';

const receiver: ReceiverOptions = {
	pollIntervalMs: 30_000,
	maxInFlight: 10,
	processingTimeoutMs: 300_000,
	maxDeliveries: 0,
	batchSize: 4,
	lockTimeoutMs: 300_000,
	maxFaxBytes: 1,
};

/** Between two rounds, with nothing held and nothing to acknowledge. */
const quiet: Situation = {
	receiver,
	polls: true,
	nextRoundMs: 5000,
	held: 0,
	inFlight: 0,
	cautiousFetch: 1000,
	unconfirmed: 0,
	idsWaitedMs: undefined,
	roomWaitedMs: 10_000,
};
const running = {nextRoundMs: undefined};

describe('The next exchange', () => {
	const cases: readonly (readonly [string, Partial<Situation>, Plan])[] = [
		['waits for the next round', {}, {dueMs: 5000, fetch: 4}],
		['is due now while a round runs and a batch has room', running, {dueMs: 0, fetch: 4}],
		['asks for no more than there is room for', {...running, inFlight: 8}, {dueMs: 0, fetch: 2}],
		[
			'waits a moment for more room when there is not enough for a batch',
			{...running, inFlight: 8, roomWaitedMs: 100},
			{dueMs: gatherMs - 100, fetch: 2},
		],
		[
			'does not wait for more room than there can be',
			{...running, receiver: {...receiver, batchSize: 500}, roomWaitedMs: 0},
			{dueMs: 0, fetch: 10},
		],
		['waits for a change when all room is taken', {...running, inFlight: 10}, {dueMs: Infinity, fetch: 0}],
		[
			'waits for a change when more is in flight than there is room for',
			{...running, inFlight: 15},
			{dueMs: Infinity, fetch: 0},
		],
		['asks for as many more as the last answer listed held ones', {...running, held: 6}, {dueMs: 0, fetch: 10}],
		['asks for the held ones on top of little room', {...running, inFlight: 9, held: 6}, {dueMs: 0, fetch: 7}],
		[
			'never asks for more than 1000',
			{...running, receiver: {...receiver, maxInFlight: 1000, batchSize: 900}, held: 200},
			{dueMs: 0, fetch: 1000},
		],
		[
			'asks for nothing when there is no room, however many are held',
			{...running, inFlight: 10, held: 6},
			{dueMs: Infinity, fetch: 0},
		],
		['asks for less after a failure', {...running, cautiousFetch: 2}, {dueMs: 0, fetch: 2}],
		[
			'fetches nothing while too many acknowledgements are unconfirmed',
			{...running, unconfirmed: 11},
			{dueMs: Infinity, fetch: 0},
		],
		['fetches while as many are unconfirmed as may be in flight', {...running, unconfirmed: 10}, {dueMs: 0, fetch: 4}],
		[
			'sends an acknowledgement at once when nothing is in flight that could join it',
			{idsWaitedMs: 0},
			{dueMs: 0, fetch: 4},
		],
		[
			'lets an acknowledgement wait for company while others are in flight',
			{idsWaitedMs: 50, inFlight: 2},
			{dueMs: gatherMs - 50, fetch: 4},
		],
		[
			'sends an acknowledgement that has waited long enough',
			{idsWaitedMs: gatherMs, inFlight: 2},
			{dueMs: 0, fetch: 4},
		],
		[
			'lets acknowledgements ride on a poll that is due',
			{...running, idsWaitedMs: 0, inFlight: 6},
			{dueMs: 0, fetch: 4},
		],
		['only acknowledges when nobody polls', {polls: false, idsWaitedMs: gatherMs, inFlight: 2}, {dueMs: 0, fetch: 0}],
		[
			'only acknowledges when nobody receives',
			{receiver: undefined, polls: false, idsWaitedMs: 0},
			{dueMs: 0, fetch: 0},
		],
		[
			'waits for a change when nobody polls and nothing is to be acknowledged',
			{polls: false},
			{dueMs: Infinity, fetch: 0},
		],
		['polls nothing during a round that was stopped', {...running, polls: false}, {dueMs: Infinity, fetch: 0}],
		[
			'waits for a change when nobody receives',
			{receiver: undefined, polls: false, ...running},
			{dueMs: Infinity, fetch: 0},
		],
	];
	for (const [name, change, expected] of cases) {
		it(name, () => {
			should(planExchange({...quiet, ...change})).deepEqual(expected);
		});
	}

	it('never goes out with neither ids nor a number of faxes', () => {
		for (const inFlight of [0, 1, 7, 10, 12]) {
			for (const nextRoundMs of [undefined, 0, 1]) {
				for (const polls of [true, false]) {
					for (const unconfirmed of [0, 11]) {
						for (const roomWaitedMs of [0, 1000]) {
							const {dueMs, fetch} = planExchange({...quiet, inFlight, nextRoundMs, polls, unconfirmed, roomWaitedMs});
							should(dueMs === 0 && fetch === 0 && nextRoundMs !== 0).be.false();
						}
					}
				}
			}
		}
	});
});
