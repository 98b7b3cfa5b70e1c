import should from 'should';
import type {FaxList, RequestRecord} from '../../simulator/control/views';
import {control, exchange, send, simulate, small, start, statusOf} from './harness';

const json = (body: Buffer): unknown => JSON.parse(body.toString());

describe('simulator: control over HTTP', () => {
	it('adds samples, as many as asked for', async () => {
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

	it("adds documents of one's own", async () => {
		const simulator = await simulate();
		const contentBase64 = Buffer.from('%PDF-1.4').toString('base64');
		const {body} = await control(simulator, 'POST', '/simulator/faxes', {
			documents: [{extension: 'pdf', contentBase64}],
			pages: 4,
		});
		const {ids} = json(body) as {ids: string[]};
		(await send(simulator, `/files/${ids[0] ?? ''}.pdf`)).body.toString().should.equal('%PDF-1.4');
	});

	it('adds something for an empty object', async () => {
		const simulator = await simulate();
		(await control(simulator, 'POST', '/simulator/faxes', {})).status.should.equal(201);
		simulator.faxes().should.have.length(1);
	});

	it('shows the faxes with their states and events', async () => {
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

	it('tells only what has changed since it was last asked, and everything after a reset', async () => {
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

	it('serves documents to look at, without running what is no picture of a page', async () => {
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

	it('removes all faxes and leaves the rest', async () => {
		const simulator = await simulate();
		simulator.addFax();
		simulator.network.change({latencyMs: 1});
		(await control(simulator, 'DELETE', '/simulator/faxes')).status.should.equal(200);
		simulator.faxes().should.be.empty();
		simulator.network.current.latencyMs.should.equal(1);
	});

	it('tells the last requests of the API, not those of its page', async () => {
		const simulator = await simulate();
		simulator.addFax({...small, id: 'one'});
		await control(simulator, 'GET', '/simulator/state');
		await exchange(simulator, 'fetch=1');
		await send(simulator, '/files/one.pdf');
		const told = async (query: string): Promise<RequestRecord[]> =>
			(json((await control(simulator, 'GET', `/simulator/requests${query}`)).body) as {requests: RequestRecord[]})
				.requests;
		(await told(''))
			.map(({number, phase, outcome}) => [number, phase, outcome])
			.should.deepEqual([
				[1, 'poll', {kind: 'answered', status: 200}],
				[2, 'document', {kind: 'answered', status: 200}],
			]);
		(await told('?after=1')).map(({number}) => number).should.deepEqual([2]);
		(await told('?limit=1')).map(({number}) => number).should.deepEqual([2]);
		(await control(simulator, 'GET', '/simulator/requests?limit=all')).status.should.equal(400);
	});

	it('moves the clock', async () => {
		const simulator = await simulate();
		const {body} = await control(simulator, 'POST', '/simulator/clock', {advanceMs: 90_000});
		should(json(body)).deepEqual({now: '2026-01-01T00:01:30.000Z'});
		simulator.clock.now().should.equal(start + 90_000);
	});

	it('adds faults of every kind and removes them', async () => {
		const simulator = await simulate();
		const faults = [
			{kind: 'status', status: 429, retryAfter: '3', body: 'x', isApplied: true},
			{kind: 'reset', at: 'midBody'},
			{kind: 'fin'},
			{kind: 'hang', at: 'beforeAnswer'},
			{kind: 'trickle', chunkBytes: 10, everyMs: 5},
			{kind: 'lostAnswer'},
			{kind: 'truncated'},
			{kind: 'truncatedUnannounced'},
			{kind: 'wrongLength'},
			{kind: 'html'},
			{kind: 'badJson'},
			{kind: 'endless'},
			{kind: 'redirect', location: '/', status: 307},
			{kind: 'empty'},
			{kind: 'gzip'},
		];
		for (const fault of faults) {
			(
				await control(simulator, 'POST', '/simulator/faults', {
					fault,
					phase: 'poll',
					times: 1,
					faxId: 'a',
					fileName: 'b',
				})
			).status.should.equal(201);
		}
		simulator.faults.rules.should.deepEqual(
			faults.map((fault) => ({fault, phase: 'poll', times: 1, faxId: 'a', fileName: 'b'})),
		);
		(await control(simulator, 'DELETE', '/simulator/faults')).status.should.equal(200);
		simulator.faults.rules.should.be.empty();
	});

	it('removes one fault by its number, and says what is left of the others', async () => {
		const simulator = await simulate();
		await control(simulator, 'POST', '/simulator/faults', {fault: {kind: 'empty'}, times: 2});
		await control(simulator, 'POST', '/simulator/faults', {fault: {kind: 'fin'}});
		await send(simulator, '/topics/demo?fetch=1', {method: 'POST'});
		(await control(simulator, 'DELETE', '/simulator/faults/2')).status.should.equal(200);
		(await control(simulator, 'DELETE', '/simulator/faults/2')).status.should.equal(404);
		const {body} = await control(simulator, 'GET', '/simulator/faults');
		should(json(body)).deepEqual({faults: [{number: 1, fault: {kind: 'empty'}, times: 2, left: 1}]});
	});

	it('knows faults by name', async () => {
		const simulator = await simulate();
		simulator.addFax({...small, id: 'one'});
		simulator.addFax({...small, id: 'two'});
		await control(simulator, 'POST', '/simulator/faults', {name: 'refuseCredentials'});
		(await statusOf(simulator, '/topics/demo?fetch=1', {method: 'POST'})).should.equal(401);
		await control(simulator, 'DELETE', '/simulator/faults');
		await control(simulator, 'POST', '/simulator/faults', {name: 'truncateDocument', faxId: 'one'});
		const lengthOf = async (id: string): Promise<number> => (await send(simulator, `/files/${id}.pdf`)).body.length;
		(await lengthOf('one')).should.be.below(await lengthOf('two'));
		await control(simulator, 'POST', '/simulator/faults', {name: 'loseNextAnswer'});
		await exchange(simulator, 'fetch=1').should.be.rejected();
		(await exchange(simulator, 'fetch=5')).ids.should.deepEqual(['two']);
	});

	const slips: readonly (readonly [path: string, body: unknown, complaint: RegExp])[] = [
		['faxes', [], /has to be a JSON object/],
		['faxes', {topic: 'unknown'}, /no topic "unknown"/],
		['faxes', {topic: 7}, /topic has to be a text/],
		['faxes', {sample: 'cheque'}, /sample has to be one of order, letter/],
		['faxes', {smaple: 'order'}, /no field smaple; it has topic/],
		['faxes', {copies: 0}, /copies has to be a whole number from 1 to 10000/],
		['faxes', {pages: '1'}, /pages has to be a whole number/],
		['faxes', {documents: {}}, /documents has to be a list/],
		['faxes', {documents: [{extension: 'pdf'}]}, /contentBase64 has to be given/],
		['faxes', {documents: [{extension: '../x', contentBase64: ''}]}, /extension has to be letters/],
		['faxes', {documents: [{extension: 'pdf', contentBase64: '!'}]}, /has to be base64/],
		['faxes', {sample: 'order', documents: []}, /either a sample or/],
		['clock', {}, /advanceMs has to be given/],
		['clock', {advanceMs: -1}, /from 0/],
		['clock', {advanceMs: Number.MAX_SAFE_INTEGER}, /no date so late/],
		['faults', {}, /A fault has to be a JSON object/],
		['faults', {fault: {kind: 'fire'}}, /kind has to be one of status, reset/],
		['faults', {fault: {kind: 'status'}}, /status has to be given/],
		['faults', {fault: {kind: 'fin'}, phase: 'never'}, /phase has to be one of/],
		['faults', {name: 'fire'}, /name has to be one of loseNextAnswer/],
		['faults', {name: 'truncateDocument'}, /about one fax/],
		['switches', {successStatus: 204}, /successStatus has to be one of 200, 201/],
		['switches', {maximumFetch: 0}, /whole number from 1/],
		['switches', {colour: 'red'}, /no field colour; it has fieldNames/],
		['network', {latencyMs: -1}, /whole number from 0/],
		['network', {resetRate: 2}, /number from 0 to 1/],
		['reset', {faxes: true}, /no field faxes/],
	];
	for (const [path, body, complaint] of slips) {
		it(`refuses ${JSON.stringify(body)} for ${path} and says why`, async () => {
			const simulator = await simulate();
			const answer = await control(simulator, 'POST', `/simulator/${path}`, body);
			answer.status.should.equal(400);
			(json(answer.body) as {message: string}).message.should.match(complaint);
			simulator.faxes().should.be.empty();
		});
	}

	it('refuses what is no JSON, what does not say that it is, and what it does not know', async () => {
		const simulator = await simulate();
		(await control(simulator, 'POST', '/simulator/faxes', undefined, {body: '{'})).status.should.equal(400);
		(
			await control(simulator, 'POST', '/simulator/faxes', {}, {headers: {'Content-Type': 'text/plain'}})
		).status.should.equal(415);
		(await control(simulator, 'GET', '/simulator/secrets')).status.should.equal(404);
		(await control(simulator, 'PUT', '/simulator/faxes')).status.should.equal(404);
	});

	it('refuses more than 64 MB', async () => {
		const simulator = await simulate();
		const {status} = await control(simulator, 'POST', '/simulator/faxes', undefined, {
			body: Buffer.alloc(64 * 1024 * 1024 + 1, ' '),
		});
		status.should.equal(413);
	});

	it('is not struck by faults', async () => {
		const simulator = await simulate();
		simulator.faults.add({fault: {kind: 'lostAnswer'}});
		(await control(simulator, 'GET', '/simulator/faxes')).status.should.equal(200);
	});
});
