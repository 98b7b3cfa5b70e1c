import should from 'should';
import type {ExchangeRequest, Fate} from '../../world/fake-retarus';
import {endOf, minute, Receiving} from '../../world/receiving';
import {watch, type Outcome} from '../../world/turns';
import {formsOfFailure, hang} from './forms-of-failure';

const day = 24 * 60 * minute;
const pollIntervalMs = 5 * minute;

/** How long each fax waited for its delivery, and each acknowledgement for its confirmation. */
interface Waits {
	readonly delivery: Map<string, number>;
	readonly confirmation: Map<string, number>;
}

describe('A topic with a request that always fails', () => {
	let receiving: Receiving;
	let waits: Waits;
	let addedAtMs: Map<string, number>;
	let poison: Outcome<void>;
	beforeEach(() => {
		receiving = new Receiving();
		waits = {delivery: new Map(), confirmation: new Map()};
		addedAtMs = new Map();
		poison = {state: 'pending'};
		// A flow that acknowledges each fax as soon as it has it.
		receiving.topic.on('delivery', ({id, delivery}) => {
			const atMs = nowMs();
			waits.delivery.set(id, atMs - (addedAtMs.get(id) ?? atMs));
			const acknowledged = receiving.topic.acknowledge({id, delivery});
			if (id === 'poison') {
				poison = watch(acknowledged);
			} else {
				acknowledged.then(
					() => waits.confirmation.set(id, nowMs() - atMs),
					() => undefined,
				);
			}
		});
	});
	afterEach(() => endOf(receiving));

	const nowMs = (): number => receiving.clock.now().steadyMs;
	const longest = (times: ReadonlyMap<string, number>): number => Math.max(...times.values());
	const add = (...ids: readonly string[]): void => {
		for (const id of ids) {
			addedAtMs.set(id, nowMs());
		}

		receiving.retarus.add(...ids);
	};

	/** Exchanges that this is true of fail. */
	const fail = (isBad: (request: ExchangeRequest) => boolean, fate: () => Fate): void => {
		receiving.retarus.fate = (request) => (request.kind === 'exchange' && isBad(request) ? fate() : undefined);
	};

	/** A new fax comes sixty times a day. Returns how many came. */
	const passADay = async (): Promise<number> => {
		for (let count = 0; count < 60; count += 1) {
			await receiving.pass(day / 60);
			add(`later${count}`);
		}

		await receiving.pass(pollIntervalMs + minute);
		return 60;
	};

	describe('because of one id', () => {
		for (const form of formsOfFailure) {
			const {name, fate, isRefusal, askedMs} = form;
			it(`acknowledges and delivers all others for a day when that gets ${name}`, async () => {
				const others = Array.from({length: 7}, (_, index) => `first${index}`);
				add('poison', ...others);
				fail(({ids}) => ids.includes('poison'), fate);
				await receiving.receive({pollIntervalMs});
				const later = await passADay();
				should([waits.delivery.size, waits.confirmation.size]).deepEqual([8 + later, 7 + later]);
				// While a hang lasts, nothing else goes.
				should(longest(waits.delivery)).be.belowOrEqual(pollIntervalMs + (form === hang ? 30_000 : 1000));
				should(longest(waits.confirmation)).be.belowOrEqual(askedMs + minute);
				should(poison.state).equal(isRefusal ? 'rejected' : 'pending');
				const waiting = isRefusal ? 0 : 1;
				should(receiving.topic.status).match({unconfirmed: waiting, setAside: waiting, state: {kind: 'idle'}});
				// It is reported once, and the topic itself has trouble once at most.
				should(receiving.notices).match([{kind: 'acknowledgeSetAside', id: 'poison'}]);
				should(receiving.notices.length).equal(1);
				should(receiving.troubles.length).be.belowOrEqual(1);
				// Every quarter of an hour; the client repeats one that was reset at once.
				const tries = receiving.retarus.exchanges.filter(({ids}) => ids.includes('poison'));
				should(tries.length).be.within(90, 220);
				should(tries.filter(({ids}) => ids.length > 1).length).be.belowOrEqual(8);
				receiving.retarus.fate = () => undefined;
				await receiving.pass(16 * minute);
				should(receiving.retarus.acknowledged.length).equal(8 + later);
			});
		}
	});

	it('acknowledges all and delivers for a day when several ids get different answers', async () => {
		const poisoned = new Map(formsOfFailure.map(({name, fate}) => [`poison ${name}`, fate]));
		add(...poisoned.keys(), 'first');
		receiving.retarus.fate = (request) => {
			const id = request.kind === 'exchange' ? request.ids.find((one) => poisoned.has(one)) : undefined;
			return id === undefined ? undefined : poisoned.get(id)?.();
		};
		await receiving.receive({pollIntervalMs, maxInFlight: 30, batchSize: 30});
		const later = await passADay();
		should(waits.delivery.size).equal(poisoned.size + 1 + later);
		should(longest(waits.delivery)).be.belowOrEqual(pollIntervalMs + 30_000);
		should(receiving.retarus.acknowledged.length).equal(1 + later);
		const {kind} = receiving.topic.status.state;
		should(['idle', 'polling']).containEql(kind);
		receiving.retarus.fate = () => undefined;
		await receiving.pass(16 * minute);
		should(receiving.retarus.acknowledged.length).equal(poisoned.size + 1 + later);
	});

	describe('because its URL is too long', () => {
		for (const form of formsOfFailure) {
			it(`acknowledges all in shorter ones, and delivers at its interval, when that gets ${form.name}`, async () => {
				add(...Array.from({length: 100}, (_, index) => `K34A3QX3@J78AO6W.glaqsmucre101.QA${index}`));
				fail(({ids}) => ids.join().length > 300, form.fate);
				await receiving.receive({pollIntervalMs, maxInFlight: 100, batchSize: 100});
				const later = await passADay();
				should([waits.delivery.size, waits.confirmation.size]).deepEqual([100 + later, 100 + later]);
				should(longest(waits.delivery)).be.belowOrEqual(pollIntervalMs + 1000);
				should(longest(waits.confirmation)).be.belowOrEqual(form.askedMs + 2 * minute);
				should([receiving.notices, receiving.topic.status.setAside]).deepEqual([[], 0]);
				should(receiving.troubles.length).be.belowOrEqual(1);
			});
		}
	});

	describe('because it polls', () => {
		for (const form of formsOfFailure) {
			it(`acknowledges all within a minute when that gets ${form.name}, and polls again when it is over`, async () => {
				await receiving.receive({pollIntervalMs});
				fail(({fetch}) => fetch > 0, form.fate);
				for (let count = 0; count < 60; count += 1) {
					const acknowledged = watch(receiving.topic.acknowledge({id: `a${count}`}));
					await receiving.pass(minute);
					should(acknowledged.state).equal('resolved');
					await receiving.pass(day / 60 - minute);
				}

				should(receiving.troubles.length).equal(1);
				should(receiving.topic.status.state).match({kind: 'trouble', error: receiving.troubles[0]});
				const polls = receiving.retarus.exchanges.filter(({fetch}) => fetch > 0);
				should(polls.length).be.below(3500);
				receiving.retarus.fate = () => undefined;
				add('new');
				await receiving.pass(16 * minute);
				should(waits.delivery.has('new')).be.true();
			});
		}
	});

	describe('because it acknowledges', () => {
		for (const form of formsOfFailure) {
			it(`delivers all at its interval when that gets ${form.name}, and acknowledges them when it is over`, async () => {
				add('a', 'b', 'c');
				fail(({ids}) => ids.length > 0, form.fate);
				await receiving.receive({pollIntervalMs});
				const later = await passADay();
				should(waits.delivery.size).equal(3 + later);
				// A hang of a group, and one of the poll that carried a new id.
				should(longest(waits.delivery)).be.belowOrEqual(pollIntervalMs + (form === hang ? minute : 1000));
				should(waits.confirmation.size).equal(0);
				should(receiving.troubles.length).be.belowOrEqual(2);
				should(receiving.topic.status.setAside).be.aboveOrEqual(1);
				receiving.retarus.fate = () => undefined;
				await receiving.pass(16 * minute);
				should(receiving.retarus.acknowledged.length).equal(3 + later);
			});
		}
	});
});
