import should from 'should';
import {Allowance, NoRoom} from '../../../lib/documents/allowance';
import {ByteBudget} from '../../../lib/documents/byte-budget';
import {DocumentTooLargeError} from '../../../lib/errors';
import {Slots} from '../../../lib/pacing/slots';
import {Random} from '../../world/random';
import {turns, watch} from '../../world/turns';

const never = new AbortController().signal;

describe('The byte budget', () => {
	it('gives what is free at once and keeps the rest waiting', async () => {
		const budget = new ByteBudget(100);
		should(await budget.take(60, never)).equal(60);
		const second = watch(budget.take(50, never));
		await turns(1);
		should(second.state).equal('pending');
		budget.give(60);
		await turns(1);
		should(second.state).equal('resolved');
		should(budget.used).equal(50);
	});

	it('serves first come, first served: a small one does not overtake a large one for ever', async () => {
		const budget = new ByteBudget(100);
		await budget.take(60, never);
		const large = watch(budget.take(90, never));
		const small = watch(budget.take(10, never));
		should(budget.tryTake(1)).be.false();
		await turns(1);
		should([large.state, small.state]).deepEqual(['pending', 'pending']);
		budget.give(60);
		await turns(1);
		should([large.state, small.state]).deepEqual(['resolved', 'resolved']);
	});

	it('gives all of it to one that wants more', async () => {
		const budget = new ByteBudget(100);
		should(await budget.take(1000, never)).equal(100);
		should(budget.tryTake(1)).be.false();
	});

	it('lets the next one pass when the one before it leaves', async () => {
		const budget = new ByteBudget(100);
		await budget.take(60, never);
		const abort = new AbortController();
		const reason = new Error('gone');
		const large = watch(budget.take(90, abort.signal));
		const small = watch(budget.take(10, never));
		abort.abort(reason);
		await turns(1);
		should(large).match({state: 'rejected', error: reason});
		should(small.state).equal('resolved');
		should(budget.used).equal(70);
	});

	it('gives nothing to one that has left already', async () => {
		const budget = new ByteBudget(100);
		const gone = watch(budget.take(10, AbortSignal.abort(new Error('gone'))));
		await turns(1);
		should(gone.state).equal('rejected');
		should(budget.used).equal(0);
	});

	it('keeps what was granted when its owner leaves afterwards', async () => {
		const budget = new ByteBudget(100);
		await budget.take(100, never);
		const abort = new AbortController();
		const taken = watch(budget.take(30, abort.signal));
		budget.give(100);
		abort.abort(new Error('too late'));
		await turns(1);
		should(taken.state).equal('resolved');
		should(budget.used).equal(30);
	});
});

describe('The allowance of a fax', () => {
	const mb = 1024 * 1024;
	const facts = {id: 'a', topic: 't'};

	it('is no more than its own limit, and names that in megabytes', () => {
		const allowance = new Allowance(new ByteBudget(100 * mb), 2 * mb, facts);
		allowance.claim(2 * mb);
		should(() => {
			allowance.claim(1);
		}).throw(DocumentTooLargeError, {facts: {...facts, limit: 2}});
	});

	it('is no more than what the process has left', () => {
		const budget = new ByteBudget(100);
		budget.tryTake(95);
		const allowance = new Allowance(budget, 50, facts);
		allowance.claim(5);
		should(() => {
			allowance.claim(3);
		}).throw(NoRoom, {bytes: 8});
		allowance.release();
		allowance.release();
		should(budget.used).equal(95);
	});

	it('can be used again for what a failed attempt dropped', () => {
		const budget = new ByteBudget(100);
		const allowance = new Allowance(budget, 50, facts);
		allowance.claim(50);
		allowance.unclaim(50);
		allowance.claim(50);
		should(budget.used).equal(50);
	});

	it('waits with empty hands', async () => {
		const budget = new ByteBudget(100);
		budget.tryTake(50);
		const allowance = new Allowance(budget, 80, facts);
		allowance.claim(30);
		const waited = watch(allowance.wait(80, never));
		should(budget.used).equal(50);
		budget.give(50);
		await turns(1);
		should(waited.state).equal('resolved');
		allowance.claim(80);
		should(budget.used).equal(80);
	});

	it('lets one fax larger than the budget pass, alone', async () => {
		const budget = new ByteBudget(100);
		const allowance = new Allowance(budget, 1000, facts);
		allowance.claim(100);
		should(() => {
			allowance.claim(1);
		}).throw(NoRoom);
		await allowance.wait(101, never);
		allowance.claim(900);
		should(budget.used).equal(100);
		should(budget.tryTake(1)).be.false();
		allowance.release();
		should(budget.used).equal(0);
	});

	it('never locks up, whatever many faxes want', async () => {
		const random = new Random(3);
		const budget = new ByteBudget(100);
		let most = 0;
		const fetch = async (): Promise<void> => {
			const allowance = new Allowance(budget, 40, facts);
			for (let done = false; !done;) {
				try {
					for (let claimed = 0; claimed < 30; claimed += 10) {
						allowance.claim(10);
						most = Math.max(most, budget.used);
						await turns(Math.floor(random.next() * 3));
					}

					done = true;
				} catch (error) {
					should(error).be.instanceof(NoRoom);
					await allowance.wait(40, new AbortController().signal);
				}
			}

			allowance.release();
		};
		await Promise.all(Array.from({length: 40}, () => fetch()));
		should(budget.used).equal(0);
		should(most).be.belowOrEqual(100).and.above(60);
	});
});

describe('Slots', () => {
	it('run at most so many at a time, first come, first served', async () => {
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
