import {createServer} from 'node:net';
import type {AddressInfo} from 'node:net';
import should from 'should';
import {startSimulator} from '../../simulator';
import {startFlow} from './flow';

describe('A fax in node in trouble', function () {
	this.timeout(10_000);

	it('turns red with a wrong password, polls slowly, and recovers as soon as the password is corrected', async () => {
		const flow = await startFlow({faxes: 1, credentials: {account: {customerNumber: '99999', password: 'wrong'}}});
		await flow.until(() => flow.status('in')?.fill === 'red');
		should(flow.status('in')?.text).endWith('status.unauthorized');
		flow
			.errors('in')
			.map(({code}) => code)
			.should.deepEqual(['RETARUS_AUTH']);
		flow.simulator.requests.count.should.equal(1);
		Date.parse(flow.status('in')?.nextTryAt ?? '').should.be.within(Date.now() + 20_000, Date.now() + 40_000);
		await flow.deploy('nodes', {
			account: {name: 'corrected', credentials: {customerNumber: '99999', password: 'secret'}},
		});
		await flow.message('received');
	});

	it('turns red with an unknown topic, and polls slowly', async () => {
		const flow = await startFlow({faxIn: {topic: 'unknown'}});
		await flow.until(() => flow.status('in')?.fill === 'red');
		should(flow.status('in')?.text).endWith('status.topicUnknown');
		flow
			.errors('in')
			.map(({code}) => code)
			.should.deepEqual(['RETARUS_TOPIC']);
		flow.errors('in')[0]?.message.should.match(/unknown/);
		flow.simulator.requests.count.should.equal(1);
	});

	it('stops no other topic of its account', async () => {
		const flow = await startFlow({
			faxes: 1,
			nodes: () => [
				{
					id: 'in2',
					type: 'retarus-fax-in',
					account: 'account',
					topic: 'unknown',
					pollInterval: 1,
					wires: [['received']],
				},
			],
		});
		await flow.until(() => flow.status('in2')?.fill === 'red');
		await flow.message('received');
		should(flow.status('in')?.fill).not.equal('red');
	});

	it('shows the next try while the service is down, reports the failure once, and recovers', async () => {
		const closed = await startSimulator();
		const {port} = closed;
		await closed.close();
		const flow = await startFlow({account: {baseUrl: `http://127.0.0.1:${port}/faxin/rest/v1`}});
		await flow.until(() => flow.status('in')?.problem?.code === 'RETARUS_NETWORK');
		should(flow.status('in')).containEql({fill: 'yellow'});
		should(flow.status('in')?.text).match(/^↻ \d\d:\d\d:\d\d RETARUS_NETWORK$/);
		const late = await startSimulator({port});
		late.addFax();
		await flow.message('received');
		flow
			.errors('in')
			.map(({code}) => code)
			.should.deepEqual(['RETARUS_NETWORK']);
		await late.close();
	});

	it('honours Retry-After', async () => {
		const flow = await startFlow();
		flow.simulator.faults.add({fault: {kind: 'status', status: 429, retryAfter: '120'}});
		await flow.until(() => flow.status('in')?.problem?.code === 'RETARUS_RATE_LIMIT');
		Date.parse(flow.status('in')?.nextTryAt ?? '').should.be.approximately(Date.now() + 120_000, 3000);
	});

	const answers = {
		'a login page': {fault: {kind: 'html'}, code: 'RETARUS_PROTOCOL'},
		'invalid JSON': {fault: {kind: 'badJson'}, code: 'RETARUS_PROTOCOL'},
		'a redirect': {fault: {kind: 'redirect', location: 'http://127.0.0.1:1/'}, code: 'RETARUS_PROTOCOL'},
		'an endless body': {fault: {kind: 'endless'}, code: 'RETARUS_PROTOCOL'},
		'status 500': {fault: {kind: 'status', status: 500}, code: 'RETARUS_SERVICE'},
		'half a body': {fault: {kind: 'truncated'}, code: 'RETARUS_NETWORK'},
		'a connection reset': {fault: {kind: 'reset', at: 'beforeAnswer'}, code: 'RETARUS_NETWORK'},
	} as const;
	for (const [name, {fault, code}] of Object.entries(answers)) {
		it(`reports ${name} once as ${code}, and recovers`, async () => {
			const flow = await startFlow();
			flow.simulator.faults.add({fault, phase: 'poll', times: 2});
			flow.simulator.addFax();
			await flow.until(() => flow.errors('in').length > 0);
			flow
				.errors('in')
				.map((error) => error.code)
				.should.deepEqual([code]);
			await flow.until(() => flow.simulator.requests.count > 2);
			// A lost answer may have locked the fax.
			flow.simulator.clock.advance(300_000);
			await flow.message('received');
			flow.errors('in').should.have.length(1);
		});
	}

	it('reports silence as RETARUS_TIMEOUT after at most half the lock time', async () => {
		const silent = createServer(() => undefined).listen(0, '127.0.0.1');
		await new Promise((resolve) => silent.once('listening', resolve));
		const {port} = silent.address() as AddressInfo;
		const flow = await startFlow({
			account: {baseUrl: `http://127.0.0.1:${port}/faxin`, requestTimeout: 300},
			faxIn: {lockTimeout: 1},
		});
		const startedMs = Date.now();
		await flow.until(() => flow.errors('in').length > 0);
		flow
			.errors('in')
			.map(({code}) => code)
			.should.deepEqual(['RETARUS_TIMEOUT']);
		(Date.now() - startedMs).should.be.below(1000);
		silent.close();
	});

	it('shows plain http beyond loopback in its status', async () => {
		const flow = await startFlow({account: {baseUrl: 'http://faxes.invalid/faxin/rest/v1'}});
		await flow.until(() => flow.status('in')?.problem !== undefined);
		should(flow.status('in')?.text).endWith(' · http');
	});
});
