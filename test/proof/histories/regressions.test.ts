import should from 'should';
import {Account} from '../../../lib/account/account';
import {ByteBudget} from '../../../lib/documents/byte-budget';
import {StateError} from '../../../lib/errors';
import {Journal} from '../../../lib/ledger/journal';
import {TopicMemory} from '../../../lib/faxes/memory';
import {StateFolder} from '../../../lib/ledger/state-folder';
import {testEnvironment} from '../../world/environment';
import {FakeRetarus} from '../../world/fake-retarus';
import {MemoryFiles} from '../../world/memory-files';
import {endOf, minute, Receiving, usual} from '../../world/receiving';
import {turns, watch} from '../../world/turns';

const journalIn = (files: MemoryFiles): Journal =>
	new Journal({files, path: '/state/t.journal', apply: () => undefined, snapshot: () => ['a'], wallMs: () => 0});

/** What simulated histories have found, each as small as it could be made. */
describe('Found by simulated histories:', () => {
	it('what a killed process had written and not synced is durable before anything follows from it', async () => {
		const files = new MemoryFiles();
		const killed = journalIn(files);
		await killed.recover();
		await killed.heal();
		await killed.append('b', 'written');
		const next = new Journal({
			files,
			path: '/state/t.journal',
			apply: () => undefined,
			snapshot: () => ['a', 'b'],
			wallMs: () => 0,
		});
		await next.recover();
		await next.heal();
		should(files.afterPowerCut().get('/state/t.journal')).match(/"b"/);
	});

	it('a receiver that is paused and resumed while another process owns the folder neither polls nor writes', async () => {
		const environment = testEnvironment();
		const retarus = new FakeRetarus(environment.clock);
		const taken = (): Promise<never> => Promise.reject(new StateError('folderTaken', {folder: '/state'}));
		const account = new Account(
			{
				baseUrl: 'http://fake/faxin',
				customerNumber: '1',
				password: 'secret',
				requestTimeoutMs: 30_000,
				isTrial: false,
				proxy: 'none',
			},
			{
				environment,
				folder: new StateFolder('/state', environment, taken),
				budget: new ByteBudget(1024),
				memory: () => new TopicMemory(environment.clock),
				createTransport: () => retarus,
			},
		);
		const topic = account.topic('t');
		topic.receive(usual);
		topic.pause();
		topic.resume();
		await turns();
		should(retarus.exchanges).be.empty();
		should(environment.files.calls).be.empty();
		await account.close();
	});

	describe('a topic', () => {
		let receiving: Receiving;
		beforeEach(() => {
			receiving = new Receiving();
		});
		afterEach(() => endOf(receiving));

		/** The service refuses every request that carries one of these. */
		const refuse = (...poisoned: readonly string[]): void => {
			receiving.retarus.fate = (request) =>
				request.kind === 'exchange' && request.ids.some((id) => poisoned.includes(id)) ? {status: 400} : undefined;
		};

		it('delivers a fax again soon after a restart although the wall clock was set back', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			should(receiving.deliveries).deepEqual(['a 1']);
			receiving = receiving.restarted();
			receiving.clock.jumpWall(-24 * 60 * minute);
			receiving.retarus.unlock();
			await receiving.receive();
			await receiving.pass(20 * minute);
			should(receiving.deliveries[0]).equal('a 2');
		});

		it('acknowledges nothing at its end that the process before has written and that is not yet durable here', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			receiving.retarus.fate = () => ({status: 503});
			watch(receiving.topic.acknowledge({id: 'a', delivery: 1}));
			await receiving.pass(1000);
			receiving = receiving.restarted();
			receiving.retarus.fate = () => undefined;
			receiving.files.faults.sync = true;
			await receiving.pass(100);
			receiving.files.mend();
			// The second attempt to write the ledger is under way, and takes its time.
			const release = receiving.files.holdAppends();
			await receiving.pass(minute);
			const before = receiving.retarus.exchanges.length;
			const closed = watch(receiving.account.close());
			await receiving.pass(1000);
			should(receiving.retarus.exchanges.slice(before)).be.empty();
			release();
			await receiving.pass(5000);
			should(closed.state).equal('resolved');
			receiving = receiving.restarted();
			await receiving.pass(5000);
			should(receiving.retarus.exchanges.at(-1)?.ids).deepEqual(['a']);
		});

		it('acknowledges nothing that is given back in the same breath, and gives nothing back that is being accepted', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			const acknowledged = watch(receiving.topic.acknowledge({id: 'a', delivery: 1}));
			const givenBack = watch(receiving.topic.giveBack({id: 'a', delivery: 1}));
			await receiving.pass(1000);
			should([acknowledged.state, givenBack.value]).deepEqual(['resolved', false]);
		});

		it('goes on polling when two ids are poisoned, one after the other, and refuses both', async () => {
			refuse('x', 'y');
			receiving.retarus.add('a');
			await receiving.receive({maxInFlight: 3, batchSize: 3});
			receiving.topic.pause();
			const first = watch(receiving.topic.acknowledge({id: 'x'}));
			await receiving.pass(minute);
			const second = watch(receiving.topic.acknowledge({id: 'y'}));
			receiving.topic.resume();
			receiving.retarus.add('b');
			await receiving.pass(minute);
			should(receiving.deliveries).containEql('b 1');
			await receiving.pass(60 * minute);
			should([first.state, second.state]).deepEqual(['rejected', 'rejected']);
		});

		it('goes on polling when more ids are poisoned than the flow may hold', async () => {
			const poisoned = ['x', 'y', 'z'];
			refuse(...poisoned);
			await receiving.receive({maxInFlight: 1});
			const outcomes = poisoned.map((id) => watch(receiving.topic.acknowledge({id})));
			receiving.retarus.add('a');
			await receiving.pass(minute);
			should(receiving.deliveries).containEql('a 1');
			await receiving.pass(60 * minute);
			should(outcomes.map(({state}) => state)).deepEqual(['rejected', 'rejected', 'rejected']);
		});

		it('says an acknowledge again while the fax is locked, also when the next poll comes later', async () => {
			receiving.retarus.add('a');
			await receiving.receive({lockTimeoutMs: 10_000, pollIntervalMs: minute});
			await Promise.all([receiving.topic.acknowledge({id: 'a', delivery: 1}), receiving.pass(1000)]);
			receiving.retarus.forgetAcknowledge('a');
			const before = receiving.retarus.exchanges.length;
			await receiving.pass(2 * minute);
			const [listing, again] = receiving.retarus.exchanges.slice(before);
			should(listing?.ids).deepEqual([]);
			should(again?.ids).deepEqual(['a']);
			should((again?.atMs ?? Infinity) - (listing?.atMs ?? 0)).be.below(5000);
		});

		it('says an acknowledge again while the fax is locked, also when it rode on a poll that came too late', async () => {
			receiving.retarus.add('a');
			await receiving.receive({lockTimeoutMs: 10_000, pollIntervalMs: minute});
			await Promise.all([receiving.topic.acknowledge({id: 'a', delivery: 1}), receiving.pass(1000)]);
			// Whatever was acknowledged, each round lists it once more.
			const again = async (): Promise<readonly {readonly atMs: number; readonly ids: readonly string[]}[]> => {
				const before = receiving.retarus.exchanges.length;
				receiving.retarus.forgetAcknowledge('a');
				await Promise.all([receiving.topic.poll(), receiving.pass(5000)]);
				return receiving.retarus.exchanges.slice(before);
			};
			should((await again()).map(({ids}) => ids)).deepEqual([[], ['a']]);
			// Listed so soon after that it must wait for the next poll, whose acknowledge is too late for this service.
			should((await again()).map(({ids}) => ids)).deepEqual([[]]);
			await receiving.pass(20_000);
			should((await again()).map(({ids}) => ids)).deepEqual([['a']]);
			should((await again()).map(({ids}) => ids)).deepEqual([[], ['a']]);
		});

		it('keeps the room for which a poll has asked from faxes whose rest ends meanwhile', async () => {
			receiving.retarus.add('a');
			await receiving.receive({maxInFlight: 1, lockTimeoutMs: minute, pollIntervalMs: 5000});
			await receiving.topic.giveBack({id: 'a', delivery: 1});
			await receiving.pass(42_000);
			receiving.retarus.unlock();
			await receiving.pass(5000);
			should(receiving.memory.leases.get('a')).match({state: 'resting', held: {listing: {id: 'a'}}});
			let most = 0;
			receiving.topic.on('change', () => {
				most = Math.max(most, receiving.memory.leases.inFlight);
			});
			receiving.retarus.add('b');
			let isFirst = true;
			receiving.retarus.fate = (request) => {
				if (isFirst && request.kind === 'exchange') {
					isFirst = false;
					receiving.clock.jumpWall(15_000);
					receiving.topic.wake();
				}

				return undefined;
			};
			await receiving.pass(10_000);
			should(isFirst).be.false();
			should(most).equal(1);
		});
	});
});
