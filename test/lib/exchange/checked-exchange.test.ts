import should from 'should';
import {StateError} from '../../../lib/errors';
import {CheckedExchange, type Send} from '../../../lib/exchange/checked-exchange';
import type {Exchange, ParsedAnswer} from '../../../lib/retarus/wire';
import {rejection, turns, watch} from '../../world/turns';

const answer: ParsedAnswer = {listings: [], malformed: 0};
const exchange = (...ids: readonly string[]): Exchange => ({topic: 't', fetch: 1, lockTimeoutMs: 60_000, ids});

describe('A checked exchange', () => {
	let settlements: Map<string, 'accepted' | 'confirmed' | 'refused'>;
	let isUsable: boolean;
	let checked: CheckedExchange;
	let sent: Exchange[];
	const {signal} = new AbortController();
	beforeEach(() => {
		settlements = new Map([
			['a', 'accepted'],
			['b', 'confirmed'],
			['c', 'refused'],
		]);
		isUsable = true;
		sent = [];
		checked = new CheckedExchange({
			get isUsable() {
				return isUsable;
			},
			settlement: (id) => settlements.get(id),
		});
	});

	const send: Send = (one) => {
		sent.push(one);
		return Promise.resolve(answer);
	};
	const run = (one: Exchange, how = send): Promise<ParsedAnswer> => checked.send(one, how, 30_000, signal);

	/** It is refused before it is sent. */
	const shouldBreak = async (promise: Promise<unknown>, invariant: RegExp): Promise<void> => {
		const error = await rejection(promise);
		should(error).be.instanceof(StateError);
		should(error).match({code: 'RETARUS_STATE', reason: 'invariantBroken', facts: {invariant}});
	};

	it('sends what an ack node asked for and the ledger has, settled ids included', async () => {
		const args: unknown[] = [];
		const one = exchange('a', 'b', 'c');
		const result = await run(one, (...given) => {
			args.push(...given);
			return Promise.resolve(answer);
		});
		should(result).equal(answer);
		should(args).deepEqual([one, 30_000, signal]);
	});

	it('refuses to send an id that nobody accepted, with all that goes with it', async () => {
		await shouldBreak(run(exchange('a', 'x')), /accepted before/);
		settlements.delete('a');
		await shouldBreak(run(exchange('a')), /accepted before/);
		should(sent).be.empty();
	});

	it('refuses to send ids while the ledger is not durable, but lets polls go', async () => {
		isUsable = false;
		await shouldBreak(run(exchange('a')), /durable before/);
		should(sent).be.empty();
		await run(exchange());
		should(sent).deepEqual([exchange()]);
	});

	it('refuses to send a second exchange while one is under way', async () => {
		const underWay = watch(run(exchange(), () => new Promise(() => undefined)));
		await shouldBreak(run(exchange()), /one exchange at a time/);
		await turns(1);
		should([underWay.state, sent]).deepEqual(['pending', []]);
	});

	it('sends the next one when the exchange before it has ended, in whatever way', async () => {
		await run(exchange());
		const error = new Error('broken');
		should(await rejection(run(exchange(), () => Promise.reject(error)))).equal(error);
		await shouldBreak(run(exchange('x')), /accepted before/);
		await run(exchange());
		should(sent.length).equal(2);
	});
});
