import should from 'should';
import helper from 'node-red-node-test-helper';
import {startSimulator} from '../../simulator';
import type {ShownDocument, WaitingResult} from '../../nodes/admin/waiting-faxes';
import {startFlow, type Flow} from './flow';

/** The properties of an account as the editor sends them. */
const accountAt = (baseUrl: string): Record<string, string> => ({
	region: 'custom',
	baseUrl,
	requestTimeout: '5',
	tls: '',
	proxy: '',
});
const ownCredentials = {customerNumber: '99999', password: 'secret'};
const untouched = {customerNumber: '99999', password: '__PWRD__'};

const post = async (
	path: string,
	body: object,
	headers: Readonly<Record<string, string>> = {},
): Promise<{status: number; body: Record<string, unknown>}> => {
	const response = await helper.request().post(path).set(headers).send(body);
	return {status: response.status, body: response.body as Record<string, unknown>};
};

const test = async (body: object): Promise<Record<string, unknown>> => (await post('/retarus-account/test', body)).body;

const exchangesOf = (flow: Flow): readonly string[] =>
	flow.simulator.requests
		.all()
		.filter(({method}) => method === 'POST')
		.map(({query}) => query);

describe('The connection test', () => {
	it('verifies account and topic and times the answer, without locking or acknowledging anything', async () => {
		const flow = await startFlow({faxes: 1, faxIn: {pollInterval: 0, inputs: 1}});
		const {kind, ms, host} = await test({
			id: 'account',
			account: accountAt(flow.simulator.baseUrl),
			credentials: untouched,
			topic: 'demo',
		});
		should({kind, host}).deepEqual({kind: 'works', host: new URL(flow.simulator.baseUrl).host});
		should(ms).be.a.Number();
		exchangesOf(flow).should.deepEqual(['fetch=0&timeout=60']);
		flow.simulator
			.faxes()
			.map(({state}) => state.kind)
			.should.deepEqual(['waiting']);
	});

	it('reports only that the service was reached if there is no topic to test', async () => {
		const flow = await startFlow({faxIn: {pollInterval: 0, inputs: 1}});
		(
			await test({id: 'account', account: accountAt(flow.simulator.baseUrl), credentials: untouched})
		).should.have.property('kind', 'reached');
	});

	for (const [what, change, reason] of [
		['a wrong password', {credentials: {...ownCredentials, password: 'wrong'}}, 'unauthorized'],
		['an unknown topic', {topic: 'elsewhere'}, 'topicUnknown'],
		['an unresolvable host', {account: accountAt('http://no-such-host.invalid/faxin/rest/v1')}, 'hostNotFound'],
		['a closed port', {account: accountAt('http://127.0.0.1:9/faxin/rest/v1')}, 'connectionRefused'],
		['a missing password', {credentials: {customerNumber: '99999', password: ''}}, 'credentialsMissing'],
		['an invalid base URL', {account: accountAt('nonsense')}, 'baseUrlInvalid'],
		['an unset variable', {credentials: {...ownCredentials, customerNumber: '${RETARUS_NOT_SET}'}}, 'variableUnset'],
	] as const) {
		it(`reports ${what} without repeating a credential`, async () => {
			const flow = await startFlow({faxIn: {pollInterval: 0, inputs: 1}});
			const result = await test({
				id: 'account',
				account: accountAt(flow.simulator.baseUrl),
				credentials: ownCredentials,
				topic: 'demo',
				...change,
			});
			should(result).have.properties({kind: 'failed', reason});
			should(JSON.stringify(result)).not.containEql('wrong').and.not.containEql('secret');
		});
	}

	it('accepts credentials and an address that are not deployed yet', async () => {
		await startFlow({faxIn: {pollInterval: 0, inputs: 1}});
		const other = await startSimulator();
		try {
			(
				await test({id: 'new', account: accountAt(other.baseUrl), credentials: ownCredentials, topic: 'demo'})
			).should.have.property('kind', 'works');
		} finally {
			await other.close();
		}
	});

	it('sends neither a stored password nor an environment variable to a new address', async () => {
		process.env.RETARUS_TEST_PASSWORD = 'secret';
		await startFlow({faxIn: {pollInterval: 0, inputs: 1}});
		const other = await startSimulator();
		try {
			const variable = '${RETARUS_TEST_PASSWORD}';
			for (const [credentials, topic] of [
				[{...ownCredentials, password: '__PWRD__'}, 'demo'],
				[{...ownCredentials, password: variable}, 'demo'],
				[{...ownCredentials, customerNumber: variable}, 'demo'],
				[ownCredentials, variable],
			] as const) {
				const result = await test({id: 'account', account: accountAt(other.baseUrl), credentials, topic});
				should(result).have.properties({kind: 'failed', reason: 'passwordNeeded'});
			}

			should(other.requests.count).equal(0);
		} finally {
			delete process.env.RETARUS_TEST_PASSWORD;
			await other.close();
		}
	});

	it('never reveals the value of an environment variable', async () => {
		process.env.RETARUS_TEST_PASSWORD = 'not a number';
		try {
			const flow = await startFlow({faxIn: {pollInterval: 0, inputs: 1}});
			for (const property of ['region', 'baseUrl', 'requestTimeout']) {
				const account = {...accountAt(flow.simulator.baseUrl), [property]: '${RETARUS_TEST_PASSWORD}'};
				const result = await test({id: 'account', account, credentials: ownCredentials, topic: 'demo'});
				should(result).have.property('kind', 'failed');
				should(JSON.stringify(result)).not.containEql('not a number');
			}
		} finally {
			delete process.env.RETARUS_TEST_PASSWORD;
		}
	});

	it('refuses requests from pages of other sites', async () => {
		const flow = await startFlow({faxIn: {pollInterval: 0, inputs: 1}});
		const body = {id: 'account', account: accountAt(flow.simulator.baseUrl), credentials: untouched, topic: 'demo'};
		(await post('/retarus-account/test', body, {Origin: 'http://elsewhere.example'})).status.should.equal(403);
		(await post('/retarus-account/test', body, {Origin: 'null'})).status.should.equal(403);
		(await post('/retarus-account/test', body, {'Sec-Fetch-Site': 'cross-site'})).status.should.equal(403);
		(
			await post('/retarus-account/test', body, {
				Origin: 'https://behind-a-proxy.example',
				'Sec-Fetch-Site': 'same-origin',
			})
		).status.should.equal(200);
		flow.simulator.requests.count.should.equal(1);
	});

	it('answers a malformed request with a failure', async () => {
		await startFlow({faxIn: {pollInterval: 0, inputs: 1}});
		for (const body of [
			{},
			{id: 7},
			{id: 'in', account: 'x', credentials: []},
			{id: '__proto__', account: {region: {}}, topic: {}},
		]) {
			(await test(body)).should.have.property('kind', 'failed');
		}
	});
});

describe('The list of waiting faxes', () => {
	it('shows waiting and held faxes, locks for one second, and leaves an audit entry', async () => {
		const flow = await startFlow({faxes: 3, faxIn: {pollInterval: 0, inputs: 1, maxInFlight: 1}});
		flow.send('in', {action: 'poll'});
		const {fax: delivered} = (await flow.message('received')) as unknown as {fax: {id: string}};
		const {status, body} = await post('/retarus-fax-in/in/waiting', {});
		should(status).equal(200);
		const {faxes, held} = body as unknown as Extract<WaitingResult, {kind: 'waiting'}>;
		const waiting = flow.simulator
			.faxes()
			.map(({facts}) => facts.id)
			.filter((id) => id !== delivered.id);
		should(faxes.map(({id}) => id)).deepEqual(waiting);
		should(faxes[0]?.metadata.from).be.a.String();
		should(faxes[0]?.documents.length).be.above(0);
		should(held.map(({id, state, delivery}) => ({id, state, delivery}))).deepEqual([
			{id: delivered.id, state: 'delivered', delivery: 1},
		]);
		should(exchangesOf(flow).at(-1)).equal('fetch=10&timeout=1');
		const looks = flow.audit().filter(({event}) => event === 'retarus-fax.looked');
		should(looks.map(({node, topic, count}) => ({node, topic, count}))).deepEqual([
			{node: 'in', topic: 'demo', count: 2},
		]);
		should(JSON.stringify(looks)).not.containEql(faxes[0]?.metadata.from);
	});

	it('serves an unchanged document of a listed fax, uncached, and leaves an audit entry', async () => {
		const flow = await startFlow({faxes: 1, faxIn: {pollInterval: 0, inputs: 1}});
		const {
			faxes: [fax],
		} = (await post('/retarus-fax-in/in/waiting', {})).body as unknown as {faxes: {id: string}[]};
		const response = await helper.request().post('/retarus-fax-in/in/document').send({fax: fax?.id, index: 0});
		const [document] = flow.simulator.faxes()[0]?.documents ?? [];
		const content = typeof document?.content === 'function' ? document.content() : document?.content;
		should(response.body as ShownDocument).have.property('content', content?.toString('base64'));
		should(response.headers).have.properties({
			'content-type': 'application/json; charset=utf-8',
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff',
		});
		should(
			flow
				.audit()
				.filter(({event}) => event === 'retarus-fax.viewed')
				.map(({id}) => id),
		).deepEqual([fax?.id]);
		flow.simulator
			.faxes()
			.every(({state}) => state.kind === 'locked')
			.should.be.true();
	});

	it('serves no document of a fax that it has not listed', async () => {
		await startFlow({faxes: 1, faxIn: {pollInterval: 0, inputs: 1}});
		const {status, body} = await post('/retarus-fax-in/in/document', {fax: '../../topics/demo', index: 0});
		should(status).equal(502);
		should(body).have.properties({kind: 'failed', reason: 'documentGone'});
	});

	it('refuses a node that is not wired, not deployed or not a fax in', async () => {
		await startFlow({faxIn: {wires: [[]]}});
		for (const id of ['in', 'unknown', 'ack']) {
			const {status, body} = await post(`/retarus-fax-in/${id}/waiting`, {});
			should(status).equal(409);
			should(body).have.properties({kind: 'failed', reason: 'notReceiving'});
		}
	});

	it('reports why it is unavailable', async () => {
		const flow = await startFlow({
			faxIn: {pollInterval: 0, inputs: 1},
			account: {baseUrl: 'http://127.0.0.1:9/faxin/rest/v1'},
		});
		await flow.until(() => flow.status('in') !== undefined);
		const {status, body} = await post('/retarus-fax-in/in/waiting', {});
		should(status).equal(502);
		should(body).have.property('reason', 'connectionRefused');
	});

	it('refuses requests from pages of other sites', async () => {
		const flow = await startFlow({faxes: 1, faxIn: {pollInterval: 0, inputs: 1}});
		for (const path of ['waiting', 'document']) {
			(await post(`/retarus-fax-in/in/${path}`, {}, {Origin: 'http://elsewhere.example'})).status.should.equal(403);
		}

		flow.simulator.requests.count.should.equal(0);
	});
});
