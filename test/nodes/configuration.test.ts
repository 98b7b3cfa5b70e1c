import should from 'should';
import {startFlow, type FlowOptions} from './flow';

interface Case extends FlowOptions {
	readonly reason: string;
	readonly says: RegExp;
}

const cases: Record<string, Case> = {
	'a missing account': {faxIn: {account: ''}, reason: 'accountMissing', says: /account/},
	'a deleted account': {faxIn: {account: 'gone'}, reason: 'accountMissing', says: /account/},
	'a blank topic': {faxIn: {topic: ' '}, reason: 'topicMissing', says: /topic/},
	'a topic that escapes its path': {faxIn: {topic: '..'}, reason: 'topicInvalid', says: /topic/},
	'missing credentials, as with a wrong credentialSecret': {
		credentials: {account: {}},
		reason: 'credentialsMissing',
		says: /credentialSecret/,
	},
	'a missing password': {
		credentials: {account: {customerNumber: '99999'}},
		reason: 'credentialsMissing',
		says: /password/,
	},
	'an unset variable as the topic': {
		faxIn: {topic: '${RETARUS_UNSET}'},
		reason: 'variableUnset',
		says: /RETARUS_UNSET/,
	},
	'an unset variable as the password': {
		credentials: {account: {customerNumber: '1', password: '${RETARUS_UNSET}'}},
		reason: 'variableUnset',
		says: /RETARUS_UNSET.*password/,
	},
	'an unset variable as the region': {
		account: {region: '${RETARUS_UNSET}'},
		reason: 'variableUnset',
		says: /RETARUS_UNSET.*region/,
	},
	'an unknown region': {account: {region: 'fr1'}, reason: 'regionUnknown', says: /fr1.*de1/},
	'a base URL that is neither http nor https': {
		account: {baseUrl: 'ftp://127.0.0.1/faxin'},
		reason: 'baseUrlInvalid',
		says: /https/,
	},
	'a base URL with credentials': {
		account: {baseUrl: 'http://user:pw@127.0.0.1/faxin'},
		reason: 'baseUrlInvalid',
		says: /user name/,
	},
	'a missing TLS configuration': {account: {tls: 'gone'}, reason: 'tlsInvalid', says: /TLS/},
	'a missing proxy configuration': {account: {proxy: 'gone'}, reason: 'proxyInvalid', says: /proxy/},
	'poll interval 0 without an input port': {
		faxIn: {pollInterval: 0},
		reason: 'onDemandWithoutInput',
		says: /input port/,
	},
	'an unwired output 2': {
		faxIn: {maxDeliveries: 2, outputs: 2, wires: [['received'], []]},
		reason: 'secondOutputNotWired',
		says: /[Oo]utput 2/,
	},
	'an unknown choice': {faxIn: {messagePer: 'page'}, reason: 'choiceInvalid', says: /messagePer.*fax, document/},
	...Object.fromEntries(
		Object.entries({
			pollInterval: ['-1', '86401', '1.5', 'soon'],
			maxInFlight: [0, 1001],
			processingTimeout: [0, 86_401],
			maxDeliveries: [-1, 101],
			batchSize: [0, 1001],
			lockTimeout: [-1, 86_401],
			maxFaxSize: [0, 1025],
		}).flatMap(([property, values]) =>
			values.map((value) => [
				`${property} ${value}`,
				{faxIn: {[property]: value}, reason: 'numberInvalid', says: new RegExp(`${property}.*"${value}"`)},
			]),
		),
	),
	'requestTimeout 301': {
		account: {requestTimeout: 301},
		reason: 'numberInvalid',
		says: /requestTimeout.*from 1 to 300/,
	},
};

describe('A misconfigured fax in node', () => {
	for (const [name, {reason, says, ...options}] of Object.entries(cases)) {
		it(`reports ${name} once as RETARUS_CONFIG, turns red and sends no request`, async () => {
			const flow = await startFlow({faxes: 1, ...options});
			await flow.until(() => flow.errors('in').length > 0 && flow.status('in') !== undefined);
			const [error] = flow.errors('in');
			should(error).containEql({code: 'RETARUS_CONFIG'});
			should(error?.message).match(says);
			should(flow.status('in')).containEql({fill: 'red'});
			should(flow.status('in')?.text).endWith(`status.${reason}`);
			await flow.deploy('nodes', {received: {name: 'changed'}});
			flow.errors('in').should.have.length(1);
			flow.simulator.requests.count.should.equal(0);
		});
	}

	it('names the node that already receives its topic, and takes over when that node leaves it', async () => {
		const flow = await startFlow({
			faxIn: {name: 'first'},
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
		await flow.until(() => flow.errors('second').length > 0);
		should(flow.errors('second')[0]).containEql({code: 'RETARUS_CONFIG'});
		should(flow.errors('second')[0]?.message).match(/demo.*first/);
		should(flow.status('second')).containEql({fill: 'red'});
		await flow.deploy('nodes', {in: {topic: 'elsewhere'}});
		await flow.until(() => flow.status('second')?.fill === 'green');
	});

	it('stays yellow and does not poll until it is wired', async () => {
		const flow = await startFlow({faxes: 1, faxIn: {wires: []}});
		await flow.until(() => flow.status('in') !== undefined);
		should(flow.status('in')).containEql({fill: 'yellow'});
		should(flow.status('in')?.text).endWith('status.notWired');
		flow.errors('in').should.be.empty();
		flow.simulator.requests.count.should.equal(0);
		await flow.deploy('nodes', {in: {wires: [['received']]}});
		await flow.message('received');
	});
});

describe('A fax in node', () => {
	it('accepts numbers as text, as the editor and environment variables provide them', async () => {
		const flow = await startFlow({
			faxes: 1,
			faxIn: {batchSize: '7', lockTimeout: ' 90 ', pollInterval: '', maxInFlight: undefined},
		});
		await flow.message('received');
		flow.simulator.requests.all()[0]?.query.should.equal('fetch=7&timeout=90');
	});

	it('locks a fax for the processing timeout by default', async () => {
		const flow = await startFlow({faxes: 1, faxIn: {processingTimeout: 77}});
		await flow.message('received');
		flow.simulator.requests.all()[0]?.query.should.equal('fetch=10&timeout=77');
	});

	it('warns as long as no fax ack node exists', async () => {
		const alone = await startFlow({nodes: () => [{id: 'ack', type: 'helper'}]});
		await alone.until(() => alone.status('in')?.text?.endsWith('status.noAcknowledge') ?? false);
		should(alone.status('in')).have.property('fill', 'yellow');
	});

	it('needs no fax ack node in trial mode', async () => {
		const trial = await startFlow({nodes: () => [{id: 'ack', type: 'helper'}], account: {trial: true}});
		await trial.until(() => trial.status('in')?.text?.endsWith('status.idle') ?? false);
	});
});
