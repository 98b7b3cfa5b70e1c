import 'should';
import {control, simulate, small, statusOf} from './harness';

describe('A page of another web site', () => {
	const fromPage = async (
		headers: Readonly<Record<string, string>>,
		method: 'GET' | 'POST' = 'POST',
		path = '/simulator/faxes',
	): Promise<number> => {
		const simulator = await simulate();
		const own = {'Content-Type': 'application/json', Host: `127.0.0.1:${simulator.port}`};
		const {status} = await control(simulator, method, path, method === 'POST' ? {} : undefined, {
			headers: {...own, ...headers},
		});
		simulator.faxes().should.have.length(status === 201 ? 1 : 0);
		return status;
	};

	it('cannot control the simulator', async () => {
		for (const headers of [
			{Origin: 'http://evil.example'},
			{Origin: 'null'},
			{'Sec-Fetch-Site': 'cross-site'},
			{'Sec-Fetch-Site': 'same-site'},
			{Origin: 'http://127.0.0.1:1'},
		]) {
			(await fromPage(headers)).should.equal(403, JSON.stringify(headers));
		}
	});

	it('cannot control the simulator under a host name of its own (DNS rebinding)', async () => {
		for (const Host of [
			'evil.example',
			'evil.example:8899',
			'127.0.0.1.evil.example',
			'localhost.evil.example:8899',
			'[::2]:1',
		]) {
			(await fromPage({Host})).should.equal(403, Host);
			(await fromPage({Host}, 'GET', '/simulator/state')).should.equal(403, Host);
		}
	});

	it('cannot control the simulator with a form', async () => {
		for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
			(await fromPage({'Content-Type': type})).should.equal(415);
		}
	});

	it("can link to the simulator's page but not read it", async () => {
		(await fromPage({'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate'}, 'GET', '/simulator')).should.equal(
			302,
		);
		(await fromPage({'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate'})).should.equal(403);
		(
			await fromPage({'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors'}, 'GET', '/simulator/state')
		).should.equal(403);
	});

	it('cannot poll for faxes with the default password under any host name', async () => {
		const simulator = await simulate();
		simulator.addFax({...small, id: 'one'});
		const poll = (headers: Readonly<Record<string, string>>): Promise<number> =>
			statusOf(simulator, '/topics/demo?fetch=1&timeout=0', {method: 'POST', headers});
		(await poll({Host: 'evil.example:8899', Origin: 'http://evil.example:8899'})).should.equal(403);
		(await poll({Origin: 'http://evil.example'})).should.equal(403);
		(await poll({Host: 'a-container:8899'})).should.equal(200);
	});

	it("is distinguished from the simulator's own page and from programs", async () => {
		for (const name of ['127.0.0.1', 'localhost', '[::1]', '127.9.9.9']) {
			for (const host of [name, `${name}:8899`]) {
				(await fromPage({Host: host, Origin: `http://${host}`, 'Sec-Fetch-Site': 'same-origin'})).should.equal(
					201,
					host,
				);
				(await fromPage({Host: host})).should.equal(201, host);
			}
		}
	});

	it('cannot control a simulator on a public host name, where programs need the password', async () => {
		const simulator = await simulate({host: '0.0.0.0', accounts: [{customerNumber: '99999', passwords: ['secret']}]});
		const named = {'Content-Type': 'application/json', Host: 'fax.example'};
		(await control(simulator, 'POST', '/simulator/faxes', {}, {headers: named})).status.should.equal(201);
		(
			await control(simulator, 'POST', '/simulator/faxes', {}, {headers: {...named, Origin: 'http://evil.example'}})
		).status.should.equal(403);
		(
			await control(simulator, 'POST', '/simulator/faxes', {}, {headers: named, authorization: null})
		).status.should.equal(401);
	});
});
