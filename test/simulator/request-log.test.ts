import 'should';
import {exchange, simulate, start, statusOf} from './harness';

describe('The request log', () => {
	it('shows each request with its outcome', async () => {
		const simulator = await simulate();
		await exchange(simulator, 'fetch=1&x=a?b');
		await statusOf(simulator, '/files/none.pdf', {authorization: null});
		simulator.requests
			.all()
			.map((request) => ({...request}))
			.should.deepEqual([
				{
					atMs: start,
					number: 1,
					method: 'POST',
					path: '/faxin/rest/v1/topics/demo',
					query: 'fetch=1&x=a?b',
					hasAuthorization: true,
					phase: 'poll',
					outcome: {kind: 'answered', status: 200},
				},
				{
					atMs: start,
					number: 2,
					method: 'GET',
					path: '/faxin/rest/v1/files/none.pdf',
					query: '',
					hasAuthorization: false,
					phase: 'document',
					outcome: {kind: 'answered', status: 401},
				},
			]);
	});

	it('keeps the latest requests and counts all of them', async () => {
		const simulator = await simulate({requestLogLimit: 2});
		for (let request = 0; request < 7; request++) {
			await exchange(simulator, 'fetch=1');
		}
		simulator.requests
			.all()
			.map(({number}) => number)
			.should.deepEqual([6, 7]);
		simulator.requests.count.should.equal(7);
	});
});
