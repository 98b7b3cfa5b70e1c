import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import should from 'should';
import {ownFolder} from '../../lib/ledger/folder-owner';
import {serve} from '../world/http-server';
import {startFlow, type Flow} from './flow';

const journalOf = (flow: Flow): string => {
	const folder = join(flow.userDir, 'retarus-fax');
	const name = readdirSync(folder).find((file) => file.endsWith('.journal'));
	return join(folder, String(name));
};

describe('The nodes', () => {
	it('report credentials that Node-RED could not decrypt, and send no request', async () => {
		const flow = await startFlow({faxes: 1, credentials: {account: {}}});
		await flow.until(() => flow.errors('in').length > 0);
		should(flow.errors('in')[0]).match({code: 'RETARUS_CONFIG', message: /credentialSecret/});
		should(flow.status('in')).match({fill: 'red', text: /credentialsMissing$/});
		flow.simulator.requests.count.should.equal(0);
	});

	it('report an unset variable by name, and never send that name as a password', async () => {
		const flow = await startFlow({
			faxes: 1,
			credentials: {account: {customerNumber: '99999', password: '${RETARUS_PASSWORD_UNSET}'}},
		});
		await flow.until(() => flow.errors('in').length > 0);
		should(flow.errors('in')[0]).match({code: 'RETARUS_CONFIG', message: /RETARUS_PASSWORD_UNSET/});
		flow.simulator.requests.count.should.equal(0);
	});

	it('receive and accept nothing while another process owns the state folder, and recover afterwards', async () => {
		const flow = await startFlow({faxes: 1, account: {region: 'nowhere'}});
		const folder = join(flow.userDir, 'retarus-fax');
		mkdirSync(folder, {recursive: true});
		const release = await ownFolder(folder);
		await flow.deploy('full', {account: {region: 'custom'}});
		await flow.until(() => flow.status('in')?.problem?.code === 'RETARUS_STATE');
		should(flow.status('in')).match({fill: 'red', text: /folderTaken$/, problem: {message: /user directory/}});
		flow
			.errors('in')
			.map(({code}) => code)
			.should.deepEqual(['RETARUS_CONFIG', 'RETARUS_STATE']);
		flow.send('ack', {fax: {id: 'a', topic: 'demo', account: 'account'}});
		await flow.until(() => flow.errors('ack').length > 0);
		should(flow.errors('ack')[0]).match({code: 'RETARUS_STATE', message: /user directory/});
		flow.simulator.requests.count.should.equal(0);
		await release();
		await flow.message('received');
	}).timeout(15_000);

	it('set a damaged journal aside, keep what is readable, and report it once', async () => {
		const flow = await startFlow({faxes: 3, faxIn: {wires: [['received', 'ack'], []]}});
		await flow.message('acknowledged', 3);
		const path = journalOf(flow);
		const lines = readFileSync(path, 'utf8').split('\n');
		writeFileSync(path, [lines[0], 'not a record', ...lines.slice(1)].join('\n'));
		await flow.deploy('full', {in: {name: 'changed'}});
		flow.simulator.addFax();
		await flow.message('acknowledged', 4);
		flow
			.warnings()
			.filter((warning) => warning.startsWith('journalSetAside'))
			.should.have.length(1);
		readdirSync(join(flow.userDir, 'retarus-fax'))
			.filter((name) => name.includes('.damaged-'))
			.should.have.length(1);
		flow.errors('in').should.be.empty();
		flow.messages('received').should.have.length(4);
	});

	it('raise errors without a cause or any part of a request', async () => {
		const flow = await startFlow({account: {baseUrl: 'http://127.0.0.1:1/faxin/rest/v1'}});
		const {error} = await flow.message('caught');
		should(Object.keys(error as object).sort()).deepEqual(['code', 'message', 'source', 'stack']);
		JSON.stringify(error).should.not.match(/secret|Basic|[Aa]uthorization|OTk5OTk/);
	});

	it('let a message choose ids and topics, never the host', async () => {
		const elsewhere = await serve((_, response) => response.end('{"results":[]}'));
		const flow = await startFlow({faxes: 1, faxIn: {inputs: 1}});
		const address = {
			url: elsewhere.origin,
			baseUrl: elsewhere.origin,
			host: elsewhere.origin,
			topic: `${elsewhere.origin}/x`,
			region: 'custom',
		};
		flow.send('in', {...address, action: 'poll'});
		const message = await flow.message('received');
		flow.send('ack', {...message, ...address});
		await flow.message('acknowledged');
		flow.send('ack', {fax: {...address, id: '//evil', topic: `//127.0.0.1:${elsewhere.port}/x`, account: 'account'}});
		await flow.until(() => flow.simulator.requests.all().some(({path}) => path.includes('127.0.0.1')));
		elsewhere.connections.should.equal(0);
	});
});

describe('A message without a usable fax', () => {
	it('raises an error, and never stands for all faxes', async () => {
		const flow = await startFlow({faxes: 2});
		await flow.message('received', 2);
		const before = flow.simulator.requests.count;
		const bad = [undefined, null, {}, [], '', '*', 'all', true, {id: '*,a'}, {id: ''}, {id: ['a']}, [{}], {ids: ['a']}];
		for (const fax of bad) {
			flow.send('ack', {fax});
		}

		await flow.until(() => flow.errors('ack').length === bad.length);
		flow
			.errors('ack')
			.every(({code}) => code === 'RETARUS_NOT_A_FAX')
			.should.be.true();
		flow.simulator.requests
			.all()
			.slice(before)
			.some(({query}) => query.includes('ids='))
			.should.be.false();
		flow.simulator
			.faxes()
			.every(({state}) => state.kind === 'locked')
			.should.be.true();
	});
});

describe('A fax without a usable document', () => {
	it('counts as a failed delivery, sends no message and stays unacknowledged', async () => {
		const flow = await startFlow();
		for (const [id, documents] of Object.entries({none: [], null: null, nameless: [{}], text: 'a.pdf', number: [7]})) {
			flow.simulator.addFax({id, rawEntry: {id, documents}});
		}

		await flow.until(() => flow.errors('in').length === 5);
		flow
			.errors('in')
			.every(({code}) => code === 'RETARUS_DOCUMENT_INVALID')
			.should.be.true();
		flow
			.messages('caught')
			.map(({fax}) => (fax as {id: string}).id)
			.sort()
			.should.deepEqual(['nameless', 'none', 'null', 'number', 'text']);
		flow.messages('received').should.be.empty();
		flow.simulator
			.faxes()
			.every(({state}) => state.kind === 'locked')
			.should.be.true();
	});
});
