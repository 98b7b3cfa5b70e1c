import {existsSync, mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import should from 'should';
import {record} from '../../simulator/recording/record';
import {readReplay} from '../../simulator/recording/replay';
import type {Recording} from '../../simulator/recording/redact';
import {parseCommandLine} from '../../simulator/command-line';
import {exchange, simulate, small} from './harness';

const environment = {RETARUS_CUSTOMER_NUMBER: '99999', RETARUS_PASSWORD: 'secret'};

describe('simulator: record', () => {
	let folder: string;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'retarus-record-'));
	});

	afterEach(() => {
		rmSync(folder, {recursive: true, force: true});
	});

	it('polls once for one fax and one second, acknowledges nothing and fetches no document', async () => {
		const simulator = await simulate();
		simulator.addFax(small);
		simulator.addFax(small);
		const file = join(folder, 'example.json');
		const told = await record({baseUrl: simulator.baseUrl, topic: 'demo', file}, environment, undefined);
		simulator.requests
			.all()
			.map(({method, path, query, outcome}) => [method, path, query, outcome])
			.should.deepEqual([['POST', '/faxin/rest/v1/topics/demo', 'fetch=1&timeout=1', {kind: 'answered', status: 200}]]);
		simulator.clock.advance(1000);
		simulator
			.faxes()
			.map(({state}) => state.kind)
			.should.deepEqual(['waiting', 'waiting']);
		told.should.containEql('Nothing was acknowledged').and.not.match(/secret|99999/);
		(statSync(file).mode & 0o777).should.equal(0o600);
		const written = readFileSync(file, 'utf8');
		written.should.not.match(/secret|99999|\+49|EXAMPLE|demo|simulator101|OTk5/);
		should(JSON.parse(written) as Recording).have.properties({recording: 1, status: 200});
	});

	it('records refusals as well', async () => {
		const simulator = await simulate();
		const file = join(folder, 'example.json');
		await record(
			{baseUrl: simulator.baseUrl, topic: 'demo', file},
			{...environment, RETARUS_PASSWORD: 'wrong'},
			undefined,
		);
		should(JSON.parse(readFileSync(file, 'utf8')) as Recording).have.property('status', 401);
	});

	it('overwrites nothing', async () => {
		const simulator = await simulate();
		const file = join(folder, 'example.json');
		await record({baseUrl: simulator.baseUrl, topic: 'demo', file}, environment, undefined);
		await record({baseUrl: simulator.baseUrl, topic: 'demo', file}, environment, undefined).should.be.rejectedWith({
			code: 'EEXIST',
		});
	});

	it('asks for the credentials that the environment does not have, the password secretly', async () => {
		const simulator = await simulate();
		const asked: [string, boolean][] = [];
		await record(
			{baseUrl: simulator.baseUrl, topic: 'demo', file: join(folder, 'a.json')},
			{RETARUS_CUSTOMER_NUMBER: '99999'},
			(question, isSecret) => {
				asked.push([question, isSecret]);
				return Promise.resolve('secret');
			},
		);
		asked.should.deepEqual([['Password (does not appear): ', true]]);
		await record(
			{baseUrl: simulator.baseUrl, topic: 'demo', file: join(folder, 'b.json')},
			{},
			undefined,
		).should.be.rejectedWith('Set RETARUS_CUSTOMER_NUMBER, or run this in a terminal to be asked for it.');
		existsSync(join(folder, 'b.json')).should.be.false();
	});

	it('takes no credentials from the command line, which everybody on the machine can read', () => {
		parseCommandLine(['record', '--topic', 'demo', '--password', 'secret']).should.deepEqual({
			kind: 'misuse',
			problem: "Unknown option '--password'.",
		});
		parseCommandLine(['record', '--topic', 'demo', '--base-url', 'https://99999:secret@fax.example']).should.containEql(
			{kind: 'misuse'},
		);
		parseCommandLine(['record']).should.deepEqual({kind: 'misuse', problem: '--topic must not be empty.'});
		parseCommandLine(['record', '--topic', 'demo', '--region', 'us2']).should.deepEqual({
			kind: 'record',
			settings: {baseUrl: 'https://api.us2.retarus.com/faxin/rest/v1', topic: 'demo', file: 'retarus-recording.json'},
		});
	});

	it('says in one sentence that nobody answers', async () => {
		const simulator = await simulate();
		await simulator.close();
		await record(
			{baseUrl: simulator.baseUrl, topic: 'demo', file: join(folder, 'a.json')},
			environment,
			undefined,
		).should.be.rejectedWith(/^127\.0\.0\.1:\d+ cannot be asked: .*ECONNREFUSED.*\.$/);
	});

	it('makes what the simulator can replay: the names and forms of the recording, with faxes of its own', async () => {
		const original = await simulate({switches: {fieldNames: 'SENDER.FAXNO', metaNames: 'nextUrl', successStatus: 201}});
		original.addFax({...small, fields: {jobReference: 'x', archive: {until: '2027-01-01'}}});
		const file = join(folder, 'example.json');
		await record({baseUrl: original.baseUrl, topic: 'demo', file}, environment, undefined);

		const replaying = await simulate({replay: readFileSync(file, 'utf8')});
		const faxes = [replaying.addFax({...small, id: 'one'}), replaying.addFax({sample: 'notes', id: 'two'})];
		const {status, meta, results} = await exchange(replaying, 'fetch=5', 'demo', {isOdd: true});
		status.should.equal(201);
		Object.keys(meta).should.deepEqual(['topic', 'fetch', 'timeout', 'acknowledged', 'count', 'nextUrl', 'exitUrl']);
		String(meta.exitUrl).should.match(/fetch=0&timeout=60&ids=one,two$/);
		results
			.map(({id, documents}) => [id, documents.map(({url}) => url.split('/').at(-1))])
			.should.deepEqual([
				['one', ['one.pdf']],
				['two', ['two-1.tiff', 'two-2.tiff']],
			]);
		for (const entry of results) {
			Object.keys(entry).should.deepEqual([
				'id',
				'SENDER.FAXNO',
				'SENDER.ID',
				'to',
				'PAGES',
				'RECEIPT.DATE',
				'documents',
				'jobReference',
				'archive',
			]);
			String(entry['SENDER.FAXNO']).should.match(/^\+\d{10}$/);
		}
		await exchange(replaying, 'fetch=0&ids=one,two', 'demo', {isOdd: true});
		faxes.map(({state}) => state.kind).should.deepEqual(['acknowledged', 'acknowledged']);
	});

	for (const [what, text] of [
		['no JSON', '{'],
		['no recording', '{"results": []}'],
		['a refusal', '{"recording": 1, "status": 401}'],
		['an empty answer', '{"recording": 1, "status": 200, "body": {"results": []}}'],
	] as const) {
		it(`refuses to replay ${what}`, () => {
			(() => readReplay(text)).should.throw(/^The (file|recording) .*\.$/);
		});
	}
});
