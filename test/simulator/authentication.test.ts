import 'should';
import {basic, control, exchange, idOf, send, simulate, small, statusOf} from './harness';

describe('The simulator, when authenticating', () => {
	const url = '/topics/demo?fetch=1';

	it('answers 401 with a challenge for Basic authentication', async () => {
		const simulator = await simulate();
		for (const authorization of [
			null,
			basic('99999', 'wrong'),
			basic('1', 'secret'),
			'Bearer secret',
			'Basic',
			basic('99999', ''),
		]) {
			const {status, headers} = await send(simulator, url, {method: 'POST', authorization});
			status.should.equal(401);
			String(headers['www-authenticate']).should.match(/^Basic /);
		}
	});

	it('asks for credentials before revealing which topics and files exist', async () => {
		const simulator = await simulate();
		(await statusOf(simulator, '/topics/unknown?fetch=1', {method: 'POST', authorization: null})).should.equal(401);
		(await statusOf(simulator, '/files/unknown.pdf', {authorization: null})).should.equal(401);
	});

	it('accepts each of several passwords, with colons and umlauts, in plain and URL-safe base64', async () => {
		const passwords = ['a:b', 'schön', '???>>>', 'third'];
		const simulator = await simulate({accounts: [{customerNumber: '12345', passwords}]});
		for (const password of passwords) {
			const plain = basic('12345', password);
			const urlSafe = `Basic ${Buffer.from(`12345:${password}`).toString('base64url')}`;
			for (const authorization of [plain, urlSafe, plain.replace('Basic', 'basic')]) {
				(await statusOf(simulator, url, {method: 'POST', authorization})).should.equal(200);
			}
		}
	});

	it('restricts a topic and its documents to the right customer and password', async () => {
		for (const [forbiddenTopicStatus, topic] of [
			[403, {passwords: ['two']}],
			[404, {customerNumber: '2'}],
		] as const) {
			const simulator = await simulate({
				accounts: [
					{customerNumber: '1', passwords: ['one', 'two']},
					{customerNumber: '2', passwords: ['two']},
				],
				topics: [{name: 'demo', ...topic}],
				switches: {forbiddenTopicStatus},
			});
			const fax = simulator.addFax(small);
			for (const [authorization, status] of [
				[basic('1', 'one'), forbiddenTopicStatus],
				[basic('2', 'two'), 200],
			] as const) {
				(await statusOf(simulator, `${url}&timeout=0`, {method: 'POST', authorization})).should.equal(status);
				(await statusOf(simulator, `/files/${idOf(fax)}.pdf`, {authorization})).should.equal(status);
			}
		}
	});

	it('lets only this machine control it without credentials', async () => {
		const local = await simulate();
		(await control(local, 'GET', '/simulator/faxes', undefined, {authorization: null})).status.should.equal(200);
		const open = await simulate({host: '0.0.0.0', accounts: [{customerNumber: '99999', passwords: ['secret']}]});
		(await control(open, 'GET', '/simulator/faxes', undefined, {authorization: null})).status.should.equal(401);
		(await control(open, 'GET', '/simulator/faxes')).status.should.equal(200);
	});

	it('does not start with the default password on a host that other machines can reach', async () => {
		await simulate({host: '0.0.0.0'}).should.be.rejectedWith(/set accounts/);
	});

	it('logs that a request had credentials but not the credentials themselves', async () => {
		const simulator = await simulate();
		await exchange(simulator, 'fetch=1');
		const [logged] = simulator.requests.all();
		logged?.hasAuthorization.should.be.true();
		JSON.stringify(logged).should.not.match(/secret|OTk5OTk6/);
	});
});
