import should from 'should';
import type {RetarusError} from '../../../lib/errors';
import {pdf} from '../../world/fake-retarus';
import {endOf, minute, Receiving, usual} from '../../world/receiving';
import {rejection, turns, watch} from '../../world/turns';

describe('A topic', () => {
	let receiving: Receiving;
	beforeEach(() => {
		receiving = new Receiving();
	});
	afterEach(() => endOf(receiving));

	it('delivers each fax once, with all its documents', async () => {
		receiving.retarus.addFax('a', {'a.1.pdf': pdf, 'a.2.pdf': pdf});
		receiving.retarus.add('b');
		await receiving.receive();
		should(receiving.deliveries.sort()).deepEqual(['a 1', 'b 1']);
		should(
			receiving.delivered
				.find(({id}) => id === 'a')
				?.documents.map(({filename, index, size}) => ({filename, index, size})),
		).deepEqual([
			{filename: 'a.1.pdf', index: 0, size: pdf.length},
			{filename: 'a.2.pdf', index: 1, size: pdf.length},
		]);
		await receiving.pass(minute);
		should(receiving.deliveries.length).equal(2);
	});

	it('acknowledges nothing by itself: not by polling, not by time, not by closing', async () => {
		receiving.retarus.add('a', 'b');
		const stop = await receiving.receive({maxDeliveries: 1});
		await receiving.pass(3 * 60 * minute);
		stop();
		await receiving.account.close();
		should(receiving.retarus.exchanges.flatMap(({ids}) => ids)).be.empty();
	});

	it('locks faxes for as long as the receiver asks', async () => {
		await receiving.receive({lockTimeoutMs: 7 * minute});
		should(receiving.retarus.exchanges).match([{fetch: 10, timeoutMs: 7 * minute, ids: []}]);
	});

	it('starts the next round one interval after the last one has ended', async () => {
		await receiving.receive();
		await receiving.pass(29_999);
		should(receiving.retarus.exchanges.length).equal(1);
		await receiving.pass(1);
		should(receiving.retarus.exchanges.length).equal(2);
	});

	it('polls again at once while answers are full, as far as there is room', async () => {
		receiving.retarus.add(...Array.from({length: 12}, (_, index) => `f${index}`));
		await receiving.receive({batchSize: 3, maxInFlight: 7});
		await receiving.pass(1000);
		should(receiving.retarus.exchanges.map(({fetch}) => fetch)).deepEqual([3, 3, 1]);
		should(receiving.delivered.length).equal(7);
		should(receiving.topic.status).match({state: {kind: 'full'}, inFlight: 7});
		await receiving.pass(minute);
		should(receiving.delivered.length).equal(7);
	});

	it('sends acknowledgements with the polls of a backlog', async () => {
		const ids = Array.from({length: 20}, (_, index) => `f${index}`);
		receiving.retarus.add(...ids);
		receiving.topic.on('delivery', ({id, delivery}) => void receiving.topic.acknowledge({id, delivery}));
		await receiving.receive({batchSize: 5, maxInFlight: 10});
		await receiving.pass(2000);
		should([...receiving.retarus.acknowledged].sort()).deepEqual(ids.sort());
		should(receiving.retarus.exchanges.length).be.belowOrEqual(7);
		should(receiving.topic.status).match({inFlight: 0, unconfirmed: 0, counts: {delivered: 20, acknowledged: 20}});
	});

	describe('whose service lists a fax again', () => {
		it('leaves the fax with the flow that works on it, and takes the new lock', async () => {
			receiving.retarus.add('a');
			await receiving.receive({lockTimeoutMs: minute, processingTimeoutMs: 10 * minute});
			await receiving.pass(9 * minute);
			should(receiving.deliveries).deepEqual(['a 1']);
			const lease = receiving.memory.leases.get('a');
			should(lease?.state).equal('delivered');
			should(
				lease?.state === 'delivered' && receiving.clock.now().steadyMs - lease.lock.since.steadyMs,
			).be.belowOrEqual(minute);
		});

		it('repeats the acknowledgement of an accepted fax and never delivers it again', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			await Promise.all([receiving.topic.acknowledge({id: 'a'}), receiving.pass(1000)]);
			for (let time = 0; time < 4; time += 1) {
				receiving.retarus.forgetAcknowledge('a');
				await receiving.pass(minute);
				should(receiving.retarus.acknowledged).deepEqual(['a']);
			}

			should(receiving.deliveries).deepEqual(['a 1']);
			should(receiving.notices).match([{kind: 'acknowledgeIgnored'}]);
		});

		it('does not deliver a fax that the very answer to its acknowledgement lists', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			const body = JSON.stringify({results: [{id: 'a', documents: [{url: 'x/a.pdf'}]}]});
			receiving.retarus.fate = (request) =>
				request.kind === 'exchange' && request.fetch > 0 ? {status: 200, body} : undefined;
			await Promise.all([receiving.topic.acknowledge({id: 'a', delivery: 1}), receiving.pass(10 * minute)]);
			should(receiving.deliveries).deepEqual(['a 1']);
			should(receiving.retarus.exchanges.length).be.belowOrEqual(24, 'asked no more often than the interval says');
			should(receiving.retarus.exchanges.slice(3).every(({ids}) => ids.includes('a'))).be.true();
		});

		it('never delivers an accepted fax again, even after a restart without a confirmation', async () => {
			receiving.retarus.add('a', 'b');
			await receiving.receive();
			receiving.retarus.fate = () => 'unreachable';
			void receiving.topic.acknowledge({id: 'a', delivery: 1}).catch(() => undefined);
			await receiving.pass(100);
			const next = receiving.restarted({files: receiving.files.afterPowerCut()});
			receiving.retarus.fate = () => undefined;
			receiving.retarus.unlock();
			await next.receive();
			await next.pass(30 * minute);
			should(next.deliveries.filter((name) => name.startsWith('a'))).be.empty();
			should(next.delivered.map(({id}) => id)).containEql('b');
			should(next.retarus.acknowledged).deepEqual(['a']);
			await next.account.close();
		});

		it('redelivers a fax whose process crashed, with the next number, after a rest', async () => {
			receiving.retarus.add('a');
			await receiving.receive({lockTimeoutMs: minute});
			const next = receiving.restarted();
			receiving.retarus.unlock();
			await next.receive({lockTimeoutMs: minute});
			should(next.deliveries).be.empty();
			await next.pass(2 * minute);
			should(next.deliveries).deepEqual(['a 2']);
			await next.account.close();
		});

		it('delivers a fax once that one answer lists twice', async () => {
			receiving.retarus.add('a');
			const entry = {id: 'a', documents: [{url: 'x/a.pdf'}]};
			receiving.retarus.fate = (request) =>
				request.kind === 'exchange' ? {status: 200, body: JSON.stringify({results: [entry, entry]})} : undefined;
			await receiving.receive();
			should(receiving.deliveries).deepEqual(['a 1']);
		});
	});

	describe('asked for a round', () => {
		it('polls at once, and says when the round is over', async () => {
			await receiving.receive({pollIntervalMs: 0});
			await receiving.pass(60 * minute);
			should(receiving.retarus.exchanges).be.empty();
			should(receiving.topic.status.state.kind).equal('onDemand');
			receiving.retarus.add('a');
			const both = [watch(receiving.topic.poll()), watch(receiving.topic.poll())];
			await turns();
			should(both.map(({state}) => state)).deepEqual(['resolved', 'resolved']);
			should(receiving.retarus.exchanges.length).equal(1);
			should(receiving.deliveries).deepEqual(['a 1']);
		});

		it('says why the round failed', async () => {
			await receiving.receive({pollIntervalMs: 0});
			receiving.retarus.fate = () => ({status: 500});
			should(await rejection(receiving.topic.poll())).match({code: 'RETARUS_SERVICE'});
		});
	});

	describe('that is paused', () => {
		it('does not poll, goes on acknowledging without fetching, and polls once it is resumed', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			receiving.topic.pause();
			should(receiving.topic.status.state.kind).equal('paused');
			const polls = receiving.retarus.exchanges.length;
			await Promise.all([receiving.topic.acknowledge({id: 'a', delivery: 1}), receiving.pass(10 * minute)]);
			should(receiving.retarus.exchanges.slice(polls)).match([{fetch: 0, ids: ['a']}]);
			should(receiving.retarus.exchanges.length).equal(polls + 1);
			receiving.topic.resume();
			await turns();
			should(receiving.retarus.exchanges.length).equal(polls + 2);
		});

		it('stays so over redeploys of its receiver and of the account, until it is resumed', async () => {
			const stop = await receiving.receive();
			receiving.topic.pause();
			stop();
			await receiving.receive();
			await receiving.pass(60 * minute);
			should(receiving.retarus.exchanges.length).equal(1);
			await receiving.account.close();
			const {clock, retarus, memory, files} = receiving;
			receiving = new Receiving({clock, retarus, memory, files});
			await receiving.receive();
			await receiving.pass(60 * minute);
			should(receiving.topic.status.state.kind).equal('paused');
			should(retarus.exchanges.length).equal(1);
			receiving.topic.resume();
			await turns();
			should(retarus.exchanges.length).equal(2);
		});

		it('polls one round on request', async () => {
			receiving.retarus.add('a');
			const stop = await receiving.receive({pollIntervalMs: 30_000});
			receiving.topic.pause();
			const before = receiving.retarus.exchanges.length;
			await Promise.all([receiving.topic.poll(), receiving.pass(1000)]);
			await receiving.pass(10 * minute);
			should(receiving.retarus.exchanges.length).equal(before + 1);
			stop();
		});
	});

	it('delivers nothing to a receiver that is gone, and goes on with the next one', async () => {
		receiving.retarus.add('a');
		receiving.retarus.fate = (request) => (request.kind === 'download' ? 'hangs' : undefined);
		const stop = await receiving.receive();
		stop();
		await turns();
		receiving.retarus.fate = () => undefined;
		await receiving.pass(1000);
		should(receiving.deliveries).be.empty();
		await receiving.receive();
		should(receiving.deliveries).deepEqual(['a 1']);
	});

	it('keeps its leases while single nodes are redeployed', async () => {
		receiving.retarus.add('a');
		const stop = await receiving.receive({lockTimeoutMs: minute});
		stop();
		await receiving.receive({lockTimeoutMs: minute});
		await receiving.pass(3 * minute);
		should(receiving.deliveries).deepEqual(['a 1']);
	});

	it('has one receiver at a time', async () => {
		const stop = await receiving.receive();
		should(() => receiving.topic.receive(usual)).throw({reason: 'queueTaken'});
		stop();
		stop();
		await receiving.receive();
	});

	it('reports once how many entries have no usable id, until an answer has none, and delivers the others', async () => {
		receiving.retarus.add('a');
		receiving.retarus.fate = (request) =>
			request.kind === 'exchange'
				? {
						status: 200,
						body: JSON.stringify({results: [{id: ''}, {id: 'x,y'}, {id: 'a', documents: [{url: 'a.pdf'}]}]}),
					}
				: undefined;
		const recoveries: RetarusError[] = [];
		receiving.topic.on('recovery', (error) => recoveries.push(error));
		await receiving.receive();
		should(receiving.troubles).match([{reason: 'entryMalformed', facts: {topic: 't', count: 2}}]);
		should(receiving.deliveries).deepEqual(['a 1']);
		await receiving.pass(5 * minute);
		should(receiving.troubles.length).equal(1);
		const {fate} = receiving.retarus;
		receiving.retarus.fate = () => undefined;
		await receiving.pass(minute);
		should(recoveries).match([{reason: 'entryMalformed'}]);
		receiving.retarus.fate = fate;
		await receiving.pass(minute);
		should(receiving.troubles.length).equal(2);
	});

	describe('in trial mode', () => {
		it('locks for a second, delivers each fax once and acknowledges nothing', async () => {
			await receiving.account.close();
			receiving = new Receiving({isTrial: true});
			receiving.retarus.add('a');
			await receiving.receive();
			should(receiving.retarus.exchanges[0]?.timeoutMs).equal(1000);
			await receiving.topic.acknowledge({id: 'a', delivery: 1});
			await receiving.pass(60 * minute);
			should(receiving.deliveries).deepEqual(['a 1']);
			should(receiving.retarus.exchanges.flatMap(({ids}) => ids)).be.empty();
			should(receiving.files.names()).be.empty();
		});
	});
});
