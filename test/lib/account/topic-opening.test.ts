import should from 'should';
import {StateError} from '../../../lib/errors';
import {TopicMemory} from '../../../lib/faxes/memory';
import type {Release} from '../../../lib/ledger/folder-owner';
import {endOf, Receiving, usual, usualSettings} from '../../world/receiving';
import {rejection, turns, watch} from '../../world/turns';

const taken = new StateError('folderTaken', {folder: '/state'});

/** Another process owns the folder for this many attempts, which are five seconds apart. */
const ownAfter = (refusals: number) => {
	let left = refusals;
	return (): Promise<Release> => {
		left -= 1;
		return left >= 0 ? Promise.reject(taken) : Promise.resolve(() => Promise.resolve());
	};
};

describe('A topic that opens', () => {
	let receiving: Receiving;
	const changes = (): string[] => receiving.files.calls.filter((call) => !call.startsWith('makeFolder'));
	afterEach(() => endOf(receiving));

	it('knows what its ledger holds as soon as it says that it is open', async () => {
		receiving = new Receiving();
		receiving.retarus.fate = () => 'unreachable';
		void receiving.topic.acknowledge({id: 'a'}).catch(() => undefined);
		await receiving.pass(1000);
		receiving = receiving.restarted();
		should(receiving.topic.status.unconfirmed).equal(0);
		await receiving.topic.opened;
		should(receiving.topic.status.unconfirmed).equal(1);
	});

	it('accepts an acknowledgement as its very first act', async () => {
		receiving = new Receiving();
		const acknowledged = watch(receiving.topic.acknowledge({id: 'a'}));
		await receiving.pass(1000);
		should(acknowledged.state).equal('resolved');
	});

	it('says where it put a damaged ledger', async () => {
		receiving = new Receiving();
		for (const id of ['a', 'b']) {
			await Promise.all([receiving.topic.acknowledge({id}), receiving.pass(1000)]);
		}

		await receiving.account.close();
		const [path = ''] = receiving.files.names();
		receiving.files.put(path, (receiving.files.get(path) ?? '').replace('"a"', '"x"'));
		receiving = receiving.restarted();
		await receiving.topic.opened;
		should(receiving.notices).match([{kind: 'journalSetAside', path: /\.damaged-\d+$/}]);
		should(receiving.notices.length).equal(1);
	});

	it('says nothing about an intact ledger', async () => {
		receiving = new Receiving();
		await receiving.topic.opened;
		should(receiving.notices).be.empty();
	});

	it('tells those who have waited since the last deploy what the service has confirmed meanwhile', async () => {
		receiving = new Receiving();
		await Promise.all([receiving.topic.acknowledge({id: 'confirmed'}), receiving.pass(1000)]);
		await receiving.account.close();
		const memory = new TopicMemory(receiving.clock);
		const waiting = ['confirmed', 'unknown'].map((id) => watch(memory.confirmations.wait(id)));
		receiving = new Receiving({memory, files: receiving.files, clock: receiving.clock, retarus: receiving.retarus});
		await receiving.topic.opened;
		should(waiting.map(({state}) => state)).deepEqual(['resolved', 'pending']);
	});

	for (const [days, keptDays, isKnown] of [
		[9, 7, false],
		[30, 30, true],
		[32, 30, false],
	] as const) {
		const what = isKnown ? 'remembers' : 'forgets';
		it(`${what} after ${days} days what it settled, when the service keeps faxes for ${keptDays}`, async () => {
			const keptMs = keptDays * 86_400_000;
			receiving = new Receiving({keptMs});
			await Promise.all([receiving.topic.acknowledge({id: 'settled'}), receiving.pass(1000)]);
			// Each start counts a day at most of the time before it, and the time right before it not at all.
			for (const sleptDays of [...Array.from({length: days}, () => 1), 0]) {
				await receiving.account.close();
				receiving.clock.sleepMachine(sleptDays * 86_400_000);
				receiving = new Receiving({keptMs, files: receiving.files, clock: receiving.clock, retarus: receiving.retarus});
				await receiving.topic.opened;
				await receiving.pass(1000);
			}

			const journal = [...receiving.files.disk.contents.values()].join('');
			should(journal.includes('settled')).equal(isKnown);
		});
	}

	describe('in a folder that another process owns', () => {
		it('says so once, with the time of the next try, also to those that come later', async () => {
			receiving = new Receiving({own: ownAfter(3)});
			let changed = 0;
			receiving.topic.on('change', () => {
				changed += 1;
			});
			await receiving.pass(7000);
			should(receiving.troubles).deepEqual([taken]);
			should(changed).equal(1);
			should(receiving.topic.status.state).deepEqual({kind: 'trouble', error: taken, nextTryMs: 5000});
			const later: unknown[] = [];
			receiving.account.topic('later').on('trouble', (error) => later.push(error));
			await turns();
			should(later).deepEqual([taken]);
			await receiving.pass(20_000);
			should(receiving.troubles.length).equal(1);
			should(receiving.topic.status.state.kind).not.equal('trouble');
			should(receiving.folder.listenerCount('trouble')).equal(0);
		});

		it('touches nothing there, and polls as soon as the folder is its own', async () => {
			receiving = new Receiving({own: ownAfter(2)});
			receiving.topic.receive(usual);
			receiving.topic.pause();
			receiving.topic.resume();
			receiving.topic.wake();
			receiving.account.connect(usualSettings);
			for (const asked of [receiving.topic.poll(), receiving.topic.acknowledge({id: 'a'})]) {
				should(await rejection(asked)).equal(taken);
			}

			await receiving.pass(9999);
			should([changes(), receiving.retarus.exchanges]).deepEqual([[], []]);
			await receiving.pass(1);
			should(receiving.retarus.exchanges.length).equal(1);
		});

		it('makes no flow wait: it refuses what it is asked for, with the reason', async () => {
			receiving = new Receiving({own: ownAfter(1)});
			for (const asked of [
				receiving.topic.acknowledge({id: 'a'}),
				receiving.topic.checkAcknowledge({id: 'a', delivery: 1}),
				receiving.topic.gather({id: 'a'}, {index: 0, count: 1}),
				receiving.topic.giveBack({id: 'a', delivery: 1}),
				receiving.topic.handOver({id: 'a', delivery: 1}),
				receiving.topic.poll(),
				receiving.topic.preview.waiting(1),
			]) {
				should(await rejection(asked)).equal(taken);
			}

			should(await rejection(receiving.topic.acknowledge({id: 'a'}))).equal(taken);
			await receiving.pass(5000);
			await Promise.all([receiving.topic.acknowledge({id: 'a'}), receiving.pass(1000)]);
		});

		it('refuses an acknowledgement for no other reason while it takes the folder over', async () => {
			for (let moment = 0; moment < 40; moment += 1) {
				receiving = new Receiving({own: ownAfter(1)});
				await turns();
				receiving.clock.advance(5000);
				for (let hop = 0; hop < moment; hop += 1) {
					await Promise.resolve();
				}

				const acknowledged = watch(receiving.topic.acknowledge({id: 'a'}));
				await receiving.pass(1000);
				should(acknowledged.state === 'resolved' || acknowledged.error === taken).be.true(
					`after ${moment} hops: ${String(acknowledged.error)}`,
				);
			}
		});

		it('is paused from the start when it was told so before', async () => {
			receiving = new Receiving({own: ownAfter(1)});
			receiving.topic.receive(usual);
			receiving.topic.pause();
			await receiving.pass(60_000);
			should(receiving.retarus.exchanges).be.empty();
			should(receiving.topic.status.state.kind).equal('paused');
		});

		it('never opens its ledger once it is closed, not even to set a damaged one aside', async () => {
			receiving = new Receiving();
			for (const id of ['a', 'b']) {
				await Promise.all([receiving.topic.acknowledge({id}), receiving.pass(1000)]);
			}

			await receiving.account.close();
			const [path = ''] = receiving.files.names();
			receiving.files.put(path, (receiving.files.get(path) ?? '').replace('"a"', '"x"'));
			receiving = new Receiving({own: ownAfter(1), files: receiving.files.afterKill()});
			const {topic, clock, files} = receiving;
			topic.receive(usual);
			await turns();
			await receiving.account.close();
			clock.advance(5000);
			await topic.opened;
			await turns();
			should([changes(), files.names(), receiving.retarus.exchanges]).deepEqual([[], [path], []]);
		});
	});
});
