import should from 'should';
import {startFlow} from './flow';

const onDemand = {faxIn: {pollInterval: 0, inputs: 1}};

describe('The input port of a fax in node', () => {
	it('polls one round per message, which completes at the end of the round', async () => {
		const flow = await startFlow({
			...onDemand,
			faxes: 12,
			nodes: () => [
				{id: 'complete', type: 'complete', scope: ['in'], wires: [['completed']]},
				{id: 'completed', type: 'helper'},
			],
		});
		await flow.until(() => flow.status('in') !== undefined);
		should(flow.status('in')).containEql({fill: 'grey'});
		flow.simulator.requests.count.should.equal(0);
		flow.send('in', {});
		await flow.message('received', 10);
		flow.messages('completed').should.be.empty();
		for (let number = 1; number <= 12; number += 1) {
			flow.send('ack', await flow.message('received', number));
		}

		await flow.message('completed');
		await flow.message('acknowledged', 12);
		const before = flow.simulator.requests.count;
		flow.simulator.addFax();
		flow.send('in', {action: 'poll'});
		await flow.message('received', 13);
		flow.simulator.requests.count.should.equal(before + 2);
	});

	it('joins a second request to the running round', async () => {
		const flow = await startFlow({
			...onDemand,
			nodes: () => [
				{id: 'complete', type: 'complete', scope: ['in'], wires: [['completed']]},
				{id: 'completed', type: 'helper'},
			],
		});
		flow.send('in', {action: 'poll'});
		flow.send('in', {action: 'poll'});
		await flow.message('completed', 2);
		flow.simulator.requests.count.should.equal(1);
	});

	it('pauses polls but not acknowledgements, polls once on request while paused, and resumes', async () => {
		const flow = await startFlow({faxes: 1, faxIn: {inputs: 1}});
		const message = await flow.message('received');
		flow.send('in', {action: 'pause'});
		await flow.until(() => flow.status('in')?.text?.endsWith('status.paused') ?? false);
		should(flow.status('in')).containEql({fill: 'grey'});
		flow.send('ack', message);
		await flow.message('acknowledged');
		const fetches = (): string[] =>
			flow.simulator.requests
				.all()
				.filter(({path}) => path.includes('/topics/'))
				.map(({query}) => query.split('&')[0] ?? '');
		fetches().at(-1)?.should.equal('fetch=0');
		flow.simulator.addFax();
		flow.send('in', {action: 'poll'});
		await flow.message('received', 2);
		flow.send('in', {action: 'resume'});
		const polls = fetches().length;
		await flow.until(() => fetches().length > polls);
		fetches().at(-1)?.should.equal('fetch=9');
	});

	it('refuses an unknown action', async () => {
		const flow = await startFlow(onDemand);
		flow.send('in', {action: 'stop'});
		await flow.until(() => flow.errors('in').length > 0);
		should(flow.errors('in')[0]).containEql({code: 'RETARUS_CONFIG'});
		should(flow.errors('in')[0]?.message).match(/stop.*poll, pause or resume/);
	});

	it('reports a failed round to the message that started it', async () => {
		const flow = await startFlow(onDemand);
		flow.simulator.faults.add({fault: {kind: 'status', status: 500}, times: 1});
		flow.send('in', {});
		await flow.until(() => flow.errors('in').length > 0);
		flow.send('in', {});
		await flow.until(() => flow.status('in')?.problem === undefined);
		flow
			.errors('in')
			.map(({code}) => code)
			.should.deepEqual(['RETARUS_SERVICE']);
	});
});
