import should from 'should';
import {ConfigError} from '../../../lib/errors';
import {endOf, minute, Receiving, usual, usualSettings} from '../../world/receiving';
import {turns, watch} from '../../world/turns';

const authorization = (password: string): string => `Basic ${Buffer.from(`99999:${password}`).toString('base64')}`;

describe('The receivers of a topic', () => {
	let receiving: Receiving;
	beforeEach(() => {
		receiving = new Receiving();
	});
	afterEach(() => endOf(receiving));

	it('are one at a time, and a second one is told of which topic', () => {
		receiving.topic.receive(usual);
		should(() => receiving.topic.receive(usual)).throw(ConfigError, {
			reason: 'queueTaken',
			facts: {topic: 't', node: 't'},
		});
	});

	it('leave the next one alone when they leave twice', async () => {
		const stop = await receiving.receive();
		stop();
		receiving.topic.receive({...usual, batchSize: 3});
		stop();
		await receiving.pass(minute);
		should(receiving.topic.hasReceiver).be.true();
		should(receiving.retarus.exchanges.at(-1)?.fetch).equal(3);
	});

	it('never poll when they leave before the ledger was read', async () => {
		receiving.topic.receive(usual)();
		await receiving.pass(minute);
		should(receiving.retarus.exchanges).be.empty();
	});

	it('poll in their own way when they replace another before the ledger was read', async () => {
		receiving.topic.receive(usual)();
		receiving.topic.receive({...usual, batchSize: 3});
		await receiving.pass(minute);
		should(receiving.retarus.exchanges.map(({fetch}) => fetch)).deepEqual([3, 3, 3]);
	});

	it('fetch no document when the topic is closed before its ledger was read', async () => {
		receiving.retarus.add('a');
		receiving.retarus.fate = (request) => (request.kind === 'download' ? 'hangs' : undefined);
		await receiving.receive();
		await receiving.account.close();
		const before = receiving.retarus.downloads.length;
		const {clock, retarus, memory, files} = receiving;
		receiving = new Receiving({clock, retarus, memory, files});
		should(memory.leases.get('a')?.state).equal('listed');
		receiving.topic.receive(usual);
		await receiving.account.close();
		await turns();
		should(retarus.downloads.length).equal(before);
	});

	it('start no poll that falls due while the topic is being closed', async () => {
		await receiving.receive();
		receiving.clock.jumpWall(minute);
		const closed = receiving.account.close();
		receiving.topic.wake();
		await closed;
		should(receiving.retarus.exchanges.length).equal(1);
	});

	describe('with credentials of their own', () => {
		const used = (): (string | undefined)[] => receiving.retarus.exchanges.map((exchange) => exchange.authorization);
		const acknowledge = async (id: string): Promise<void> => {
			const acknowledged = watch(receiving.topic.acknowledge({id}));
			await receiving.pass(1000);
			should(acknowledged.state).equal('resolved');
		};

		it('poll with these, and lend them to every acknowledgement', async () => {
			const own = receiving.account.connect({...usualSettings, password: 'own'});
			receiving.topic.use(receiving.account.connect({...usualSettings, password: 'of an ack node'}));
			receiving.account.connect({...usualSettings, password: 'newest'});
			receiving.topic.receive(usual, own);
			await receiving.pass(1000);
			await acknowledge('a');
			should(used()).deepEqual([authorization('own'), authorization('own')]);
		});

		it('take them along when they leave: acknowledgements then go with those of an ack node', async () => {
			const own = receiving.account.connect({...usualSettings, password: 'own'});
			receiving.topic.use(receiving.account.connect({...usualSettings, password: 'of an ack node'}));
			const stop = receiving.topic.receive(usual, own);
			stop();
			await acknowledge('a');
			should(used()).deepEqual([authorization('of an ack node')]);
		});
	});

	it('may be missing: acknowledgements then go with the credentials of an ack node, until it is gone', async () => {
		const ofAckNode = receiving.account.connect({...usualSettings, password: 'of an ack node'});
		const newest = receiving.account.connect({...usualSettings, password: 'newest'});
		receiving.topic.use(ofAckNode);
		await Promise.all([receiving.topic.acknowledge({id: 'a'}), receiving.pass(1000)]);
		receiving.topic.drop(newest);
		await Promise.all([receiving.topic.acknowledge({id: 'b'}), receiving.pass(1000)]);
		await receiving.account.disconnect(ofAckNode);
		await Promise.all([receiving.topic.acknowledge({id: 'c'}), receiving.pass(1000)]);
		should(receiving.retarus.exchanges.map((exchange) => [exchange.ids.join(), exchange.authorization])).deepEqual([
			['a', authorization('of an ack node')],
			['b', authorization('of an ack node')],
			['c', authorization('newest')],
		]);
	});
});
