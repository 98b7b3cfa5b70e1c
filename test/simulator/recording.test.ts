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

describe('The record command', () => {
	let folder: string;

	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'retarus-record-'));
	});

	afterEach(() => {
		rmSync(folder, {recursive: true, force: true});
	});

	it('polls once, locks one fax for one second, acknowledges nothing and downloads nothing', async () => {
		const simulator = await simulate();
		simulator.addFax(small);
		simulator.addFax(small);
		const file = join(folder, 'example.json');
		const message = await record({baseUrl: simulator.baseUrl, topic: 'demo', file}, environment, undefined);
		simulator.requests
			.all()
			.map(({method, path, query, outcome}) => [method, path, query, outcome])
			.should.deepEqual([['POST', '/faxin/rest/v1/topics/demo', 'fetch=1&timeout=1', {kind: 'answered', status: 200}]]);
		simulator.clock.advance(1000);
		simulator
			.faxes()
			.map(({state}) => state.kind)
			.should.deepEqual(['waiting', 'waiting']);
		message.should.containEql('Nothing was acknowledged').and.not.match(/secret|99999/);
		(statSync(file).mode & 0o777).should.equal(0o600);
		const written = readFileSync(file, 'utf8');
		written.should.not.match(/secret|99999|\+49|EXAMPLE|demo|simulator101|OTk5/);
		should(JSON.parse(written) as Recording).have.properties({recording: 1, status: 200});
	});

	it('records a refusal as well', async () => {
		const simulator = await simulate();
		const file = join(folder, 'example.json');
		await record(
			{baseUrl: simulator.baseUrl, topic: 'demo', file},
			{...environment, RETARUS_PASSWORD: 'wrong'},
			undefined,
		);
		should(JSON.parse(readFileSync(file, 'utf8')) as Recording).have.property('status', 401);
	});

	it('never overwrites a file', async () => {
		const simulator = await simulate();
		const file = join(folder, 'example.json');
		await record({baseUrl: simulator.baseUrl, topic: 'demo', file}, environment, undefined);
		await record({baseUrl: simulator.baseUrl, topic: 'demo', file}, environment, undefined).should.be.rejectedWith({
			code: 'EEXIST',
		});
	});

	it('prompts for credentials missing from the environment, without echoing the password', async () => {
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
		asked.should.deepEqual([['Password (not echoed): ', true]]);
		await record(
			{baseUrl: simulator.baseUrl, topic: 'demo', file: join(folder, 'b.json')},
			{},
			undefined,
		).should.be.rejectedWith('Set RETARUS_CUSTOMER_NUMBER, or run this command in a terminal to be prompted for it.');
		existsSync(join(folder, 'b.json')).should.be.false();
	});

	it('accepts no credentials on the command line, which every user of the machine can read', () => {
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

	it('reports an unreachable service in one sentence', async () => {
		const simulator = await simulate();
		await simulator.close();
		await record(
			{baseUrl: simulator.baseUrl, topic: 'demo', file: join(folder, 'a.json')},
			environment,
			undefined,
		).should.be.rejectedWith(/^127\.0\.0\.1:\d+ could not be polled: .*ECONNREFUSED.*\.$/);
	});

	it('writes a recording that the simulator replays with its own faxes', async () => {
		const switches = {fieldNames: 'SENDER.FAXNO', metaNames: 'nextUrl', successStatus: 201} as const;
		const original = await simulate({switches});
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
});

describe('The replay', () => {
	for (const [what, text] of [
		['a file that is not JSON', '{'],
		['a file that is not a recording', '{"results": []}'],
		['the recording of a refusal', '{"recording": 1, "status": 401}'],
		['the recording of an empty answer', '{"recording": 1, "status": 200, "body": {"results": []}}'],
	] as const) {
		it(`refuses ${what}`, () => {
			(() => readReplay(text)).should.throw(/^The (file|recording) .*\.$/);
		});
	}
});
