import should from 'should';
import type {FlowNode, Flow, Message} from './flow';
import {startFlow} from './flow';

const stateOf = (flow: Flow, index = 0): string => flow.simulator.faxes()[index]?.state.kind ?? 'none';
const faxOf = (message: Message): Record<string, unknown> => message.fax as Record<string, unknown>;

/** Resolves to the nth error of the ack node, counted from 1. */
const refusal = async (flow: Flow, number = 1): Promise<{code: string; message: string}> => {
	await flow.until(() => flow.errors('ack').length >= number);
	const error = flow.errors('ack')[number - 1];
	return error ?? {code: 'none', message: ''};
};

describe('A fax ack node', () => {
	it('passes the message on, with a timestamp, once the service has confirmed', async () => {
		const flow = await startFlow({faxes: 1});
		const message = await flow.message('received');
		stateOf(flow).should.equal('locked');
		flow.send('ack', message);
		const acknowledged = await flow.message('acknowledged');
		stateOf(flow).should.equal('acknowledged');
		Date.parse(String(faxOf(acknowledged).acknowledgedAt)).should.be.approximately(Date.now(), 5000);
		should(acknowledged.payload).equal(message.payload);
		await flow.until(() => flow.status('ack')?.counts.acknowledged === 1);
		should(flow.status('ack')).containEql({fill: 'green'});
	});

	it('acknowledges only the faxes that reach it', async () => {
		const flow = await startFlow({faxes: 3});
		await flow.message('received', 3);
		flow.send('ack', await flow.message('received', 2));
		await flow.message('acknowledged');
		const ids = flow.simulator
			.faxes()
			.filter(({state}) => state.kind === 'acknowledged')
			.map(({facts}) => facts.id);
		ids.should.deepEqual([faxOf(await flow.message('received', 2)).id]);
	});

	it('accepts a handmade handle, even for a fax that this Node-RED never received', async () => {
		const flow = await startFlow({faxIn: {wires: []}});
		const {facts} = flow.simulator.addFax({id: 'a b+c%d&e@f.QA1'});
		flow.send('ack', {fax: {id: facts.id, topic: 'demo', account: 'account'}});
		await flow.message('acknowledged');
		stateOf(flow).should.equal('acknowledged');
		flow.simulator.requests
			.all()
			.map(({query}) => new URLSearchParams(query).get('fetch'))
			.should.deepEqual(['0']);
	});

	it('passes an array of faxes on once all of them are confirmed', async () => {
		const flow = await startFlow({faxes: 3});
		const faxes = [
			faxOf(await flow.message('received', 1)),
			faxOf(await flow.message('received', 2)),
			faxOf(await flow.message('received', 3)),
		];
		flow.send('ack', {fax: faxes});
		const {fax} = await flow.message('acknowledged');
		(fax as Record<string, unknown>[]).every(({acknowledgedAt}) => typeof acknowledgedAt === 'string').should.be.true();
		flow.simulator
			.faxes()
			.every(({state}) => state.kind === 'acknowledged')
			.should.be.true();
	});

	it('adds the timestamp to a copy of a frozen fax', async () => {
		const flow = await startFlow({faxes: 2});
		const faxes = [faxOf(await flow.message('received', 1)), faxOf(await flow.message('received', 2))];
		flow.send('ack', {fax: Object.freeze({...faxes[0]})});
		faxOf(await flow.message('acknowledged', 1)).should.have.property('acknowledgedAt');
		flow.send('ack', {fax: Object.freeze([Object.freeze({...faxes[1]})])});
		const {fax} = await flow.message('acknowledged', 2);
		should((fax as Record<string, unknown>[])[0]).have.property('acknowledgedAt');
		flow.errors('ack').should.be.empty();
	});

	it('prefers its own account and topic to those of the fax', async () => {
		const flow = await startFlow({faxes: 1, faxAck: {account: 'account', topic: 'demo'}});
		const {fax} = await flow.message('received');
		flow.send('ack', {fax: {id: (fax as {id: string}).id, topic: 'other', account: 'elsewhere'}});
		await flow.message('acknowledged');
		stateOf(flow).should.equal('acknowledged');
	});

	it('treats a repeated acknowledgement of a fax as a success', async () => {
		const flow = await startFlow({faxes: 1});
		const message = await flow.message('received');
		flow.send('ack', {...message, fax: {...faxOf(message)}});
		flow.send('ack', {...message, fax: {...faxOf(message)}});
		await flow.message('acknowledged', 2);
		flow.send('ack', {...message, fax: {...faxOf(message)}});
		await flow.message('acknowledged', 3);
		flow.errors('ack').should.have.length(0);
	});

	const invalidFaxes: Record<string, unknown> = {
		'without a fax': undefined,
		'with a string instead of a fax': 'K34A3QX3',
		'with an empty array': [],
		'with a sparse array': Array(2),
		'with a hole among valid faxes': Object.assign(Array(2), {1: {id: 'a', topic: 'demo', account: 'account'}}),
		'with a fax without an id': {topic: 'demo', account: 'account'},
		'with an empty id': {id: '', topic: 'demo', account: 'account'},
		'with a comma in the id': {id: 'a,b', topic: 'demo', account: 'account'},
		'with a control character in the id': {id: 'a\nb', topic: 'demo', account: 'account'},
		'with an id of 257 characters': {id: 'a'.repeat(257), topic: 'demo', account: 'account'},
		'with a number as the id': {id: 7, topic: 'demo', account: 'account'},
		'without a topic': {id: 'a', account: 'account'},
		'with dots as the topic': {id: 'a', topic: '..', account: 'account'},
		'without an account': {id: 'a', topic: 'demo'},
		'with one invalid fax among valid ones': [
			{id: 'a', topic: 'demo', account: 'account'},
			{id: 'b,c', topic: 'demo', account: 'account'},
		],
	};
	for (const [name, fax] of Object.entries(invalidFaxes)) {
		it(`refuses a message ${name} as RETARUS_NOT_A_FAX, and acknowledges nothing`, async () => {
			const flow = await startFlow({faxIn: {wires: []}});
			flow.send('ack', {fax});
			(await refusal(flow)).code.should.equal('RETARUS_NOT_A_FAX');
			flow.simulator.requests.count.should.equal(0);
			flow.messages('acknowledged').should.have.length(0);
		});
	}

	const failures: Record<string, {readonly message: Readonly<Record<string, unknown>>; readonly names: RegExp}> = {
		'msg.error': {message: {error: {message: 'disk full'}}, names: /msg\.error.*disk full/},
		'status code 500': {message: {statusCode: 500}, names: /msg\.statusCode.*500/},
		'status code 302 as text': {message: {statusCode: '302'}, names: /msg\.statusCode.*302/},
		'a status code that is not a number': {
			message: {statusCode: 'ECONNREFUSED'},
			names: /msg\.statusCode.*ECONNREFUSED/,
		},
		'return code 1': {message: {rc: {code: 1}}, names: /msg\.rc\.code.*1/},
		'an object as the status code': {message: {statusCode: Object.create(null)}, names: /msg\.statusCode/},
		'the null return code of a killed process': {
			message: {rc: {code: null, signal: 'SIGTERM'}},
			names: /msg\.rc\.code.*null/,
		},
		'a symbol as the return code': {message: {rc: {code: Symbol('code')}}, names: /msg\.rc\.code.*Symbol/},
		'parts of something else': {message: {parts: {id: 'x', index: 0, count: 2}}, names: /msg\.parts.*'x'.*2/},
		'parts of a stream': {message: {parts: {id: 'x', index: 0, ch: '\n'}}, names: /msg\.parts.*'x'.*stream/},
		'parts of a stream without an id': {message: {parts: {index: 0}}, names: /msg\.parts.*stream/},
		'parts of no number': {message: {parts: {id: 'x', index: 0, count: 'many'}}, names: /msg\.parts.*many/},
	};
	for (const [name, {message, names}] of Object.entries(failures)) {
		it(`refuses a message with ${name} as RETARUS_GUARD, naming property and value`, async () => {
			const flow = await startFlow({faxes: 1});
			flow.send('ack', {...(await flow.message('received')), ...message});
			const {code, message: text} = await refusal(flow);
			code.should.equal('RETARUS_GUARD');
			text.should.match(names);
			stateOf(flow).should.equal('locked');
		});

		it(`acknowledges a message with ${name} if its guard is off`, async () => {
			const flow = await startFlow({faxes: 1, faxAck: {guard: false}});
			flow.send('ack', {...(await flow.message('received')), ...message});
			await flow.message('acknowledged');
			stateOf(flow).should.equal('acknowledged');
		});
	}

	it('acknowledges a message whose statusCode and rc report success', async () => {
		const flow = await startFlow({faxes: 1});
		flow.send('ack', {...(await flow.message('received')), statusCode: 204, rc: {code: 0}, error: undefined});
		await flow.message('acknowledged');
	});

	it('acknowledges a fax in parts once the last part has arrived, and passes every part on', async () => {
		const flow = await startFlow({faxes: 0, faxIn: {messagePer: 'document'}});
		flow.simulator.addFax({sample: 'notes'});
		const first = await flow.message('received', 1);
		flow.send('ack', first);
		flow.send('ack', first);
		await flow.until(() => flow.status('ack')?.text === '2 …');
		stateOf(flow).should.equal('locked');
		flow.messages('acknowledged').should.have.length(0);
		flow.send('ack', await flow.message('received', 2));
		await flow.message('acknowledged', 3);
		stateOf(flow).should.equal('acknowledged');
	});

	it('counts a fax in parts only once', async () => {
		const flow = await startFlow({faxIn: {messagePer: 'document', wires: [['received', 'ack'], []]}});
		flow.simulator.addFax({sample: 'notes'});
		await flow.message('acknowledged', 2);
		await flow.until(() => flow.status('ack')?.counts.inFlight === 0 && flow.status('ack')?.fill === 'green');
		should(flow.status('ack')?.counts.acknowledged).equal(1);
	});

	it('acknowledges the only part of something else', async () => {
		const flow = await startFlow({faxes: 1});
		flow.send('ack', {...(await flow.message('received')), parts: {id: 'x', index: 0, count: 1}});
		await flow.message('acknowledged');
	});

	for (const guard of [true, false]) {
		it(`refuses a part of the fax that does not say how many there are, with the guard ${guard ? 'on' : 'off'}`, async () => {
			const flow = await startFlow({faxes: 1, faxAck: {guard}});
			const message = await flow.message('received');
			flow.send('ack', {...message, parts: {id: faxOf(message).id, index: 0}});
			(await refusal(flow)).code.should.equal(guard ? 'RETARUS_GUARD' : 'RETARUS_NOT_A_FAX');
			stateOf(flow).should.equal('locked');
		});
	}

	it('refuses a part whose index is out of range', async () => {
		const flow = await startFlow({faxes: 1});
		const message = await flow.message('received');
		flow.send('ack', {...message, parts: {id: faxOf(message).id, index: 2, count: 2}});
		(await refusal(flow)).code.should.equal('RETARUS_NOT_A_FAX');
		stateOf(flow).should.equal('locked');
	});

	it('refuses a message with a circular error as RETARUS_GUARD', async () => {
		const flow = await startFlow({faxes: 1});
		const error: Record<string, unknown> = {};
		error.self = error;
		flow.send('ack', {...(await flow.message('received')), error});
		(await refusal(flow)).code.should.equal('RETARUS_GUARD');
	});

	it('reports an unknown account by its id', async () => {
		const flow = await startFlow({faxes: 1});
		const message = await flow.message('received');
		flow.send('ack', {fax: {...faxOf(message), account: 'gone'}});
		const {code, message: text} = await refusal(flow);
		code.should.equal('RETARUS_CONFIG');
		text.should.match(/gone/);
	});

	it('sets an id aside that the service refuses on its own, reports it once, and acknowledges the others', async function () {
		this.timeout(20_000);
		const flow = await startFlow({
			faxes: 4,
			simulator: {switches: {unknownId: 'refuse'}},
			faxIn: {wires: [['received', 'ack'], []]},
		});
		const handle = {id: 'never-given-out', topic: 'demo', account: 'account'};
		flow.send('ack', {fax: handle});
		await flow.message('acknowledged', 4);
		flow.simulator
			.faxes()
			.every(({state}) => state.kind === 'acknowledged')
			.should.be.true();
		const setAside = () => flow.messages('caught').filter(({fax}) => fax !== undefined);
		await flow.until(() => setAside().length > 0);
		setAside().should.match([{fax: handle, error: {code: 'RETARUS_SERVICE', source: {id: 'in'}}}]);
		flow
			.warnings()
			.filter((warning) => warning.includes('acknowledgeSetAside'))
			.should.have.length(1);
		flow.errors('ack').should.have.length(0);
	});

	it('retries through service errors until the service confirms', async function () {
		this.timeout(15_000);
		const flow = await startFlow({faxes: 1});
		const message = await flow.message('received');
		flow.simulator.faults.add({fault: {kind: 'status', status: 503}, times: 2});
		flow.simulator.faults.add({fault: {kind: 'lostAnswer'}, times: 1});
		flow.send('ack', message);
		await flow.message('acknowledged');
		stateOf(flow).should.equal('acknowledged');
		flow.errors('ack').should.have.length(0);
		flow.messages('received').should.have.length(1);
	});

	it('keeps an acknowledgement that is still unconfirmed at a redeploy', async function () {
		this.timeout(15_000);
		const flow = await startFlow({faxes: 1});
		const message = await flow.message('received');
		const undo = flow.simulator.faults.add({fault: {kind: 'status', status: 503}});
		flow.send('ack', message);
		await flow.until(() => flow.status('in')?.counts.unconfirmed === 1);
		await flow.deploy('nodes', {ack: {name: 'changed'}});
		undo();
		await flow.until(() => stateOf(flow) === 'acknowledged');
	});

	it('passes messages on without acknowledging in trial mode', async () => {
		const flow = await startFlow({faxes: 1, account: {trial: true}});
		const message = await flow.message('received');
		faxOf(message).should.not.have.property('trial');
		flow.send('ack', message);
		const passed = await flow.message('acknowledged');
		faxOf(passed).should.containEql({trial: true}).and.not.have.property('acknowledgedAt');
		await flow.until(() => flow.simulator.requests.count > 3);
		const requests = flow.simulator.requests.all().filter(({path}) => path.includes('/topics/'));
		requests.every(({query}) => !query.includes('ids=') && query.includes('timeout=1')).should.be.true();
		flow.messages('received').should.have.length(1);
	});

	const second: FlowNode = {id: 'back', type: 'retarus-fax-ack', action: 'giveBack', wires: [['givenBack']]};
	const withGiveBack = {nodes: () => [second, {id: 'givenBack', type: 'helper'}]};

	it('gives back a fax, which rests and returns with the next delivery number', async function () {
		this.timeout(10_000);
		const flow = await startFlow({faxes: 1, faxIn: {lockTimeout: 1}, ...withGiveBack});
		const message = await flow.message('received');
		const givenAtMs = Date.now();
		flow.send('back', {...message, error: 'a failed flow is never guarded'});
		faxOf(await flow.message('givenBack')).should.have.property('givenBackAt');
		faxOf(await flow.message('received', 2)).should.containEql({delivery: 2});
		(Date.now() - givenAtMs).should.be.within(1000, 3500);
	});

	it('checks every fax of an array before it accepts any', async () => {
		const flow = await startFlow({faxes: 3, ...withGiveBack});
		const messages = [
			await flow.message('received', 1),
			await flow.message('received', 2),
			await flow.message('received', 3),
		];
		flow.send('back', messages[2] ?? {});
		await flow.message('givenBack');
		flow.send('ack', {fax: messages.map(faxOf)});
		(await refusal(flow)).code.should.equal('RETARUS_GUARD');
		flow.simulator
			.faxes()
			.map(({state}) => state.kind)
			.should.deepEqual(['locked', 'locked', 'locked']);
	});

	it('honours the first decision on a delivery, give back or acknowledge', async () => {
		const flow = await startFlow({faxes: 2, ...withGiveBack});
		const givenBack = await flow.message('received', 1);
		flow.send('back', givenBack);
		await flow.message('givenBack', 1);
		flow.send('ack', givenBack);
		(await refusal(flow)).code.should.equal('RETARUS_GUARD');
		stateOf(flow).should.equal('locked');

		const acknowledged = await flow.message('received', 2);
		flow.send('ack', {...acknowledged, fax: {...faxOf(acknowledged)}});
		await flow.message('acknowledged', 1);
		flow.send('back', {...acknowledged, fax: {...faxOf(acknowledged)}});
		faxOf(await flow.message('givenBack', 2)).should.not.have.property('givenBackAt');
		flow.errors('back').should.have.length(0);
	});

	it('frees room when it hands a fax over, which can still be acknowledged', async () => {
		const flow = await startFlow({
			faxes: 2,
			faxIn: {maxInFlight: 1},
			nodes: () => [
				{id: 'over', type: 'retarus-fax-ack', action: 'handOver', wires: [['handedOver']]},
				{id: 'handedOver', type: 'helper'},
			],
		});
		const message = await flow.message('received', 1);
		flow.send('over', {...message, fax: {...faxOf(message)}});
		faxOf(await flow.message('handedOver')).should.have.property('handedOverAt');
		await flow.message('received', 2);
		flow.send('ack', message);
		await flow.message('acknowledged');
		stateOf(flow).should.equal('acknowledged');
	});
});
