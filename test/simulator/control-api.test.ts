import should from 'should';
import type {FaxList, RequestRecord} from '../../simulator/control/views';
import {control, exchange, send, simulate, small, start} from './harness';

const json = (body: Buffer): unknown => JSON.parse(body.toString());

describe('The control API', () => {
	it('adds the requested number of samples', async () => {
		const simulator = await simulate({topics: [{name: 'demo'}, {name: 'orders'}]});
		const {status, body} = await control(simulator, 'POST', '/simulator/faxes', {
			topic: 'orders',
			sample: 'letter',
			from: '+491',
			to: '+492',
			csid: 'X',
			copies: 2,
		});
		status.should.equal(201);
		const {ids} = json(body) as {ids: string[]};
		simulator
			.faxes()
			.map(({facts}) => facts)
			.should.deepEqual(
				ids.map((id) => ({id, topic: 'orders', from: '+491', to: '+492', csid: 'X', pages: 3, receivedAtMs: start})),
			);
		(await exchange(simulator, 'fetch=5', 'orders')).ids.should.deepEqual(ids);
	});

	it('adds a fax with given documents', async () => {
		const simulator = await simulate();
		const contentBase64 = Buffer.from('%PDF-1.4').toString('base64');
		const {body} = await control(simulator, 'POST', '/simulator/faxes', {
			documents: [{extension: 'pdf', contentBase64}],
			pages: 4,
		});
		const {ids} = json(body) as {ids: string[]};
		(await send(simulator, `/files/${ids[0] ?? ''}.pdf`)).body.toString().should.equal('%PDF-1.4');
	});

	it('makes up a fax for an empty object', async () => {
		const simulator = await simulate();
		(await control(simulator, 'POST', '/simulator/faxes', {})).status.should.equal(201);
		simulator.faxes().should.have.length(1);
	});

	it('shows faxes with their states and events', async () => {
		const simulator = await simulate();
		simulator.addFax({...small, id: 'one'});
		await exchange(simulator, 'fetch=1');
		const {status, body} = await control(simulator, 'GET', '/simulator/faxes');
		status.should.equal(200);
		const {faxes} = json(body) as FaxList;
		should(faxes).deepEqual([
			{
				id: 'one',
				topic: 'demo',
				from: '+4989000001',
				to: '+4989000002',
				csid: 'EXAMPLE',
				pages: 1,
				receivedAt: '2026-01-01T00:00:00.000Z',
				deleteAfter: '2026-01-08T00:00:00.000Z',
				documents: [{name: 'one.pdf', contentType: 'application/pdf'}],
				state: {kind: 'locked', untilMs: start + 60_000, request: 1},
				events: [
					{kind: 'received', atMs: start},
					{kind: 'listed', atMs: start, request: 1, lockedUntilMs: start + 60_000},
				],
			},
		]);
		should(json((await control(simulator, 'GET', '/simulator/faxes/one')).body)).deepEqual(faxes[0]);
		(await control(simulator, 'GET', '/simulator/faxes/two')).status.should.equal(404);
	});

	it('lists only the faxes changed since a revision, and all of them after a reset', async () => {
		const simulator = await simulate();
		const listed = async (since = ''): Promise<FaxList> =>
			json((await control(simulator, 'GET', `/simulator/faxes?since=${since}`)).body) as FaxList;
		const idsIn = ({faxes}: FaxList): string[] => faxes.map(({id}) => id);
		const ids = ['a', 'b', 'c'];
		ids.forEach((id) => simulator.addFax({...small, id}));
		const first = await listed();
		idsIn(first).should.deepEqual(ids);
		first.isComplete.should.be.true();

		await exchange(simulator, 'fetch=1&timeout=60');
		const second = await listed(first.revision);
		idsIn(second).should.deepEqual(['a']);
		second.isComplete.should.be.false();
		idsIn(await listed(second.revision)).should.be.empty();
		simulator.clock.advance(60_000);
		idsIn(await listed(second.revision)).should.deepEqual(['a']);

		(await control(simulator, 'POST', '/simulator/reset', {})).status.should.equal(200);
		simulator.addFax({...small, id: 'd'});
		const last = await listed(second.revision);
		idsIn(last).should.deepEqual(['d']);
		last.isComplete.should.be.true();
	});

	it('displays PDF and TIFF documents, and offers any other as a download', async () => {
		const simulator = await simulate();
		simulator.addFax({
			id: 'x@y',
			documents: [
				{extension: 'pdf', content: Buffer.from('%PDF-1.4')},
				{extension: 'tiff', content: Buffer.from('II')},
				{extension: 'html', content: Buffer.from('<script>'), contentType: 'text/html'},
			],
		});
		for (const [name, type, disposition] of [
			['x@y-1.pdf', 'application/pdf', 'inline'],
			['x@y-2.tiff', 'image/tiff', 'inline'],
			['x@y-3.html', 'application/octet-stream', 'attachment'],
		] as const) {
			const {status, headers} = await control(simulator, 'GET', `/simulator/files/${encodeURIComponent(name)}`);
			status.should.equal(200);
			headers.should.containEql({
				'content-type': type,
				'content-disposition': disposition,
				'x-content-type-options': 'nosniff',
			});
		}
		(await control(simulator, 'GET', '/simulator/files/none.pdf')).status.should.equal(404);
		simulator.clock.advance(8 * 86_400_000);
		(await control(simulator, 'GET', '/simulator/files/x%40y-1.pdf')).status.should.equal(410);
	});

	it('removes all faxes and keeps everything else', async () => {
		const simulator = await simulate();
		simulator.addFax();
		simulator.network.change({latencyMs: 1});
		(await control(simulator, 'DELETE', '/simulator/faxes')).status.should.equal(200);
		simulator.faxes().should.be.empty();
		simulator.network.current.latencyMs.should.equal(1);
	});

	it('shows the latest requests to the fax API, without those of its own page', async () => {
		const simulator = await simulate();
		simulator.addFax({...small, id: 'one'});
		await control(simulator, 'GET', '/simulator/state');
		await exchange(simulator, 'fetch=1');
		await send(simulator, '/files/one.pdf');
		const logged = async (query: string): Promise<RequestRecord[]> =>
			(json((await control(simulator, 'GET', `/simulator/requests${query}`)).body) as {requests: RequestRecord[]})
				.requests;
		(await logged(''))
			.map(({number, phase, outcome}) => [number, phase, outcome])
			.should.deepEqual([
				[1, 'poll', {kind: 'answered', status: 200}],
				[2, 'document', {kind: 'answered', status: 200}],
			]);
		(await logged('?after=1')).map(({number}) => number).should.deepEqual([2]);
		(await logged('?limit=1')).map(({number}) => number).should.deepEqual([2]);
		(await control(simulator, 'GET', '/simulator/requests?limit=all')).status.should.equal(400);
	});

	it('moves the clock', async () => {
		const simulator = await simulate();
		const {body} = await control(simulator, 'POST', '/simulator/clock', {advanceMs: 90_000});
		should(json(body)).deepEqual({now: '2026-01-01T00:01:30.000Z'});
		simulator.clock.now().should.equal(start + 90_000);
	});
});
