import type {ServerResponse} from 'node:http';
import should from 'should';
import {ByteBudget} from '../../../lib/documents/byte-budget';
import {Slots} from '../../../lib/pacing/slots';
import {serve} from '../../world/http-server';
import {Clients} from '../../world/service-client';
import {turns, until} from '../../world/turns';
import {answering, connect, finish, mb, pdf, short, start, whole} from './downloading';

describe('A fax download within its limits', () => {
	const clients = new Clients();

	it('rejects an oversized document by its Content-Length, unread, without a retry', async () => {
		const server = await answering((response) => {
			response.writeHead(200, {'content-length': 2 * mb});
			response.write('%PDF-1.4');
		});
		const {outcome, budget} = start(clients, server, ['a.pdf'], {maxBytes: mb});
		await finish(clients, outcome);
		should(outcome.error).match({code: 'RETARUS_DOCUMENT_TOO_LARGE', facts: {id: 'a', limit: 1}});
		should(server.seen.length).equal(1);
		should(budget.used).equal(0);
	});

	it('rejects a body without an end once it is too large', async () => {
		const server = await answering((response) => {
			const more = (): void => {
				while (!response.destroyed && response.write(Buffer.alloc(65_536))) {
					// As fast as it goes.
				}
			};
			response.on('drain', more);
			more();
		});
		const {outcome, budget} = start(clients, server, ['a.bin'], {maxBytes: 3 * mb});
		await finish(clients, outcome);
		should(outcome.error).match({code: 'RETARUS_DOCUMENT_TOO_LARGE'});
		should(budget.used).equal(0);
	});

	it('rejects documents that are too large together', async () => {
		const server = await answering((response) => response.end(pdf(600_000)));
		const {outcome} = start(clients, server, ['a.pdf', 'b.pdf'], {maxBytes: mb});
		await finish(clients, outcome);
		should(outcome.error).match({code: 'RETARUS_DOCUMENT_TOO_LARGE'});
	});

	it('does not count the bytes of failed attempts', async () => {
		const server = await answering(short, short, (response) => response.end(pdf(600_000)));
		const {outcome} = start(clients, server, ['a.pdf'], {maxBytes: mb});
		await finish(clients, outcome);
		should(outcome.state).equal('resolved');
	});

	it('counts bytes, not documents: a hundred pages in chunks fit', async () => {
		const server = await serve((_, response) => {
			response.write(pdf(5000));
			response.end();
		});
		const names = Array.from({length: 100}, (_, index) => `${index}.pdf`);
		const {fetched} = start(clients, server, names, {maxBytes: mb});
		should((await fetched).documents.length).equal(100);
	});

	it('waits until other faxes have left, with empty hands', async () => {
		const budget = new ByteBudget(mb);
		while (budget.used < mb - 50) {
			budget.tryTake(Math.min(10_000, mb - 50 - budget.used));
		}

		const {outcome} = start(clients, await answering(whole), ['a.pdf', 'b.pdf'], {budget});
		await turns(50);
		should(outcome.state).equal('pending');
		should(budget.used).equal(mb - 50);
		budget.give(200);
		await finish(clients, outcome);
		should(outcome.state).equal('resolved');
	});

	it('finds room for a document of unknown length without waiting for all that a fax may have', async () => {
		const budget = new ByteBudget(mb);
		budget.tryTake(800_000);
		const server = await serve((_, response) => {
			response.write(pdf(150_000));
			response.end();
		});
		const {outcome} = start(clients, server, ['a.pdf'], {budget, maxBytes: mb});
		await turns(50);
		should(outcome.state).equal('pending');
		budget.give(200_000);
		await finish(clients, outcome);
		should(outcome.state).equal('resolved');
	});

	it('leaves the fax to the service when there is no room before the lock ends', async () => {
		const budget = new ByteBudget(mb);
		budget.tryTake(mb);
		const {outcome} = start(clients, await answering(whole), ['a.pdf'], {budget});
		await until(() => clients.clock.nextMs === 300_000);
		clients.clock.advance(300_000);
		await until(() => outcome.state !== 'pending');
		should(outcome.error).match({code: 'RETARUS_TIMEOUT', reason: 'noRoomInTime', facts: {id: 'a', topic: 't'}});
		should(budget.used).equal(mb);
	});

	it('gets the whole budget, alone, when it is larger than that', async () => {
		const {outcome, budget} = start(
			clients,
			await answering((response) => response.end(pdf(50_000))),
			['a.pdf', 'b.pdf'],
			{
				budget: new ByteBudget(20_000),
			},
		);
		await finish(clients, outcome);
		should(outcome.state).equal('resolved');
		should(budget.used).equal(20_000);
	});

	it('never deadlocks beside many others', async () => {
		const budget = new ByteBudget(300_000);
		let most = 0;
		const server = await serve((request, response) => {
			most = Math.max(most, budget.used);
			response.end(pdf(50_000 + request.url.length * 1000));
		});
		const started = Array.from({length: 12}, (_, fax) =>
			start(
				clients,
				server,
				[1, 2, 3].map((number) => `${fax}-${number}.pdf`),
				{budget},
			),
		);
		await Promise.all(
			started.map(async ({fetched}) => {
				(await fetched).release();
			}),
		);
		should(budget.used).equal(0);
		should(most).be.belowOrEqual(300_000);
	});

	it('takes no more than the slots of the account, and six of them for one fax', async () => {
		for (const [slots, expected] of [
			[3, 3],
			[16, 6],
		] as const) {
			const waiting: ServerResponse[] = [];
			let left = 20;
			let most = 0;
			const server = await answering((response) => {
				waiting.push(response);
				most = Math.max(most, waiting.length);
				while (waiting.length >= Math.min(expected, left) && left > 0) {
					left -= 1;
					waiting.shift()?.end(pdf());
				}
			});
			const names = Array.from({length: 20}, (_, index) => `${index}.pdf`);
			const {outcome} = start(clients, server, names, {slots: new Slots(slots)});
			await finish(clients, outcome);
			should(outcome.state).equal('resolved');
			should(most).equal(expected);
		}
	});
});

describe('A document that drips', () => {
	const clients = new Clients();

	/** What servers do each second. */
	let seconds: ((second: number) => void)[] = [];

	beforeEach(() => {
		seconds = [];
	});

	/** Announces 64 MB and sends a byte now and then. */
	const drip = (response: ServerResponse): void => {
		response.writeHead(200, {'content-length': 64 * mb});
		response.write('%');
		seconds.push((second) => {
			if (second % 29 === 0) {
				response.write('x');
			}
		});
	};

	/** Time passes in steps, so that what is written arrives in between. Returns how much time. */
	const pass = async (mostMs: number, isOver: () => boolean): Promise<number> => {
		let passedMs = 0;
		for (; passedMs < mostMs && !isOver(); passedMs += 1000) {
			clients.clock.advance(1000);
			for (const act of seconds) {
				act(passedMs / 1000);
			}

			await turns(4);
		}

		return passedMs;
	};

	it('ends within four minutes, with an error that names the fax', async () => {
		const server = await answering(drip);
		const {outcome, budget} = start(clients, server, ['a.pdf'], {lockedForMs: () => 86_400_000});
		const tookMs = await pass(600_000, () => outcome.state !== 'pending');
		should(outcome.error).match({
			code: 'RETARUS_TIMEOUT',
			reason: 'tooSlow',
			facts: {id: 'a', topic: 't', seconds: 60},
		});
		should(tookMs).be.below(240_000);
		should(server.seen.length).equal(2);
		should(budget.used).equal(0);
	});

	it('names the fax, too, when it falls silent', async () => {
		const server = await serve((_, response) => {
			response.write('%PDF-1.4');
		});
		const {outcome} = start(clients, server, ['a.pdf'], {lockedForMs: () => 0});
		await pass(60_000, () => outcome.state !== 'pending');
		should(outcome.error).match({reason: 'silent', facts: {id: 'a', topic: 't', seconds: 30}});
	});

	it('holds up no document beside it, in the budget or elsewhere', async () => {
		const budget = new ByteBudget(256 * mb);
		const slots = new Slots(32);
		const server = await serve((request, response) => {
			if (request.url.includes('slow')) {
				drip(response);
			} else {
				response.end(pdf());
			}
		});
		const connection = connect(clients, server);
		const slow = [1, 2, 3, 4, 5].map((fax) => {
			const names = Array.from({length: 10}, (_, index) => `slow-${fax}-${index}.pdf`);
			return start(clients, server, names, {id: String(fax), maxBytes: 1024 * mb, budget, slots, connection});
		});
		await until(() => server.seen.length === 30);
		const quick = start(clients, server, ['a.pdf', 'b.pdf'], {budget, slots, connection});
		await until(() => quick.outcome.state === 'resolved');
		should(budget.used).be.below(10_000);
		await pass(300_000, () => slow.every(({outcome}) => outcome.state === 'rejected'));
		should(slow.map(({outcome}) => outcome.error)).match(
			[1, 2, 3, 4, 5].map((fax) => ({reason: 'tooSlow', facts: {id: String(fax)}})),
		);
	});

	it('is delivered when its line is slow but works', async () => {
		const content = pdf(200_000);
		const server = await serve((_, response) => {
			let sent = 0;
			response.writeHead(200, {'content-length': content.length});
			response.flushHeaders();
			seconds.push(() => {
				response.write(content.subarray(sent, sent + 2000));
				sent += 2000;
			});
		});
		const {outcome} = start(clients, server, ['a.pdf']);
		await pass(300_000, () => outcome.state !== 'pending');
		should(outcome.value?.documents[0]?.content.equals(content)).be.true();
		should(server.seen.length).equal(1);
	});
});
