import should from 'should';
import {idOf, send, simulate, small} from './harness';

/** Replays the exact requests of the vendor's Python client (retarus-fax 1.0.1). */
describe("The vendor's client", () => {
	const authorization = `Basic ${Buffer.from('99999:???>>>').toString('base64url')}`;
	const headers = {'Content-Type': 'application/json'};
	const accounts = [{customerNumber: '99999', passwords: ['???>>>']}];

	it('polls with a body and a stray parameter, downloads by the last URL segment, and acknowledges', async () => {
		const simulator = await simulate({accounts});
		const faxes = [simulator.addFax(small), simulator.addFax({sample: 'prescription'})];
		authorization.should.match(/[-_]/);
		const post = (query: string) =>
			send(simulator, `/topics/demo?${query}`, {method: 'POST', authorization, headers, body: '{}'});

		const polled = await post('fetch=10&timeout=0&toString=');
		polled.status.should.equal(200);
		String(polled.headers['content-type']).should.startWith('application/json');
		const {results} = JSON.parse(polled.body.toString()) as {results: {id: string; documents: {url: string}[]}[]};
		results.map(({id}) => id).should.deepEqual(faxes.map(idOf));

		for (const {documents} of results) {
			for (const {url} of documents) {
				const downloaded = await send(simulator, `/files/${url.split('/').at(-1) ?? ''}`, {authorization});
				downloaded.status.should.equal(200);
				String(downloaded.headers['content-type']).should.not.match(/^(text\/plain|application\/json)/);
			}
		}

		const acknowledged = await post(
			`fetch=0&timeout=60&ids=${results.map(({id}) => encodeURIComponent(id)).join(',')}&toString=`,
		);
		acknowledged.status.should.equal(200);
		should(JSON.parse(acknowledged.body.toString())).have.property('results', []);
		faxes.map(({state}) => state.kind).should.deepEqual(['acknowledged', 'acknowledged']);
	});

	it('acknowledges nothing when it joins ids with a percent sign, which is a known bug', async () => {
		const simulator = await simulate({accounts});
		const faxes = [simulator.addFax({...small, id: 'AA@1'}), simulator.addFax({...small, id: 'BB@2'})];
		await send(simulator, '/topics/demo?fetch=1&timeout=0&ids=AA%401%BB%402&toString=', {
			method: 'POST',
			authorization,
			headers,
			body: '{}',
		});
		faxes.map(({state}) => state.kind).should.deepEqual(['waiting', 'waiting']);
	});
});
