import should from 'should';
import {GuardError} from '../../../lib/errors';
import {endOf, minute, Receiving} from '../../world/receiving';
import {rejection, turns, watch} from '../../world/turns';

describe('A topic that is told what became of a fax', () => {
	let receiving: Receiving;
	beforeEach(() => {
		receiving = new Receiving();
	});
	afterEach(() => endOf(receiving));

	it('writes an acknowledgement to disk before it sends it', async () => {
		receiving.retarus.add('a');
		await receiving.receive();
		let onDisk: string | undefined;
		receiving.retarus.fate = () => {
			onDisk ??= receiving.files
				.afterPowerCut()
				.names()
				.map((name) => receiving.files.afterPowerCut().get(name))
				.join();
			return undefined;
		};
		await Promise.all([receiving.topic.acknowledge({id: 'a', delivery: 1}), receiving.pass(1000)]);
		should(onDisk).match(/"type":"accepted","id":"a"/);
	});

	it('sends acknowledgements alone when nobody receives', async () => {
		const acknowledged = receiving.topic.acknowledge({id: 'somewhere else'});
		await receiving.pass(1000);
		await acknowledged;
		should(receiving.retarus.exchanges).match([{fetch: 0, ids: ['somewhere else']}]);
		should(receiving.retarus.exchanges.length).equal(1);
	});

	it('takes the same acknowledgement twice as a success, before and after the confirmation', async () => {
		receiving.retarus.add('a');
		await receiving.receive();
		const both = Promise.all([
			receiving.topic.acknowledge({id: 'a', delivery: 1}),
			receiving.topic.acknowledge({id: 'a'}),
		]);
		await receiving.pass(1000);
		await both;
		await receiving.topic.acknowledge({id: 'a', delivery: 1});
		should(receiving.retarus.exchanges.filter(({ids}) => ids.includes('a')).length).equal(1);
		should(receiving.topic.status.counts.acknowledged).equal(1);
	});

	it('takes a second acknowledgement as a success that is written together with the confirmation of the first', async () => {
		await receiving.topic.opened;
		const first = watch(receiving.topic.acknowledge({id: 'a'}));
		// Both are asked for before either is on the disk; the second is written only after the service has confirmed the
		// first.
		const release = receiving.files.holdAppends();
		const second = watch(receiving.topic.acknowledge({id: 'a'}));
		release();
		await receiving.pass(1000);
		should([first.state, second.state]).deepEqual(['resolved', 'resolved']);
	});

	it('repeats acknowledgements whose answer was lost until one arrives', async () => {
		receiving.retarus.add('a');
		await receiving.receive();
		let lost = 3;
		receiving.retarus.fate = () => (lost-- > 0 ? 'lost' : undefined);
		const acknowledged = watch(receiving.topic.acknowledge({id: 'a', delivery: 1}));
		await receiving.pass(10);
		should(acknowledged.state).equal('pending');
		should(receiving.topic.status.unconfirmed).equal(1);
		await receiving.pass(minute);
		should(acknowledged.state).equal('resolved');
		should(receiving.topic.status.unconfirmed).equal(0);
	});

	it('sends old acknowledgements after a restart, although no node asks for their topic', async () => {
		receiving.retarus.fate = () => 'unreachable';
		void receiving.topic.acknowledge({id: 'a'}).catch(() => undefined);
		await receiving.pass(1000);
		receiving.retarus.fate = () => undefined;
		const sent = receiving.retarus.exchanges.length;
		const next = receiving.restarted();
		await next.pass(1000);
		should(receiving.retarus.exchanges.slice(sent)).match([{fetch: 0, ids: ['a']}]);
		await next.account.close();
	});

	describe('and whose delivery fails', () => {
		it('reports an overdue delivery once, lets the fax rest and redelivers it', async () => {
			receiving.retarus.add('a');
			await receiving.receive({processingTimeoutMs: minute, lockTimeoutMs: minute});
			await receiving.pass(minute);
			should(receiving.failures).match([
				[
					{id: 'a', delivery: 1},
					{code: 'RETARUS_TIMEOUT', reason: 'overdue'},
				],
			]);
			should(receiving.topic.status).match({inFlight: 0, counts: {failed: 1}});
			should(receiving.deliveries).deepEqual(['a 1']);
			await receiving.pass(minute + 30_000);
			should(receiving.deliveries).deepEqual(['a 1', 'a 2']);
		});

		it('still accepts the acknowledgement of a flow that comes late', async () => {
			receiving.retarus.add('a');
			await receiving.receive({processingTimeoutMs: minute});
			await receiving.pass(minute);
			await Promise.all([receiving.topic.acknowledge({id: 'a', delivery: 1}), receiving.pass(1000)]);
			await receiving.pass(60 * minute);
			should(receiving.retarus.acknowledged).deepEqual(['a']);
			should(receiving.deliveries).deepEqual(['a 1']);
		});

		it('gives a fax up after the last delivery allowed, with the reason, and goes on sending it there', async () => {
			receiving.retarus.add('a');
			await receiving.receive({processingTimeoutMs: minute, lockTimeoutMs: minute, maxDeliveries: 2});
			await receiving.pass(30 * minute);
			const [first, second, ...rest] = receiving.delivered;
			should([first?.givenUp, second?.givenUp]).deepEqual([undefined, undefined]);
			should(rest.length).be.above(1);
			for (const fax of rest) {
				should(fax.givenUp).match({code: 'RETARUS_TIMEOUT', reason: 'overdue'});
				should(fax.documents.length).equal(1);
			}
		});

		it('gives a fax up without documents when these are unavailable', async () => {
			receiving.retarus.addFax('a', {});
			await receiving.receive({lockTimeoutMs: minute, maxDeliveries: 1});
			should(receiving.deliveries).be.empty();
			should(receiving.failures).match([[{id: 'a', delivery: 1}, {code: 'RETARUS_DOCUMENT_INVALID'}]]);
			await receiving.pass(5 * minute);
			should(receiving.delivered[0]).match({
				id: 'a',
				delivery: 2,
				documents: [],
				givenUp: {code: 'RETARUS_DOCUMENT_INVALID', reason: 'documentsNone'},
			});
		});

		it('takes no room for a fax that rests', async () => {
			receiving.retarus.add('bad', 'good');
			await receiving.receive({maxInFlight: 1, processingTimeoutMs: minute, lockTimeoutMs: 10 * minute});
			await receiving.pass(minute + 1000);
			should(receiving.deliveries).deepEqual(['bad 1', 'good 1']);
		});

		it('does not count a delivery while the service is out of reach for its documents', async () => {
			receiving.retarus.add('a');
			receiving.retarus.fate = (request) => (request.kind === 'download' ? 'unreachable' : undefined);
			await receiving.receive({lockTimeoutMs: minute});
			await receiving.pass(5 * minute);
			should(receiving.failures).be.empty();
			should(receiving.troubles).match([{code: 'RETARUS_NETWORK'}]);
			receiving.retarus.fate = () => undefined;
			await receiving.pass(5 * minute);
			should(receiving.deliveries[0]).equal('a 1');
		});
	});

	describe('by a give-back and an acknowledgement', () => {
		it('lets the first win: given back', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			should(await receiving.topic.giveBack({id: 'a', delivery: 1})).be.true();
			const refusal = await rejection(receiving.topic.acknowledge({id: 'a', delivery: 1}));
			should(refusal).be.instanceof(GuardError);
			should(refusal).match({reason: 'givenBack'});
			should(await receiving.topic.giveBack({id: 'a', delivery: 1})).be.false();
			should(receiving.retarus.acknowledged).be.empty();
		});

		it('lets the first win: acknowledged, even while that is being written', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			const release = receiving.files.holdAppends();
			const acknowledged = watch(receiving.topic.acknowledge({id: 'a', delivery: 1}));
			await turns();
			should(await receiving.topic.giveBack({id: 'a', delivery: 1})).be.false();
			release();
			await receiving.pass(1000);
			should(acknowledged.state).equal('resolved');
			should(receiving.topic.status.counts.failed).equal(0);
		});

		it('lets the first win: acknowledged after a hand-over, even while that is being written', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			await receiving.topic.handOver({id: 'a', delivery: 1});
			const release = receiving.files.holdAppends();
			const acknowledged = watch(receiving.topic.acknowledge({id: 'a', delivery: 1}));
			await turns();
			should(await receiving.topic.giveBack({id: 'a', delivery: 1})).be.false();
			release();
			await receiving.pass(1000);
			should(acknowledged.state).equal('resolved');
			should(receiving.topic.status.counts.failed).equal(0);
		});

		it('lets the first win after a restart as well', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			await receiving.topic.giveBack({id: 'a', delivery: 1});
			await turns();
			const next = receiving.restarted();
			should(await rejection(next.topic.acknowledge({id: 'a', delivery: 1}))).be.instanceof(GuardError);
			await next.account.close();
		});

		it('gives back only the current delivery', async () => {
			receiving.retarus.add('a');
			await receiving.receive({lockTimeoutMs: minute});
			await receiving.topic.giveBack({id: 'a', delivery: 1});
			await receiving.pass(2 * minute);
			should(receiving.deliveries).deepEqual(['a 1', 'a 2']);
			should(await receiving.topic.giveBack({id: 'a', delivery: 1})).be.false();
			should(await receiving.topic.giveBack({id: 'unknown', delivery: 1})).be.false();
			should(await receiving.topic.giveBack({id: 'a'})).be.true();
		});
	});

	describe('by a hand-over', () => {
		it('has room again, and does not redeliver the fax before its time is over', async () => {
			receiving.retarus.add('a', 'b');
			await receiving.receive({maxInFlight: 1, lockTimeoutMs: minute, processingTimeoutMs: 5 * minute});
			should(await receiving.topic.handOver({id: 'a', delivery: 1})).be.true();
			should(await receiving.topic.handOver({id: 'a', delivery: 1})).be.false();
			await receiving.pass(1000);
			should(receiving.deliveries).deepEqual(['a 1', 'b 1']);
			await receiving.pass(4 * minute);
			should(receiving.deliveries).deepEqual(['a 1', 'b 1']);
			await receiving.pass(5 * minute);
			should(receiving.deliveries).containEql('a 2');
		});
	});

	it('says at the third delivery that a flow never acknowledges', async () => {
		receiving.retarus.add('a');
		await receiving.receive({processingTimeoutMs: minute, lockTimeoutMs: minute});
		await receiving.pass(15 * minute);
		should(receiving.notices).match([{kind: 'neverAcknowledged', id: 'a', delivery: 3}]);
	});
});
