import should from 'should';
import {AuditTrail} from '../../nodes/audit';
import {startFlow, type Flow, type Message} from '../nodes/flow';

interface Entry {
	readonly event: string;
	readonly id: string;
	readonly topic: string;
	readonly node: string;
	readonly delivery?: number;
	readonly sha256?: readonly string[];
}

const numbers = {from: '+4989123456', to: '+4989654321', csid: 'PRACTICE NORTH'};
const documents = [{extension: 'pdf', content: Buffer.from('%PDF-1.4\nfinding of Jane Roe\n%%EOF\n')}];
const sha256 = ['7d7dd3ed7be08e9ad4e1fd9eb7bc8e6a7bdbb6b4a6a7a3dd0ab6a3ba1b7dd0ee'];

const entriesOf = (flow: Flow): readonly Entry[] => flow.audit() as unknown as readonly Entry[];

/** The steps in the audit log, each with its delivery and its number of hashes. */
const stepsOf = (flow: Flow): readonly string[] =>
	entriesOf(flow).map(
		({event, delivery, sha256: hashes}) =>
			`${event.replace('retarus-fax.', '')} ${delivery ?? '-'} ${hashes === undefined ? '-' : hashes.length}`,
	);

const until = (flow: Flow, step: string): Promise<void> =>
	flow.until(() => stepsOf(flow).some((one) => one.startsWith(step)));

const hashesOf = (message: Message): readonly string[] =>
	(message.fax as {documents: {sha256: string}[]}).documents.map(({sha256: hash}) => hash);

describe('The audit log', function () {
	this.timeout(15_000);

	const nodes = () => [
		{id: 'back', type: 'retarus-fax-ack', action: 'giveBack', wires: [['done']]},
		{id: 'over', type: 'retarus-fax-ack', action: 'handOver', wires: [['done']]},
		{id: 'done', type: 'helper'},
	];
	let flow: Flow;

	// Holds for the steps of every test.
	afterEach(() => {
		for (const entry of entriesOf(flow)) {
			should(entry).containEql({id: 'fax-1', topic: 'demo', node: 'in'});
			should(
				Object.keys(entry).filter(
					(key) =>
						![
							'level',
							'event',
							'timestamp',
							'topic',
							'node',
							'id',
							'delivery',
							'sha256',
							'late',
							'user',
							'path',
							'ip',
						].includes(key),
				),
			).be.empty();
		}

		JSON.stringify(entriesOf(flow)).should.not.match(/4989|NORTH|finding|PDF/);
	});

	const start = async (faxIn: Readonly<Record<string, unknown>> = {}, switches = {}): Promise<void> => {
		flow = await startFlow({faxIn: {lockTimeout: 1, ...faxIn}, nodes, simulator: {switches}});
		flow.simulator.addFax({id: 'fax-1', ...numbers, documents});
	};

	it('records that a fax was listed, delivered, accepted and confirmed, with its hashes', async () => {
		await start({lockTimeout: 0});
		const message = await flow.message('received');
		flow.send('ack', message);
		await until(flow, 'confirmed');
		should(stepsOf(flow)).deepEqual(['listed - -', 'delivered 1 1', 'accepted 1 1', 'confirmed 1 1']);
		for (const {sha256: hashes} of entriesOf(flow).slice(1)) {
			should(hashes).deepEqual(hashesOf(message));
		}
	});

	it('records the hashes of a fax that was acknowledged by its id alone', async () => {
		await start({lockTimeout: 0});
		await flow.message('received');
		flow.send('ack', {fax: {id: 'fax-1', topic: 'demo', account: 'account'}});
		await until(flow, 'confirmed');
		should(stepsOf(flow).slice(2)).deepEqual(['accepted 1 1', 'confirmed 1 1']);
	});

	it('records that a fax was given back and redelivered', async () => {
		await start();
		flow.send('back', await flow.message('received'));
		await flow.message('received', 2);
		should(stepsOf(flow).slice(0, 3)).deepEqual(['listed - -', 'delivered 1 1', 'givenBack 1 1']);
		should(stepsOf(flow).at(-1)).equal('delivered 2 1');
	});

	it('records that a fax was handed over', async () => {
		await start({lockTimeout: 0});
		flow.send('over', await flow.message('received'));
		await until(flow, 'handedOver');
		should(stepsOf(flow).at(-1)).equal('handedOver 1 1');
	});

	it('records that a fax failed and was given up', async () => {
		await start({maxDeliveries: 1, outputs: 2, processingTimeout: 1});
		await flow.message('givenUp');
		should(stepsOf(flow).filter((step) => !/^(listed|lapsed)/.test(step))).deepEqual([
			'delivered 1 1',
			'failed 1 1',
			'givenUp 2 1',
		]);
	});
});

describe('The audit trail', () => {
	it('adds hashes only to steps of the latest delivery', () => {
		const trail = new AuditTrail();
		trail.complete({step: 'delivered', id: 'a', delivery: 2, sha256});
		should(trail.complete({step: 'accepted', id: 'a', delivery: 1})).deepEqual({
			step: 'accepted',
			id: 'a',
			delivery: 1,
		});
		should(trail.complete({step: 'confirmed', id: 'a'})).deepEqual({step: 'confirmed', id: 'a', delivery: 1});
	});

	it('forgets a fax once it is confirmed, and all but the last ten thousand faxes', () => {
		const trail = new AuditTrail();
		trail.complete({step: 'delivered', id: 'a', delivery: 1, sha256});
		trail.complete({step: 'confirmed', id: 'a'});
		should(trail.complete({step: 'failed', id: 'a', delivery: 1})).not.have.property('sha256');
		for (let index = 0; index <= 10_000; index += 1) {
			trail.complete({step: 'delivered', id: `b${index}`, delivery: 1, sha256});
		}

		should(trail.complete({step: 'failed', id: 'b0', delivery: 1})).not.have.property('sha256');
		should(trail.complete({step: 'failed', id: 'b9999', delivery: 1})).have.property('sha256');
	});
});
