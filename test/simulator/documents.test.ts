import should from 'should';
import {exchange, idOf, kindsOf, send, simulate, small, start, statusOf} from './harness';

const week = 7 * 24 * 60 * 60 * 1000;

describe('The simulator, when serving documents', () => {
	it('sends the bytes with their type and length', async () => {
		const simulator = await simulate();
		const content = Buffer.from([0, 1, 2, 0xff]);
		for (const [extension, type] of [
			['pdf', 'application/pdf'],
			['tiff', 'image/tiff'],
			['TIF', 'image/tiff'],
			['txt', 'application/octet-stream'],
		] as const) {
			const fax = simulator.addFax({documents: [{extension, content}]});
			const {status, headers, body} = await send(simulator, `/files/${idOf(fax)}.${extension}`);
			status.should.equal(200);
			should(headers['content-type']).equal(type);
			should(headers['content-length']).equal('4');
			body.should.deepEqual(content);
		}
	});

	it('numbers the documents of a fax with several', async () => {
		const simulator = await simulate();
		const fax = simulator.addFax({
			id: 'x@y.z',
			documents: [1, 2].map((page) => ({extension: 'tiff', content: Buffer.from(`page ${page}`)})),
		});
		const {results} = await exchange(simulator, 'fetch=1');
		results[0]?.documents
			.map(({url}) => url)
			.should.deepEqual([`${simulator.baseUrl}/files/x@y.z-1.tiff`, `${simulator.baseUrl}/files/x@y.z-2.tiff`]);
		(await send(simulator, '/files/x%40y.z-2.tiff')).body.toString().should.equal('page 2');
		fax.events.at(-1)?.should.deepEqual({kind: 'downloaded', atMs: start, request: 2, name: 'x@y.z-2.tiff'});
	});

	it("uses the client's host name in document URLs", async () => {
		const simulator = await simulate();
		simulator.addFax({...small, id: 'one'});
		const {body} = await send(simulator, '/topics/demo?fetch=1', {method: 'POST', headers: {Host: 'fax.example:8080'}});
		body.toString().should.containEql('"http://fax.example:8080/faxin/rest/v1/files/one.pdf"');
	});

	it('answers 404 for an unknown document and 405 for any method but GET', async () => {
		const simulator = await simulate();
		const fax = simulator.addFax(small);
		for (const path of [
			'/files/unknown.pdf',
			`/files/${idOf(fax)}.tiff`,
			`/files/${idOf(fax)}`,
			'/files/',
			'/files/a/b.pdf',
			'/',
		]) {
			(await statusOf(simulator, path)).should.equal(404);
		}
		(await statusOf(simulator, '/files/%')).should.equal(400);
		(await statusOf(simulator, `/files/${idOf(fax)}.pdf`, {method: 'POST'})).should.equal(405);
	});

	for (const deletedDocumentStatus of [404, 410] as const) {
		it(`deletes documents seven days after receipt and then answers ${deletedDocumentStatus}`, async () => {
			const simulator = await simulate({switches: {deletedDocumentStatus}});
			const fax = simulator.addFax(small);
			simulator.clock.advance(week - 1);
			(await statusOf(simulator, `/files/${idOf(fax)}.pdf`)).should.equal(200);
			simulator.clock.advance(1);
			(await statusOf(simulator, `/files/${idOf(fax)}.pdf`)).should.equal(deletedDocumentStatus);
			(await exchange(simulator, 'fetch=1')).ids.should.be.empty();
			fax.state.should.deepEqual({kind: 'deleted', atMs: start + week, wasAcknowledged: false});
		});
	}

	it('deletes locked and acknowledged faxes like any other', async () => {
		const simulator = await simulate();
		const [acknowledged, locked] = [simulator.addFax({...small, id: 'a'}), simulator.addFax({...small, id: 'b'})];
		await exchange(simulator, 'fetch=0&ids=a');
		simulator.clock.advance(week - 1000);
		await exchange(simulator, 'fetch=1&timeout=60');
		simulator.clock.advance(week);
		simulator
			.faxes()
			.map(({state}) => state)
			.should.deepEqual([
				{kind: 'deleted', atMs: start + week, wasAcknowledged: true},
				{kind: 'deleted', atMs: start + week, wasAcknowledged: false},
			]);
		kindsOf(acknowledged).should.deepEqual(['received', 'acknowledged', 'deleted']);
		kindsOf(locked).should.deepEqual(['received', 'listed', 'deleted']);
	});

	it('frees the bytes of deleted documents even if a test still holds the fax and no client asks for it', async () => {
		const simulator = await simulate();
		const [acknowledged, waiting] = [
			simulator.addFax({...small, id: 'a'}),
			simulator.addFax({...small, id: 'b', receivedAtMs: start + 1000}),
		];
		await exchange(simulator, 'fetch=0&ids=a');
		simulator.clock.advance(week);
		await exchange(simulator, 'fetch=1');
		acknowledged.documents.map(({name, content}) => [name, content]).should.deepEqual([['a.pdf', Buffer.alloc(0)]]);
		waiting.documents.map(({content}) => content).should.deepEqual([small.documents[0].content]);
		simulator.clock.advance(1000);
		simulator.addFax(small);
		waiting.documents.map(({content}) => content).should.deepEqual([Buffer.alloc(0)]);
	});

	it('refuses to move its clock backwards', async () => {
		const {clock} = await simulate();
		(() => {
			clock.advance(-1);
		}).should.throw(RangeError);
	});
});
