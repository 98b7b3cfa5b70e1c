import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import helper from 'node-red-node-test-helper';
import should from 'should';
import type {Fax} from '../../lib/fax';
import {startFlow, type Message} from './flow';

const faxOf = (message: Message): Fax => message.fax as Fax;

describe('A redeploy', function () {
	this.timeout(10_000);

	it('lets a flow keep and acknowledge its fax if only the fax in node restarts', async () => {
		const flow = await startFlow({faxes: 1, faxIn: {lockTimeout: 1}});
		const message = await flow.message('received');
		await flow.deploy('nodes', {in: {name: 'changed'}});
		await flow.until(() => (flow.simulator.faxes()[0]?.events.filter(({kind}) => kind === 'listed').length ?? 0) > 1);
		flow.messages('received').should.have.length(1);
		flow.send('ack', message);
		await flow.message('acknowledged');
	});

	it('lets a flow keep and acknowledge its fax if only the account restarts', async () => {
		const flow = await startFlow({faxes: 1, faxIn: {lockTimeout: 1}});
		const message = await flow.message('received');
		await flow.deploy('nodes', {account: {name: 'changed'}});
		await flow.until(() => (flow.simulator.faxes()[0]?.events.filter(({kind}) => kind === 'listed').length ?? 0) > 1);
		flow.messages('received').should.have.length(1);
		flow.send('ack', message);
		await flow.message('acknowledged');
	});

	it('redelivers the faxes of a flow if every node restarts', async () => {
		const flow = await startFlow({faxes: 1, faxIn: {lockTimeout: 1}});
		await flow.message('received');
		await flow.deploy('full', {in: {name: 'changed'}});
		faxOf(await flow.message('received', 2)).delivery.should.equal(2);
	});

	it('takes less than two seconds during downloads, and delivers their faxes afterwards', async () => {
		const flow = await startFlow();
		flow.simulator.faults.add({fault: {kind: 'hang', at: 'midBody'}, phase: 'document', times: 10});
		const downloads = flow.simulator.requests.arrival(({path}) => path.includes('/files/'));
		for (let count = 0; count < 10; count += 1) {
			flow.simulator.addFax();
		}

		await downloads;
		flow.simulator.faults.clear();
		const startedMs = Date.now();
		await flow.deploy('nodes', {in: {name: 'changed'}});
		(Date.now() - startedMs).should.be.below(2000);
		await flow.message('received', 10);
		flow
			.messages('received')
			.every((message) => faxOf(message).delivery === 1)
			.should.be.true();
	});

	it('sends accepted acknowledgements before the nodes close', async () => {
		const flow = await startFlow({faxes: 2, faxIn: {lockTimeout: 60}});
		flow.send('ack', await flow.message('received'));
		await flow.until(() => flow.audit().some(({event}) => event === 'retarus-fax.accepted'));
		const startedMs = Date.now();
		await helper.unload();
		(Date.now() - startedMs).should.be.below(2000);
		flow.simulator
			.faxes()
			.filter(({state}) => state.kind === 'acknowledged')
			.should.have.length(1);
	});
});

describe('The state folder', () => {
	it('holds no document, number or credential, and is readable by its owner alone', async () => {
		const flow = await startFlow({faxes: 3, faxIn: {wires: [['received', 'ack'], []]}});
		await flow.message('acknowledged', 3);
		const folder = join(flow.userDir, 'retarus-fax');
		(statSync(folder).mode & 0o777).should.equal(0o700);
		for (const name of readdirSync(folder)) {
			const path = join(folder, name);
			(statSync(path).mode & 0o777).should.equal(0o600);
			if (statSync(path).isFile()) {
				const content = readFileSync(path, 'utf8');
				content.should.not.match(/secret|99999|\+?4989|%PDF/);
			}
		}

		should(readdirSync(flow.userDir)).deepEqual(['retarus-fax']);
	});
});

describe('A deploy in progress', () => {
	it('delays acknowledgements until the account is back, and loses none', async function () {
		this.timeout(10_000);
		const flow = await startFlow({faxes: 10});
		await flow.message('received', 10);
		const hung = flow.simulator.faults.add({fault: {kind: 'hang', at: 'beforeAnswer'}, phase: 'any'});
		const deploy = flow.deploy('nodes', {account: {name: 'changed'}});
		for (const message of flow.messages('received')) {
			flow.send('ack', message);
		}

		await deploy;
		hung();
		await flow.message('acknowledged', 10);
		flow.errors('ack').should.be.empty();
		flow.messages('received').should.have.length(10);
	});

	it('lets two nodes swap their topics without an error', async () => {
		const flow = await startFlow({
			nodes: () => [
				{
					id: 'second',
					type: 'retarus-fax-in',
					account: 'account',
					topic: 'elsewhere',
					pollInterval: 1,
					wires: [['received']],
				},
			],
			simulator: {topics: [{name: 'demo'}, {name: 'elsewhere'}]},
		});
		await flow.until(() => flow.status('second')?.fill === 'green' && flow.status('in')?.fill === 'green');
		await flow.deploy('nodes', {in: {topic: 'elsewhere'}, second: {topic: 'demo'}});
		flow.simulator.addFax({topic: 'demo'});
		flow.simulator.addFax({topic: 'elsewhere'});
		await flow.message('received', 2);
		flow.messages('caught').should.be.empty();
	});

	it('leaves a topic with its receiver while the receiver restarts', async () => {
		const flow = await startFlow({
			nodes: () => [
				{
					id: 'second',
					type: 'retarus-fax-in',
					account: 'account',
					topic: 'demo',
					pollInterval: 1,
					wires: [['received']],
				},
			],
		});
		await flow.until(() => flow.status('second')?.fill === 'red' && flow.status('in')?.fill === 'green');
		await flow.deploy('nodes', {in: {name: 'changed'}});
		flow.simulator.addFax();
		await flow.message('received');
		should(flow.status('second')).containEql({fill: 'red'});
		flow.errors('in').should.be.empty();
		flow.errors('second').should.have.length(1);
	});
});
