import should from 'should';
import type {Step} from '../../../lib/faxes/events';
import {endOf, minute, Receiving} from '../../world/receiving';
import {turns} from '../../world/turns';

describe('The status of a topic', () => {
	let receiving: Receiving;
	beforeEach(() => {
		receiving = new Receiving();
	});
	afterEach(() => endOf(receiving));

	const kind = (): string => receiving.topic.status.state.kind;

	it('says that it connects, until the first answer', async () => {
		should(kind()).equal('connecting');
		await receiving.topic.opened;
		should(kind()).equal('connecting');
		await receiving.receive();
		should(kind()).equal('idle');
	});

	it('says that it polls while a poll is on its way', async () => {
		receiving.retarus.fate = () => 'hangs';
		await receiving.receive();
		should(kind()).equal('polling');
		receiving.retarus.fate = () => undefined;
		await receiving.pass(2 * minute);
		should(kind()).equal('idle');
	});

	it('does not say that it polls while only an acknowledgement is on its way', async () => {
		await receiving.receive({pollIntervalMs: 0});
		receiving.retarus.fate = () => 'hangs';
		void receiving.topic.acknowledge({id: 'a'}).catch(() => undefined);
		await receiving.pass(1000);
		should(receiving.retarus.exchanges).match([{fetch: 0, ids: ['a']}]);
		should(kind()).equal('onDemand');
	});

	it('says whether it waits for a message or is paused', async () => {
		const stop = await receiving.receive({pollIntervalMs: 0});
		should(kind()).equal('onDemand');
		receiving.topic.pause();
		should(kind()).equal('paused');
		receiving.topic.resume();
		should(kind()).equal('onDemand');
		stop();
		await receiving.receive();
		should(kind()).equal('idle');
	});

	it('says that the flow holds all it may, and since when, rather than that it is paused', async () => {
		receiving.retarus.add('a', 'b');
		const {wallMs} = receiving.clock.now();
		await receiving.receive({maxInFlight: 2});
		receiving.topic.pause();
		should(receiving.topic.status).match({state: {kind: 'full'}, inFlight: 2, oldestDeliveryMs: wallMs});
		await receiving.topic.handOver({id: 'a', delivery: 1});
		should(receiving.topic.status).match({state: {kind: 'paused'}, inFlight: 1});
	});

	it('shows trouble before anything else, with the time until the next try', async () => {
		receiving.retarus.add('a');
		await receiving.receive({maxInFlight: 1});
		receiving.retarus.fate = () => 'unreachable';
		void receiving.topic.acknowledge({id: 'a', delivery: 1}).catch(() => undefined);
		await receiving.pass(1000);
		const {state} = receiving.topic.status;
		should(state).match({kind: 'trouble', error: {code: 'RETARUS_NETWORK'}});
		should('nextTryMs' in state && state.nextTryMs).be.above(0);
	});

	describe('as a step of a fax', () => {
		let steps: Step[];
		beforeEach(() => {
			steps = [];
			receiving.topic.on('step', (step) => steps.push(step));
		});

		it('tells each once, however often the fax is acknowledged', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			receiving.retarus.fate = () => 'lost';
			void receiving.topic.acknowledge({id: 'a', delivery: 1});
			await receiving.pass(1000);
			void receiving.topic.acknowledge({id: 'a', delivery: 1});
			await receiving.pass(1000);
			receiving.retarus.fate = () => undefined;
			await receiving.pass(minute);
			await receiving.topic.acknowledge({id: 'a', delivery: 1});
			should(receiving.steps).deepEqual(['listed a', 'delivered a', 'accepted a', 'confirmed a']);
		});

		it('names the delivery where the handle does', async () => {
			await Promise.all([receiving.topic.acknowledge({id: 'by hand'}), receiving.pass(1000)]);
			await Promise.all([receiving.topic.acknowledge({id: 'b', delivery: 3}), receiving.pass(1000)]);
			const accepted = steps.filter(({step}) => step === 'accepted');
			should(accepted).deepEqual([
				{step: 'accepted', id: 'by hand'},
				{step: 'accepted', id: 'b', delivery: 3},
			]);
			should(accepted.map((step) => Object.keys(step))).deepEqual([
				['step', 'id'],
				['step', 'id', 'delivery'],
			]);
		});

		it('tells that it was handed over', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			await receiving.topic.handOver({id: 'a'});
			should(steps.at(-1)).deepEqual({step: 'handedOver', id: 'a', delivery: 1});
		});
	});

	describe('through its account', () => {
		it('tells trouble and steps while nobody receives, and nothing while somebody does', async () => {
			const told: string[] = [];
			receiving.account.on('step', (topic, {step, id}) => told.push(`${topic}: ${step} ${id}`));
			receiving.account.on('trouble', (topic, {code}) => told.push(`${topic}: ${code}`));
			should(receiving.topic.hasReceiver).be.false();
			const stop = await receiving.receive();
			should(receiving.topic.hasReceiver).be.true();
			receiving.retarus.fate = () => 'unreachable';
			void receiving.topic.acknowledge({id: 'a'});
			await receiving.pass(1000);
			should(receiving.troubles.length).equal(1);
			should(told).be.empty();
			stop();
			should(receiving.topic.hasReceiver).be.false();
			receiving.retarus.fate = () => undefined;
			await receiving.pass(2 * minute);
			should(told).deepEqual(['t: confirmed a']);
			receiving.retarus.fate = () => 'unreachable';
			void receiving.topic.acknowledge({id: 'b'}).catch(() => undefined);
			await receiving.pass(1000);
			await turns();
			should(told.slice(1)).deepEqual(['t: accepted b', 't: RETARUS_NETWORK']);
		});
	});
});
