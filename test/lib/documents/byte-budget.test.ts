import should from 'should';
import {Allowance, ByteBudget, NoRoom} from '../../../lib/documents/byte-budget';
import {DocumentTooLargeError} from '../../../lib/errors';
import {Slots} from '../../../lib/pacing/slots';
import {Random} from '../../world/random';
import {turns, watch} from '../../world/turns';

const never = new AbortController().signal;

/** Of 3,200 bytes, a fax of up to 100 is small, and large ones leave 400. */
const limit = 3200;
const forLarge = 2800;

describe('The byte budget', () => {
	it('grants what is free at once and keeps the rest waiting', async () => {
		const budget = new ByteBudget(limit);
		should(await budget.take(2000, never)).equal(2000);
		const second = watch(budget.take(900, never));
		await turns(1);
		should(second.state).equal('pending');
		budget.give(2000);
		await turns(1);
		should(second.state).equal('resolved');
		should(budget.used).equal(900);
	});

	it('lets a fax that fits pass one that waits', async () => {
		const budget = new ByteBudget(limit);
		await budget.take(2000, never);
		const large = watch(budget.take(2000, never));
		should(budget.tryTake(700)).be.true();
		const small = watch(budget.take(100, never));
		await turns(1);
		should([large.state, small.state]).deepEqual(['pending', 'resolved']);
	});

	it('serves whatever fits when bytes come back, the oldest first', async () => {
		const budget = new ByteBudget(limit);
		await budget.take(forLarge, never);
		const faxes = [2000, 2000, 500].map((bytes) => watch(budget.take(bytes, never)));
		budget.give(2500);
		await turns(1);
		should(faxes.map(({state}) => state)).deepEqual(['resolved', 'pending', 'resolved']);
	});

	it('lets a waiting fax go first once the budget has been filled past it four times', async () => {
		const budget = new ByteBudget(limit);
		await budget.take(2000, never);
		const large = watch(budget.take(2000, never));
		let passed = 0;
		while (budget.tryTake(100)) {
			budget.give(100);
			passed += 100;
		}

		should(passed).equal(4 * limit);
		should(large.state).equal('pending');
		budget.give(2000);
		await turns(1);
		should(large.state).equal('resolved');
		should(budget.tryTake(100)).be.true();
	});

	it('counts what passed each waiting fax anew', async () => {
		const budget = new ByteBudget(limit);
		await budget.take(2000, never);
		const abort = new AbortController();
		const first = watch(budget.take(2000, abort.signal));
		void watch(budget.take(2000, never));
		while (budget.tryTake(100)) {
			budget.give(100);
		}

		abort.abort(new Error('gone'));
		await turns(1);
		should(first.state).equal('rejected');
		should(budget.tryTake(100)).be.true();
	});

	it('keeps a reserve that large faxes leave to small ones', () => {
		const budget = new ByteBudget(limit);
		should(budget.tryTake(2750)).be.true();
		should(budget.tryTake(101)).be.false();
		should(budget.tryTake(51, 50)).be.false();
		should(budget.tryTake(100)).be.true();
		should(budget.tryTake(50, 50)).be.true();
	});

	it('gives all of it, alone, to a fax that would need the reserve', async () => {
		const budget = new ByteBudget(limit);
		budget.tryTake(1);
		const giant = watch(budget.take(forLarge + 1, never));
		await turns(1);
		should(giant.state).equal('pending');
		budget.give(1);
		await turns(1);
		should(giant).match({state: 'resolved', value: limit});
		should(budget.tryTake(1)).be.false();
	});

	it('lets the next fax pass when the one before it leaves', async () => {
		const budget = new ByteBudget(limit);
		await budget.take(2000, never);
		const abort = new AbortController();
		const reason = new Error('gone');
		const giant = watch(budget.take(limit, abort.signal));
		while (budget.tryTake(100)) {
			budget.give(100);
		}

		const barred = watch(budget.take(100, never));
		abort.abort(reason);
		await turns(1);
		should(giant).match({state: 'rejected', error: reason});
		should(barred.state).equal('resolved');
		should(budget.used).equal(2100);
	});

	it('grants nothing to a fax that has left already', async () => {
		const budget = new ByteBudget(limit);
		const gone = watch(budget.take(10, AbortSignal.abort(new Error('gone'))));
		await turns(1);
		should(gone.state).equal('rejected');
		should(budget.used).equal(0);
	});

	it('keeps what was granted when its owner leaves afterwards', async () => {
		const budget = new ByteBudget(limit);
		await budget.take(limit, never);
		const abort = new AbortController();
		const taken = watch(budget.take(30, abort.signal));
		budget.give(limit);
		abort.abort(new Error('too late'));
		await turns(1);
		should(taken.state).equal('resolved');
		should(budget.used).equal(30);
	});

	it('serves thousands that wait without a noticeable pause', async () => {
		const budget = new ByteBudget(limit);
		await budget.take(limit, never);
		const waiting = Array.from({length: 20_000}, () => watch(budget.take(1000, new AbortController().signal)));
		const before = performance.now();
		for (let passed = 0; passed < 1000; passed += 1) {
			should(budget.tryTake(1)).be.false();
		}

		budget.give(limit);
		should(performance.now() - before).be.below(1000);
		await turns(1);
		should(waiting.filter(({state}) => state === 'resolved').length).equal(2);
	});
});

describe('The allowance of a fax', () => {
	const mb = 1024 * 1024;
	const facts = {id: 'a', topic: 't'};

	it('ends at its own limit, and names that in megabytes', () => {
		const allowance = new Allowance(new ByteBudget(100 * mb), 2 * mb, facts);
		const claim = allowance.claim();
		claim.arrive(2 * mb);
		should(() => {
			claim.arrive(1);
		}).throw(DocumentTooLargeError, {facts: {...facts, limit: 2}});
	});

	it('refuses what is announced beyond its limit, for all documents together', () => {
		const budget = new ByteBudget(100 * mb);
		const allowance = new Allowance(budget, 2 * mb, facts);
		allowance.claim(mb);
		should(() => allowance.claim(mb + 1)).throw(DocumentTooLargeError);
		should(budget.used).equal(0);
	});

	it('takes bytes as they arrive, not as they are announced', () => {
		const budget = new ByteBudget(100 * mb);
		const claim = new Allowance(budget, 64 * mb, facts).claim(64 * mb);
		should(budget.used).equal(0);
		claim.arrive(1);
		claim.arrive(999);
		should(budget.used).equal(1000);
	});

	it('ends at what the process has left, and says what the fax needs', () => {
		const budget = new ByteBudget(limit);
		budget.tryTake(2795);
		const allowance = new Allowance(budget, 1000, facts);
		const claim = allowance.claim();
		claim.arrive(5);
		should(() => {
			claim.arrive(400);
		}).throw(NoRoom, {bytes: 405});
		claim.drop();
		should(() => {
			allowance.claim(500).arrive(400);
		}).throw(NoRoom, {bytes: 500});
		allowance.release();
		allowance.release();
		should(budget.used).equal(2795);
	});

	it('gives back what a failed attempt had, and may use it again', () => {
		const budget = new ByteBudget(limit);
		const allowance = new Allowance(budget, 50, facts);
		const failed = allowance.claim(50);
		failed.arrive(30);
		failed.drop();
		failed.drop();
		should(budget.used).equal(0);
		allowance.claim(50).arrive(50);
		should(budget.used).equal(50);
	});

	it('waits with empty hands, and keeps what it waited for', async () => {
		const budget = new ByteBudget(limit);
		budget.tryTake(2000);
		const allowance = new Allowance(budget, 1500, facts);
		allowance.claim().arrive(30);
		const waited = watch(allowance.wait(1500, never));
		should(budget.used).equal(2000);
		budget.give(2000);
		await turns(1);
		should(waited.state).equal('resolved');
		budget.tryTake(1300);
		const failed = allowance.claim();
		failed.arrive(1500);
		failed.drop();
		allowance.claim().arrive(1500);
		should(budget.used).equal(forLarge);
	});

	it('lets one fax larger than the budget pass, alone', async () => {
		const budget = new ByteBudget(100);
		const allowance = new Allowance(budget, 1000, facts);
		should(() => {
			allowance.claim().arrive(101);
		}).throw(NoRoom);
		await allowance.wait(101, never);
		allowance.claim().arrive(900);
		should(budget.used).equal(100);
		should(budget.tryTake(1)).be.false();
		allowance.release();
		should(budget.used).equal(0);
	});

	it('never deadlocks, however many faxes compete', async () => {
		const random = new Random(3);
		const budget = new ByteBudget(limit);
		let most = 0;
		const fetch = async (): Promise<void> => {
			const allowance = new Allowance(budget, 1280, facts);
			for (let done = false; !done;) {
				try {
					const claim = allowance.claim();
					for (let arrived = 0; arrived < 960; arrived += 320) {
						claim.arrive(320);
						most = Math.max(most, budget.used);
						await turns(Math.floor(random.next() * 3));
					}

					done = true;
				} catch (error) {
					should(error).be.instanceof(NoRoom);
					await allowance.wait(1280, new AbortController().signal);
				}
			}

			allowance.release();
		};
		await Promise.all(Array.from({length: 40}, () => fetch()));
		should(budget.used).equal(0);
		should(most)
			.be.belowOrEqual(limit)
			.and.above(limit / 2);
	});
});

describe('Slots', () => {
	it('run up to n at a time, first come, first served', async () => {
		const slots = new Slots(2);
		const order: string[] = [];
		const ends: (() => void)[] = [];
		const all = [1, 2, 3, 4].map((number) =>
			slots.run(async () => {
				order.push(`start ${number}`);
				await new Promise<void>((resolve) => {
					ends.push(resolve);
				});
				order.push(`end ${number}`);
				return number;
			}),
		);
		await turns(1);
		should(order).deepEqual(['start 1', 'start 2']);
		for (let number = 0; number < 4; number += 1) {
			ends[number]?.();
			await turns(1);
		}

		should(await Promise.all(all)).deepEqual([1, 2, 3, 4]);
		should(order).deepEqual(['start 1', 'start 2', 'end 1', 'start 3', 'end 2', 'start 4', 'end 3', 'end 4']);
	});

	it('are free again after a failure', async () => {
		const slots = new Slots(1);
		const failed = watch(slots.run(() => Promise.reject(new Error('no'))));
		should(await slots.run(() => Promise.resolve('yes'))).equal('yes');
		should(failed.state).equal('rejected');
	});
});
