import {mkdtempSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import 'should';
import type {Simulator} from '../../simulator';
import {control, exchange, kindsOf, send, simulate, small, start} from './harness';

describe('A data folder', () => {
	const folders: string[] = [];
	let data: string;

	beforeEach(() => {
		const folder = mkdtempSync(join(tmpdir(), 'retarus-data-'));
		folders.push(folder);
		data = join(folder, 'kept');
	});

	// Not in afterEach: the harness closes the simulators there, and each writes its folder once more.
	after(() => {
		for (const folder of folders) {
			rmSync(folder, {recursive: true, force: true});
		}
	});

	const described = async (simulator: Simulator): Promise<unknown> =>
		(JSON.parse((await control(simulator, 'GET', '/simulator/faxes')).body.toString()) as {faxes: unknown}).faxes;

	it('restores faxes, documents, states, events and the clock', async () => {
		const before = await simulate({data, topics: [{name: 'demo'}, {name: 'orders'}]});
		const content = Buffer.from('%PDF-1.4 of my own');
		before.addFax({
			id: 'gone',
			documents: [{extension: 'pdf', content: Buffer.from('old')}],
			receivedAtMs: start - 7 * 86_400_000 + 1000,
		});
		before.addFax({id: 'done', documents: [{extension: 'pdf', content}], fields: {Extra: 1}});
		before.addFax({id: 'held', sample: 'notes'});
		before.addFax({id: 'other', topic: 'orders', sample: 'letter'});
		await exchange(before, 'fetch=3&timeout=600');
		await exchange(before, 'fetch=0&ids=done');
		before.clock.advance(60_000);
		const [seen, note, letter] = [
			await described(before),
			await send(before, '/files/held-2.tiff'),
			await send(before, '/files/other.pdf'),
		];
		const requests = before.requests.count;
		const all = await described(before);
		await before.close();

		const after = await simulate({data});
		after.clock.now().should.equal(start + 60_000);
		((await described(after)) as object).should.deepEqual(all);
		(seen as object[]).should.have.length(4);
		after.requests.count.should.equal(requests);
		(await send(after, '/files/done.pdf')).body.equals(content).should.be.true();
		(await send(after, '/files/held-2.tiff')).body.equals(note.body).should.be.true();
		(await send(after, '/files/other.pdf')).body.equals(letter.body).should.be.true();
		(await send(after, '/files/gone.pdf')).status.should.equal(404);
		(await exchange(after, 'fetch=5')).ids.should.be.empty();
		after.clock.advance(600_000);
		const {results} = await exchange(after, 'fetch=5');
		results.map(({id}) => id).should.deepEqual(['held']);
		const held = after.findFax('held');
		(held === undefined ? [] : kindsOf(held)).should.deepEqual([
			'received',
			'listed',
			'downloaded',
			'downloaded',
			'lapsed',
			'listed',
		]);
	});

	it('is written shortly after a change, so that a kill loses little', async () => {
		const before = await simulate({data});
		before.addFax({...small, id: 'one'});
		const after = await new Promise<Simulator>((resolve) => {
			const look = (): void => {
				if (readdirSync(data).includes('state.json')) {
					resolve(simulate({data}));
				} else {
					setTimeout(look, 10);
				}
			};
			look();
		});
		after
			.faxes()
			.map(({facts: {id}}) => id)
			.should.deepEqual(['one']);
	});

	it('is readable by its owner only, and keeps no document longer than the service does', async () => {
		const simulator = await simulate({data});
		simulator.addFax({...small, id: 'one'});
		await simulator.close();
		(statSync(join(data, 'documents')).mode & 0o777).should.equal(0o700);
		const [name = ''] = readdirSync(join(data, 'documents'));
		for (const file of [join(data, 'state.json'), join(data, 'documents', name)]) {
			(statSync(file).mode & 0o777).should.equal(0o600);
		}
		const later = await simulate({data});
		later.clock.advance(8 * 86_400_000);
		await later.close();
		readdirSync(join(data, 'documents')).should.be.empty();
	});

	it('is not overwritten when it is unreadable', async () => {
		await (await simulate({data})).close();
		for (const text of ['{', '{"version": 2}']) {
			writeFileSync(join(data, 'state.json'), text);
			await simulate({data}).should.be.rejectedWith(/state\.json is unreadable: remove it/);
		}
	});

	it('is not created unless it is asked for', async () => {
		const simulator = await simulate();
		simulator.addFax();
		await simulator.close();
		readdirSync(join(data, '..')).should.be.empty();
	});
});
