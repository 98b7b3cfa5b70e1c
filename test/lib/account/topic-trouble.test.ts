import should from 'should';
import {ServiceError, StateError} from '../../../lib/errors';
import {MemoryFiles} from '../../world/memory-files';
import {endOf, minute, Receiving, usual} from '../../world/receiving';
import {rejection, turns, watch} from '../../world/turns';

describe('A topic in trouble', () => {
	let receiving: Receiving;
	beforeEach(() => {
		receiving = new Receiving();
	});
	afterEach(() => endOf(receiving));

	it('asks for less after a poll whose answer was lost, and never repeats that poll at once', async () => {
		let lost = 2;
		receiving.retarus.fate = () => (lost-- > 0 ? 'lost' : undefined);
		await receiving.receive();
		should(receiving.retarus.exchanges.length).equal(1);
		await receiving.pass(10_000);
		should(receiving.retarus.exchanges.slice(0, 3).map(({fetch}) => fetch)).deepEqual([10, 5, 2]);
	});

	it('asks for as much as before when the service never saw the poll', async () => {
		let down = 2;
		receiving.retarus.fate = () => (down-- > 0 ? 'unreachable' : undefined);
		await receiving.receive();
		await receiving.pass(10_000);
		should(receiving.retarus.exchanges.map(({fetch}) => fetch)).deepEqual([10, 10, 10]);
	});

	it('waits no longer for a poll than half the lock', async () => {
		receiving.retarus.fate = () => 'hangs';
		await receiving.receive({lockTimeoutMs: 8000});
		await receiving.pass(3999);
		should(receiving.troubles).be.empty();
		await receiving.pass(1);
		should(receiving.troubles).match([{code: 'RETARUS_TIMEOUT'}]);
	});

	describe('over a poisoned acknowledgement', () => {
		it('confirms the others at once, keeps polling, and reports that id after a quarter of an hour', async () => {
			const ids = Array.from({length: 8}, (_, index) => `f${index}`);
			receiving.retarus.add(...ids);
			await receiving.receive();
			receiving.retarus.fate = (request) =>
				request.kind === 'exchange' && request.ids.includes('f5') ? {status: 400} : undefined;
			const outcomes = ids.map((id) => watch(receiving.topic.acknowledge({id, delivery: 1})));
			await receiving.pass(2000);
			should(outcomes.map(({state}) => state)).deepEqual(ids.map((id) => (id === 'f5' ? 'pending' : 'resolved')));
			await receiving.pass(15 * minute - 2000);
			should(outcomes[5]?.state).equal('pending');
			should(receiving.topic.status).match({unconfirmed: 1, setAside: 1, state: {kind: 'idle'}});
			await receiving.pass(15 * minute);
			should(outcomes[5]?.error).be.instanceof(ServiceError);
			should(outcomes[5]?.error).match({reason: 'idRefused', status: 400});
			should(receiving.notices).match([{kind: 'acknowledgeSetAside', id: 'f5', error: {status: 400}}]);
			receiving.retarus.add('new');
			await receiving.pass(minute);
			should(receiving.deliveries.at(-1)).equal('new 1');
			should(receiving.topic.status).match({unconfirmed: 0, setAside: 0});
		});

		it('keeps polling, at a bearable pace, when the service fails over it with 500', async () => {
			receiving.retarus.add('poison');
			await receiving.receive();
			receiving.retarus.fate = (request) =>
				request.kind === 'exchange' && request.ids.includes('poison') ? {status: 500} : undefined;
			const acknowledged = watch(receiving.topic.acknowledge({id: 'poison', delivery: 1}));
			await receiving.pass(2 * minute);
			receiving.retarus.add('new');
			await receiving.pass(minute);
			should(receiving.deliveries).containEql('new 1');
			should(acknowledged.state).equal('pending');
			watch(receiving.topic.acknowledge({id: 'new', delivery: 1}));
			const before = receiving.retarus.exchanges.length;
			await receiving.pass(60 * minute);
			// A poll every half minute, and the id every quarter of an hour.
			should(receiving.retarus.exchanges.length - before).be.belowOrEqual(120 + 6);
			receiving.retarus.fate = () => undefined;
			await receiving.pass(15 * minute);
			should(acknowledged.state).equal('resolved');
		});
	});

	describe('that is refused', () => {
		const cases = [
			[401, 'RETARUS_AUTH'],
			[403, 'RETARUS_AUTH'],
			[404, 'RETARUS_TOPIC'],
			[302, 'RETARUS_PROTOCOL'],
			[429, 'RETARUS_RATE_LIMIT'],
			[500, 'RETARUS_SERVICE'],
			[400, 'RETARUS_SERVICE'],
		] as const;
		for (const [status, code] of cases) {
			it(`reports ${code} once after ${status}, tries again slower and slower, and recovers`, async () => {
				receiving.retarus.fate = () => ({status});
				await receiving.receive();
				await receiving.pass(60 * minute);
				should(receiving.troubles.map((error) => error.code)).deepEqual([code]);
				should(receiving.topic.status.state).match({kind: 'trouble', error: {code}});
				should(receiving.retarus.exchanges.length).be.belowOrEqual(status < 405 && status > 400 ? 10 : 150);
				receiving.retarus.fate = () => undefined;
				receiving.retarus.add('a');
				await receiving.pass(17 * minute);
				should(receiving.deliveries[0]).equal('a 1');
				should(receiving.topic.status.state.kind).not.equal('trouble');
			});
		}

		it('makes all topics of the account wait after 401', async () => {
			receiving.retarus.fate = () => ({status: 401});
			await receiving.receive();
			const other = receiving.account.topic('u');
			other.receive(usual);
			await receiving.pass(20_000);
			should(receiving.retarus.exchanges.map(({topic}) => topic)).deepEqual(['t']);
			receiving.retarus.exchanges.length = 0;
		});

		it('does not poll on request after 401 either, and says why', async () => {
			receiving.retarus.fate = () => ({status: 401});
			await receiving.receive();
			should(await rejection(receiving.topic.poll())).match({code: 'RETARUS_AUTH'});
			should(receiving.retarus.exchanges.length).equal(1);
		});

		it('tries at once when the credentials change after 401', async () => {
			receiving.retarus.fate = () => ({status: 401});
			await receiving.receive();
			receiving.retarus.fate = () => undefined;
			receiving.account.connect({
				baseUrl: 'http://fake/faxin/rest/v1',
				customerNumber: '99999',
				password: 'new',
				requestTimeoutMs: 30_000,
				isTrial: false,
				proxy: 'none',
			});
			await turns();
			should(receiving.retarus.exchanges.map(({authorization}) => authorization)).deepEqual(
				['secret', 'new'].map((password) => `Basic ${Buffer.from(`99999:${password}`).toString('base64')}`),
			);
		});

		it('waits as long as Retry-After asks, an hour at most', async () => {
			receiving.retarus.fate = () => ({status: 503, headers: {'retry-after': '99999999'}});
			await receiving.receive();
			await receiving.pass(60 * minute - 1);
			should(receiving.retarus.exchanges.length).equal(1);
			await receiving.pass(1);
			should(receiving.retarus.exchanges.length).equal(2);
		});
	});

	describe('whose disk is full', () => {
		it('accepts nothing, fetches nothing more, reports that once, and recovers by itself', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			receiving.files.faults.freeBytes = 0;
			const refusal = await rejection(receiving.topic.acknowledge({id: 'a', delivery: 1}));
			should(refusal).be.instanceof(StateError);
			should(refusal).match({reason: 'notDurable', facts: {detail: 'ENOSPC'}});
			const before = receiving.retarus.exchanges.length;
			await receiving.pass(2 * minute);
			should(receiving.retarus.exchanges.length).equal(before);
			should(receiving.troubles.map(({code}) => code)).deepEqual(['RETARUS_STATE']);
			should(receiving.topic.status.state).match({kind: 'trouble', error: {code: 'RETARUS_STATE'}});
			receiving.files.mend();
			await receiving.pass(minute);
			should(receiving.retarus.exchanges.length).be.above(before);
			should(receiving.topic.status.state.kind).not.equal('trouble');
			await Promise.all([receiving.topic.acknowledge({id: 'a', delivery: 1}), receiving.pass(1000)]);
			should(receiving.retarus.acknowledged).deepEqual(['a']);
		});

		it('delivers no fax whose delivery it cannot count', async () => {
			receiving.retarus.add('a');
			receiving.retarus.fate = (request) => {
				if (request.kind === 'download') {
					receiving.files.faults.freeBytes = 0;
				}

				return undefined;
			};
			await receiving.receive();
			should(receiving.deliveries).be.empty();
			receiving.files.mend();
			receiving.retarus.fate = () => undefined;
			await receiving.pass(10 * minute);
			should(receiving.deliveries[0]).equal('a 1');
		});

		it('polls only once the disk works', async () => {
			await receiving.account.close();
			const files = new MemoryFiles();
			files.faults.open = true;
			receiving = new Receiving({files});
			receiving.retarus.add('a');
			await receiving.receive();
			await receiving.pass(minute);
			should(receiving.retarus.exchanges).be.empty();
			should(receiving.troubles.map(({code}) => code)).deepEqual(['RETARUS_STATE']);
			receiving.files.mend();
			await receiving.pass(minute);
			should(receiving.deliveries).deepEqual(['a 1']);
		});
	});

	describe('that is closed', () => {
		it('sends what was accepted and not yet sent', async () => {
			receiving.retarus.add('a', 'b');
			await receiving.receive();
			const acknowledged = watch(receiving.topic.acknowledge({id: 'a', delivery: 1}));
			await turns();
			should(receiving.retarus.acknowledged).be.empty();
			await receiving.account.close();
			should(receiving.retarus.acknowledged).deepEqual(['a']);
			await turns();
			should(acknowledged.state).equal('resolved');
			should(receiving.retarus.isClosed).be.true();
		});

		it('gives up within two seconds when the service does not answer', async () => {
			receiving.retarus.add('a', 'b');
			await receiving.receive();
			receiving.retarus.fate = () => 'hangs';
			void receiving.topic.acknowledge({id: 'a', delivery: 1}).catch(() => undefined);
			await receiving.pass(300);
			const closed = watch(receiving.account.close());
			await receiving.pass(2000);
			should(closed.state).equal('resolved');
			const next = receiving.restarted();
			receiving.retarus.fate = () => undefined;
			await next.pass(1000);
			should(receiving.retarus.acknowledged).deepEqual(['a']);
			await next.account.close();
		});

		it('leaves nothing behind, at any moment of its start', async () => {
			receiving.retarus.fate = () => 'unreachable';
			for (const topic of ['t', 'u']) {
				void receiving.account
					.topic(topic)
					.acknowledge({id: 'a'})
					.catch(() => undefined);
			}

			await receiving.pass(1000);
			for (let moment = 0; moment < 40; moment += 1) {
				const other = new Receiving({files: receiving.files.afterKill()});
				other.topic.receive(usual);
				for (let hop = 0; hop < moment; hop += 1) {
					await Promise.resolve();
				}

				const closed = other.account.close();
				await other.pass(2000);
				await closed;
				const handles = other.files.openHandles;
				await other.pass(minute);
				should([handles, other.files.openHandles, other.clock.pending]).deepEqual([0, 0, 0], `after ${moment} hops`);
			}
		});
	});
});
