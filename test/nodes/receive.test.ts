import {createHash} from 'node:crypto';
import should from 'should';
import type {Fax} from '../../lib/fax';
import {startFlow, type FlowOptions, type Message} from './flow';

/** Adds a second account, which receives the topic orders. */
const withSecondAccount: Pick<FlowOptions, 'nodes' | 'faxIn'> = {
	nodes: ({baseUrl}) => [
		{id: 'account2', type: 'retarus-account', region: 'custom', baseUrl},
		{
			id: 'in2',
			type: 'retarus-fax-in',
			account: 'account2',
			topic: 'orders',
			pollInterval: 1,
			wires: [['received2', 'ack']],
		},
		{id: 'received2', type: 'helper'},
	],
	faxIn: {wires: [['received', 'ack'], []]},
};

const faxOf = (message: Message): Fax => message.fax as Fax;
const sha256 = (content: unknown): string =>
	createHash('sha256')
		.update(content as Buffer)
		.digest('hex');

describe('A fax in node', () => {
	it('says when a fax is deleted by the days that the account is told', async () => {
		const flow = await startFlow({account: {keptDays: '30'}});
		flow.simulator.addFax({receivedAtMs: Date.UTC(2026, 10, 23, 10, 21, 4)});
		should(faxOf(await flow.message('received')).deleteAfter).equal('2026-12-23T10:21:04.000Z');
	});

	it('receives nothing with an account that has no whole number of kept days', async () => {
		const flow = await startFlow({faxes: 1, account: {keptDays: '7.5'}});
		await flow.until(() => flow.errors('in').length > 0);
		should(flow.errors('in')[0]).match({code: 'RETARUS_CONFIG', message: /keptDays.*1.*400.*7\.5/});
		flow.simulator.requests.count.should.equal(0);
	});

	it('sends one message per fax, with its metadata and every document', async () => {
		const flow = await startFlow({faxIn: {topic: 'orders'}, simulator: {topics: [{name: 'orders'}]}});
		const {facts, documents} = flow.simulator.addFax({
			sample: 'notes',
			id: 'K34A3QX3@J78AO6W.glaqsmucre101.QA1',
			from: '004989123456',
			to: '+4989654321',
			csid: 'EXAMPLE',
			pages: 2,
			receivedAtMs: Date.UTC(2026, 10, 23, 10, 21, 4),
		});
		const message = await flow.message('received');
		const fax = faxOf(message);
		fax.should.containEql({
			id: facts.id,
			topic: 'orders',
			account: 'account',
			delivery: 1,
			from: '+4989123456',
			to: '+4989654321',
			csid: 'EXAMPLE',
			pages: 2,
		});
		Date.parse(fax.receivedAt ?? '').should.equal(facts.receivedAtMs);
		should(fax.deleteAfter).equal('2026-11-30T10:21:04.000Z');
		(Date.parse(fax.lockedUntil) - Date.now()).should.be.within(290_000, 300_000);
		fax.raw.id?.should.equal(facts.id);
		message.should.have.properties({topic: 'orders', filename: fax.documents[0]?.filename});
		String(message.description).should.match(/^Fax from \+4989123456 to \+4989654321, 2 pages, 2026-11-23 /);
		const attachments = message.attachments as {filename: string; contentType: string; content: Buffer; size: number}[];
		attachments.should.have.length(2);
		should(message.payload).equal(attachments[0]?.content);
		for (const [index, {filename, contentType, content, size}] of attachments.entries()) {
			should(fax.documents[index]).deepEqual({
				index,
				filename,
				contentType,
				size,
				sha256: sha256(content),
				expected: true,
			});
			contentType.should.equal('image/tiff');
			size.should.equal(content.length);
			filename.should.equal(documents[index]?.name);
		}

		Object.keys(message)
			.sort()
			.should.deepEqual(['_msgid', 'attachments', 'description', 'fax', 'filename', 'payload', 'topic']);
	});

	it('sends one message per document if configured, each with its position', async () => {
		const flow = await startFlow({faxIn: {messagePer: 'document'}});
		const {facts} = flow.simulator.addFax({sample: 'notes'});
		const messages = [await flow.message('received', 1), await flow.message('received', 2)];
		messages
			.map(({parts}) => parts)
			.should.deepEqual([0, 1].map((index) => ({id: facts.id, index, count: 2, type: 'array'})));
		messages
			.map(({payload}) => sha256(payload))
			.should.deepEqual(faxOf(messages[0] ?? {}).documents.map((document) => document.sha256));
		messages
			.map(({filename}) => filename)
			.should.deepEqual(faxOf(messages[0] ?? {}).documents.map((document) => document.filename));
		should(messages[0]?._msgid).be.a.String();
		should(messages[1]?._msgid).equal(messages[0]?._msgid);
		for (const message of messages) {
			message.should.not.have.property('attachments');
			faxOf(message).documents.should.have.length(2);
		}
	});

	it('shares no object between the messages of a fax, nor with its next delivery', async () => {
		const flow = await startFlow({faxIn: {messagePer: 'document', processingTimeout: 1, lockTimeout: 1}});
		flow.simulator.addFax({sample: 'notes'});
		const [first, second] = [await flow.message('received', 1), await flow.message('received', 2)];
		const raw = structuredClone(faxOf(second).raw);
		for (const key of Object.keys(faxOf(first).raw)) {
			delete (faxOf(first).raw as Record<string, unknown>)[key];
		}

		should(faxOf(second).raw).deepEqual(raw);
		should(faxOf(await flow.message('received', 3)).raw).deepEqual(raw);
	});

	it('keeps msg.fax plain JSON', async () => {
		const flow = await startFlow({faxes: 1});
		const {fax} = await flow.message('received');
		should(JSON.parse(JSON.stringify(fax))).deepEqual(fax);
	});

	it('omits what the service does not provide', async () => {
		const flow = await startFlow({faxes: 1, simulator: {switches: {fieldNames: 'none'}}});
		const message = await flow.message('received');
		faxOf(message).should.not.have.properties('from', 'to', 'csid', 'pages', 'receivedAt', 'deleteAfter');
		should(message.description).equal('Fax');
	});

	it('holds at most maxInFlight faxes, and continues as soon as an ack node accepts one', async () => {
		const flow = await startFlow({faxes: 7, faxIn: {maxInFlight: 3}});
		await flow.message('received', 3);
		await flow.until(() => flow.status('in')?.text === '3/3');
		should(flow.status('in')).containEql({fill: 'yellow'});
		flow.simulator
			.faxes()
			.filter(({state}) => state.kind === 'locked')
			.should.have.length(3);
		for (let number = 1; number <= 7; number += 1) {
			flow.send('ack', await flow.message('received', number));
		}

		await flow.message('acknowledged', 7);
		flow.messages('received').should.have.length(7);
		flow.simulator
			.faxes()
			.every(({state}) => state.kind === 'acknowledged')
			.should.be.true();
	});

	it('drains 300 faxes, each exactly once, with at most 1.15 requests per fax', async () => {
		const flow = await startFlow({faxes: 300, faxIn: {wires: [['received', 'ack'], []]}});
		await flow.message('acknowledged', 300);
		const ids = flow.messages('received').map((message) => faxOf(message).id);
		new Set(ids).size.should.equal(300);
		ids.should.have.length(300);
		const requests = flow.simulator.requests.all();
		requests.every(({path}) => /\/(topics|files)\//.test(path)).should.be.true();
		const documents = requests.filter(({path}) => path.includes('/files/')).length;
		(requests.length - documents).should.be.belowOrEqual(0.15 * 300);
	});

	it('keeps topics and accounts apart', async () => {
		const flow = await startFlow({
			simulator: {
				accounts: [
					{customerNumber: '99999', passwords: ['secret']},
					{customerNumber: '11111', passwords: ['other']},
				],
				topics: [
					{name: 'demo', customerNumber: '99999'},
					{name: 'orders', customerNumber: '11111'},
				],
			},
			credentials: {account2: {customerNumber: '11111', password: 'other'}},
			...withSecondAccount,
		});
		flow.simulator.addFax({topic: 'demo'});
		flow.simulator.addFax({topic: 'orders'});
		faxOf(await flow.message('received')).should.containEql({topic: 'demo', account: 'account'});
		faxOf(await flow.message('received2')).should.containEql({topic: 'orders', account: 'account2'});
		await flow.message('acknowledged', 2);
	});

	it('uses the password of its own account if a customer has several', async () => {
		const flow = await startFlow({
			simulator: {
				accounts: [{customerNumber: '99999', passwords: ['secret', 'other']}],
				topics: [
					{name: 'demo', passwords: ['secret']},
					{name: 'orders', passwords: ['other']},
				],
			},
			credentials: {account2: {customerNumber: '99999', password: 'other'}},
			...withSecondAccount,
		});
		flow.simulator.addFax({topic: 'demo'});
		flow.simulator.addFax({topic: 'orders'});
		await flow.message('acknowledged', 2);
		flow.messages('caught').should.be.empty();
	});

	it('sends one request per interval while no fax arrives', async function () {
		this.timeout(6000);
		const flow = await startFlow();
		await flow.until(() => flow.simulator.requests.count >= 4);
		const requests = flow.simulator.requests.all();
		const times = requests.map(({atMs}) => atMs);
		for (const [index, time] of times.entries()) {
			const before = times[index - 1];
			if (before !== undefined) {
				(time - before).should.be.within(900, 1400);
			}
		}
	});
});

describe('The deletion after seven days', () => {
	it('is announced in the log 48 and 24 hours ahead, and in the status data', async () => {
		const dayMs = 86_400_000;
		const flow = await startFlow({faxIn: {lockTimeout: 1}});
		const {facts} = flow.simulator.addFax({id: 'old', receivedAtMs: Date.now() - 5.5 * dayMs});
		await flow.message('received');
		await flow.until(() => flow.status('in')?.nextDeletionAt !== undefined);
		Date.parse(flow.status('in')?.nextDeletionAt ?? '').should.be.approximately(facts.receivedAtMs + 7 * dayMs, 1000);
		Date.parse(flow.status('in')?.oldestFaxAt ?? '').should.be.approximately(facts.receivedAtMs, 1000);
		flow
			.warnings()
			.filter((text) => /old.*"hours":36/.test(text))
			.should.have.length(1);
		await flow.until(
			() => (flow.simulator.findFax('old')?.events.filter(({kind}) => kind === 'listed').length ?? 0) > 1,
		);
		flow
			.warnings()
			.filter((text) => text.includes('old'))
			.should.have.length(1);
	});
});

describe("Node-RED's audit log", () => {
	it('holds one entry per step of a fax, with hashes but without numbers or content', async () => {
		const flow = await startFlow({faxIn: {wires: [['received', 'ack'], []]}});
		const {facts} = flow.simulator.addFax({from: '+4989123456', to: '+4989654321'});
		const fax = faxOf(await flow.message('acknowledged'));
		const entries = flow.audit();
		entries
			.map(({event}) => event)
			.should.deepEqual(['listed', 'delivered', 'accepted', 'confirmed'].map((step) => `retarus-fax.${step}`));
		entries.every(({id, topic, node}) => id === facts.id && topic === 'demo' && node === 'in').should.be.true();
		should(entries[1]).containEql({delivery: 1, sha256: fax.documents.map(({sha256: hash}) => hash)});
		JSON.stringify(entries).should.not.match(/4989/);
	});
});
