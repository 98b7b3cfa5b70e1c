import 'should';
import {exchange, idOf, kindsOf, simulate, small, start, statusOf} from './harness';

describe('The simulator, when listing', () => {
	it('lists faxes in order of receipt, up to the requested number', async () => {
		const simulator = await simulate();
		const ids = [1, 2, 3].map(() => idOf(simulator.addFax(small)));
		(await exchange(simulator, 'fetch=2')).ids.should.deepEqual(ids.slice(0, 2));
		(await exchange(simulator, 'fetch=2')).ids.should.deepEqual(ids.slice(2));
	});

	it('locks each listed fax for the given timeout, or for 60 seconds', async () => {
		const simulator = await simulate();
		const fax = simulator.addFax(small);
		await exchange(simulator, 'fetch=1');
		fax.state.should.deepEqual({kind: 'locked', untilMs: start + 60_000, request: 1});
		simulator.clock.advance(59_999);
		(await exchange(simulator, 'fetch=1')).ids.should.be.empty();
		simulator.clock.advance(1);
		(await exchange(simulator, 'fetch=1&timeout=300')).ids.should.deepEqual([idOf(fax)]);
		fax.state.should.deepEqual({kind: 'locked', untilMs: start + 360_000, request: 3});
		fax.events.should.deepEqual([
			{kind: 'received', atMs: start},
			{kind: 'listed', atMs: start, request: 1, lockedUntilMs: start + 60_000},
			{kind: 'lapsed', atMs: start + 60_000},
			{kind: 'listed', atMs: start + 60_000, request: 3, lockedUntilMs: start + 360_000},
		]);
	});

	it('dates the lapse of a lock to when it was due, however late a client asks', async () => {
		const simulator = await simulate();
		const fax = simulator.addFax(small);
		await exchange(simulator, 'fetch=1&timeout=5');
		simulator.clock.advance(3_600_000);
		simulator
			.findFax(idOf(fax))
			?.events.at(-1)
			?.should.deepEqual({kind: 'lapsed', atMs: start + 5000});
	});

	it('locks nothing with timeout=0', async () => {
		const simulator = await simulate();
		const fax = simulator.addFax(small);
		(await exchange(simulator, 'fetch=1&timeout=0')).ids.should.deepEqual([idOf(fax)]);
		(await exchange(simulator, 'fetch=1&timeout=0')).ids.should.deepEqual([idOf(fax)]);
		fax.state.should.deepEqual({kind: 'waiting'});
		kindsOf(fax).should.deepEqual(['received', 'listed', 'listed']);
	});

	it('lists only faxes of the requested topic', async () => {
		const simulator = await simulate({topics: [{name: 'orders'}, {name: 'Bücher & Hefte'}]});
		const order = simulator.addFax(small);
		const other = simulator.addFax({...small, topic: 'Bücher & Hefte'});
		(await exchange(simulator, 'fetch=9', 'orders')).ids.should.deepEqual([idOf(order)]);
		(await exchange(simulator, 'fetch=9', encodeURIComponent('Bücher & Hefte'))).ids.should.deepEqual([idOf(other)]);
	});

	it('answers 404 for a topic it does not serve', async () => {
		(await statusOf(await simulate(), '/topics/unknown?fetch=1', {method: 'POST'})).should.equal(404);
	});

	for (const query of [
		'',
		'fetch=',
		'fetch=-1',
		'fetch=NaN',
		'fetch=1.5',
		'fetch=1&timeout=-1',
		'fetch=1&timeout=soon',
		'fetch=0&ids=%',
		'FETCH=1',
	]) {
		it(`refuses "${query}" with 400`, async () => {
			(await statusOf(await simulate(), `/topics/demo?${query}`, {method: 'POST'})).should.equal(400);
		});
	}

	it('answers in UTF-8 JSON with an entry per fax and absolute URLs of its documents', async () => {
		const simulator = await simulate();
		const fax = simulator.addFax({...small, from: '+4989123456', csid: 'Müller', pages: 2});
		const {meta, results} = await exchange(simulator, 'fetch=1&timeout=7');
		results.should.deepEqual([
			{
				id: idOf(fax),
				CallingNumber: '+4989123456',
				CalledNumber: '+4989000002',
				RemoteCSID: 'Müller',
				PageCount: '2',
				DateReceived: '2026-01-01T01:00:00+0100',
				documents: [{url: `${simulator.baseUrl}/files/${idOf(fax)}.pdf`}],
			},
		]);
		meta.should.containEql({topic: 'demo', fetch: 1, timeout: 7, count: 1});
	});

	const spellings = [
		[
			'CallingNumber',
			{
				CallingNumber: '+49891',
				CalledNumber: '+49892',
				RemoteCSID: 'X',
				PageCount: '2',
				DateReceived: '2026-01-01T01:00:00+0100',
			},
		],
		[
			'callingNumber',
			{
				callingNumber: '+49891',
				calledNumber: '+49892',
				remoteCsid: 'X',
				pageCount: 2,
				dateReceived: '2026-01-01T01:00:00+01:00',
			},
		],
		['caller', {caller: '0049891', called: '0049892', csid: 'X', pages: 2, receivedTime: '2026-01-01T00:00:00.000Z'}],
		[
			'SENDER.FAXNO',
			{
				'SENDER.FAXNO': '+49891',
				'SENDER.ID': 'X',
				to: '+49892',
				PAGES: '2',
				'RECEIPT.DATE': '2026-01-01T01:00:00+0100',
			},
		],
		['from', {from: '+49891', to: '+49892', csid: 'X', pages: 2, receivedTs: '2026-01-01T00:00:00.000Z'}],
		['none', {}],
	] as const;
	for (const [fieldNames, expected] of spellings) {
		it(`spells the metadata like the chosen product: ${fieldNames}`, async () => {
			const simulator = await simulate({switches: {fieldNames, successStatus: 201}});
			simulator.addFax({...small, id: 'one', from: '+49891', to: '+49892', csid: 'X', pages: 2});
			const {status, results} = await exchange(simulator, 'fetch=1');
			status.should.equal(201);
			results.should.deepEqual([{id: 'one', ...expected, documents: [{url: `${simulator.baseUrl}/files/one.pdf`}]}]);
		});
	}

	it("assigns ids of the service's shape that differ between seeds", async () => {
		const simulators = await Promise.all([1, 2].map((seed) => simulate({seed})));
		const ids = simulators.map((simulator) => idOf(simulator.addFax(small)));
		ids.forEach((id) => id.should.match(/^[A-Z0-9]{8}@[A-Z0-9]{7}\.simulator101\.QA1$/));
		new Set(ids).size.should.equal(2);
	});

	it('lets a test set the id, add fields, or replace the whole entry', async () => {
		const simulator = await simulate({switches: {fieldNames: 'none'}});
		simulator.addFax({...small, id: 'a/b c', fields: {Status: null}});
		simulator.addFax({...small, rawEntry: 'not an entry'});
		simulator.addFax({documents: [{...small.documents[0], url: 'ftp://elsewhere/x.pdf'}]});
		const {results} = await exchange(simulator, 'fetch=9', 'demo', {isOdd: true});
		(results as readonly unknown[])
			.slice(0, 2)
			.should.deepEqual([
				{id: 'a/b c', documents: [{url: `${simulator.baseUrl}/files/a%2Fb%20c.pdf`}], Status: null},
				'not an entry',
			]);
		results[2]?.documents.should.deepEqual([{url: 'ftp://elsewhere/x.pdf'}]);
		(await statusOf(simulator, '/files/a%2Fb%20c.pdf')).should.equal(200);
	});

	it('refuses a second fax with the same id', async () => {
		const simulator = await simulate();
		simulator.addFax({...small, id: 'one'});
		(() => simulator.addFax({...small, id: 'one'})).should.throw(/already/);
	});

	it('caps an excessive fetch or timeout, or refuses it, depending on the switch', async () => {
		const switches = {maximumFetch: 1, maximumTimeoutSeconds: 10};
		const lenient = await simulate({switches});
		const fax = lenient.addFax(small);
		lenient.addFax(small);
		(await exchange(lenient, 'fetch=5&timeout=11')).ids.should.have.length(1);
		fax.state.should.containEql({untilMs: start + 10_000});
		const strict = await simulate({switches: {...switches, aboveMaximum: 'refuse'}});
		(await statusOf(strict, '/topics/demo?fetch=2', {method: 'POST'})).should.equal(400);
		(await statusOf(strict, '/topics/demo?fetch=1&timeout=11', {method: 'POST'})).should.equal(400);
	});

	it('refuses a URL that is too long', async () => {
		const simulator = await simulate();
		(await statusOf(simulator, `/topics/demo?fetch=0&ids=${'x'.repeat(8192)}`, {method: 'POST'})).should.equal(414);
	});

	it('lists and acknowledges thousands of faxes in batches', async () => {
		const simulator = await simulate({switches: {maximumUrlLength: 65_536}});
		for (let added = 0; added < 5000; added++) {
			simulator.addFax(small);
		}
		let ids: readonly string[] = [];
		let listed = 0;
		do {
			({ids} = await exchange(simulator, `fetch=500&ids=${ids.map(encodeURIComponent).join(',')}`));
			listed += ids.length;
		} while (ids.length > 0);
		listed.should.equal(5000);
		simulator
			.faxes()
			.every(({state}) => state.kind === 'acknowledged')
			.should.be.true();
	});
});
