import 'should';
import type {Switches} from '../../simulator';
import {exchange, idOf, kindsOf, send, simulate, small, start, statusOf} from './harness';

describe('The simulator, when acknowledging', () => {
	it('never lists an acknowledged fax again but keeps its documents', async () => {
		const simulator = await simulate();
		const fax = simulator.addFax(small);
		await exchange(simulator, 'fetch=1');
		(await exchange(simulator, `fetch=0&ids=${encodeURIComponent(idOf(fax))}`)).ids.should.be.empty();
		fax.state.should.deepEqual({kind: 'acknowledged', atMs: start, request: 2});
		simulator.clock.advance(3_600_000);
		(await exchange(simulator, 'fetch=1')).ids.should.be.empty();
		(await statusOf(simulator, `/files/${idOf(fax)}.pdf`)).should.equal(200);
		kindsOf(fax).should.deepEqual(['received', 'listed', 'acknowledged', 'downloaded']);
	});

	it('acknowledges and lists faxes in one request', async () => {
		const simulator = await simulate();
		const [first, second] = [simulator.addFax({...small, id: 'first'}), simulator.addFax({...small, id: 'second'})];
		await exchange(simulator, 'fetch=1');
		(await exchange(simulator, 'fetch=1&ids=first')).ids.should.deepEqual(['second']);
		[first, second].map(({state}) => state.kind).should.deepEqual(['acknowledged', 'locked']);
	});

	it('lists a lapsed fax in the request that acknowledges it, if it lists before it acknowledges', async () => {
		for (const [order, listed] of [
			['acknowledgeFirst', []],
			['listFirst', ['one']],
		] as const) {
			const simulator = await simulate({switches: {order}});
			const fax = simulator.addFax({...small, id: 'one'});
			await exchange(simulator, 'fetch=1&timeout=0');
			(await exchange(simulator, 'fetch=1&ids=one')).ids.should.deepEqual(listed);
			fax.state.kind.should.equal('acknowledged');
		}
	});

	it('decodes ids like a form: a plus is a space, a comma separates', async () => {
		const simulator = await simulate();
		const faxes = ['a b', 'c@d', 'e+f'].map((id) => simulator.addFax({...small, id}));
		await exchange(simulator, 'fetch=0&ids=a+b,c%40d,,e%2Bf&ids=again');
		faxes.map(({state}) => state.kind).should.deepEqual(['acknowledged', 'acknowledged', 'acknowledged']);
	});

	it('treats an encoded comma as a separator or as part of an id, depending on the switch', async () => {
		for (const encodedCommaSeparates of [true, false]) {
			const simulator = await simulate({switches: {encodedCommaSeparates}});
			const faxes = ['a', 'b', 'a,b'].map((id) => simulator.addFax({...small, id}));
			await exchange(simulator, 'fetch=0&ids=a%2Cb');
			faxes
				.map(({state}) => state.kind === 'acknowledged')
				.should.deepEqual([encodedCommaSeparates, encodedCommaSeparates, !encodedCommaSeparates]);
		}
	});

	it('acknowledges every fax of an answer when a client follows its next or exit URL', async () => {
		const simulator = await simulate();
		const faxes = ['a@1', 'b@2', 'c@3'].map((id) => simulator.addFax({...small, id}));
		const first = await exchange(simulator, 'fetch=2');
		const next = await send(simulator, String(first.meta.next), {method: 'POST'});
		faxes.map(({state}) => state.kind).should.deepEqual(['acknowledged', 'acknowledged', 'locked']);
		const {meta} = JSON.parse(next.body.toString()) as {meta: {exit: string}};
		(await send(simulator, meta.exit, {method: 'POST'})).status.should.equal(200);
		faxes.map(({state}) => state.kind).should.deepEqual(['acknowledged', 'acknowledged', 'acknowledged']);
	});

	it('logs a repeated acknowledgement as an event of its own', async () => {
		const simulator = await simulate();
		const fax = simulator.addFax({...small, id: 'one'});
		await exchange(simulator, 'fetch=0&ids=one');
		await exchange(simulator, 'fetch=0&ids=one');
		kindsOf(fax).should.deepEqual(['received', 'acknowledged', 'acknowledgedAgain']);
	});

	const situations: readonly (readonly [situation: string, id: string, strict: Partial<Switches>])[] = [
		['an unknown id', 'nobody', {unknownId: 'refuse'}],
		['an acknowledged id', 'acknowledged', {acknowledgedId: 'refuse'}],
		['the id of a fax of another topic', 'foreign', {foreignId: 'refuse'}],
		['the id of a deleted fax', 'deleted', {deletedId: 'refuse'}],
		['the id of a fax that is not locked', 'waiting', {unlockedId: 'refuse'}],
	];
	for (const [situation, id, strict] of situations) {
		for (const [switches, status] of [
			[{}, 200],
			[{...strict, refusalStatus: 409}, 409],
		] as const) {
			const effect = status === 200 ? 'accepts the request' : 'refuses the whole request';
			it(`${effect} with ${status} for ${situation}: ${JSON.stringify(switches)}`, async () => {
				const simulator = await simulate({topics: [{name: 'demo'}, {name: 'other'}], switches});
				simulator.addFax({...small, id: 'deleted', receivedAtMs: start - 8 * 86_400_000});
				const good = simulator.addFax({...small, id: 'good'});
				simulator.addFax({...small, id: 'acknowledged'});
				await exchange(simulator, 'fetch=2');
				simulator.addFax({...small, id: 'waiting'});
				simulator.addFax({...small, id: 'foreign', topic: 'other'});
				await exchange(simulator, 'fetch=0&ids=acknowledged');
				(await statusOf(simulator, `/topics/demo?fetch=0&ids=good,${id}`, {method: 'POST'})).should.equal(status);
				good.state.kind.should.equal(status === 200 ? 'acknowledged' : 'locked');
			});
		}
	}

	it('acknowledges faxes of another topic only if the switch allows it', async () => {
		for (const [foreignId, kind] of [
			['ignore', 'waiting'],
			['acknowledge', 'acknowledged'],
		] as const) {
			const simulator = await simulate({topics: [{name: 'demo'}, {name: 'other'}], switches: {foreignId}});
			const fax = simulator.addFax({...small, id: 'foreign', topic: 'other'});
			await exchange(simulator, 'fetch=0&ids=foreign');
			fax.state.kind.should.equal(kind);
		}
	});
});
