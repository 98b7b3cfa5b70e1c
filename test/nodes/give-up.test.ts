import should from 'should';
import type {Fax} from '../../lib/fax';
import {startFlow, type Message} from './flow';

const faxOf = (message: Message): Fax => message.fax as Fax;

describe('A fax whose deliveries fail', function () {
	this.timeout(20_000);

	it('leaves by output 2 after the last failure with documents and reason, and can be acknowledged there', async () => {
		const flow = await startFlow({
			faxes: 1,
			faxIn: {maxDeliveries: 1, outputs: 2, lockTimeout: 1, processingTimeout: 1},
		});
		await flow.message('received');
		const message = await flow.message('givenUp');
		faxOf(message).should.containEql({delivery: 2});
		should(faxOf(message).problem).containEql({code: 'RETARUS_TIMEOUT'});
		faxOf(message).documents.should.have.length(1);
		should(message.payload).be.instanceOf(Buffer);
		flow
			.errors('in')
			.map(({code}) => code)
			.should.deepEqual(['RETARUS_TIMEOUT']);
		flow.send('ack', message);
		await flow.message('acknowledged');
		flow.messages('received').should.have.length(1);
	});

	it('leaves by output 2 without payload if its documents are unavailable', async () => {
		const flow = await startFlow({
			faxIn: {maxDeliveries: 1, outputs: 2, lockTimeout: 4},
			simulator: {switches: {deletedDocumentStatus: 410}},
		});
		flow.simulator.addFax({documents: []});
		const message = await flow.message('givenUp');
		should(message.payload).be.null();
		faxOf(message).documents.should.be.empty();
		should(faxOf(message).problem).containEql({code: 'RETARUS_DOCUMENT_INVALID'});
		flow
			.errors('in')
			.map(({code}) => code)
			.should.deepEqual(['RETARUS_DOCUMENT_INVALID']);
		flow.messages('received').should.be.empty();
	});

	it('raises an error with the fax, and is not delivered, if a document is too large', async () => {
		const flow = await startFlow({faxIn: {maxFaxSize: 1}});
		const content = Buffer.alloc(1024 * 1024 + 1, '%PDF-1.7 ');
		const {facts} = flow.simulator.addFax({documents: [{extension: 'pdf', content}]});
		const caught = await flow.message('caught');
		should(caught.error).containEql({code: 'RETARUS_DOCUMENT_TOO_LARGE'});
		faxOf(caught).should.containEql({id: facts.id, delivery: 1});
		flow.messages('received').should.be.empty();
		flow.simulator.faxes()[0]?.state.kind.should.equal('locked');
	});

	const troubles = {
		truncated: {kind: 'truncated'},
		'truncated without a Content-Length': {kind: 'truncatedUnannounced'},
		'of the wrong length': {kind: 'wrongLength'},
		'a web page': {kind: 'html'},
		empty: {kind: 'empty'},
	} as const;
	for (const [name, fault] of Object.entries(troubles)) {
		it(`is fetched again if a document is ${name}, and then delivered complete`, async () => {
			const flow = await startFlow();
			flow.simulator.faults.add({fault, phase: 'document', times: 1});
			flow.simulator.addFax({sample: 'order'});
			const {payload} = await flow.message('received');
			String(payload)
				.should.startWith('%PDF')
				.and.match(/%%EOF\s*$/);
			flow.errors('in').should.be.empty();
		});
	}

	it('counts as a failed delivery if a document stays broken', async () => {
		const flow = await startFlow({faxIn: {lockTimeout: 4}});
		for (const fault of Object.values(troubles)) {
			const [document] = flow.simulator.addFax({sample: 'order'}).documents;
			flow.simulator.faults.add({fault, phase: 'document', fileName: document?.name});
		}

		await flow.until(() => flow.errors('in').length >= Object.keys(troubles).length);
		flow
			.errors('in')
			.map(({code}) => code)
			.should.deepEqual(Object.keys(troubles).map(() => 'RETARUS_DOCUMENT_INVALID'));
		flow.messages('received').should.be.empty();
	});

	it('counts as a failed delivery if a document is gone', async () => {
		const flow = await startFlow({faxIn: {lockTimeout: 4}});
		flow.simulator.faults.add({fault: {kind: 'status', status: 410}, phase: 'document'});
		flow.simulator.addFax();
		should((await flow.message('caught')).error).containEql({code: 'RETARUS_DOCUMENT_GONE'});
	});

	it('is never delivered with only some of its documents', async () => {
		const flow = await startFlow({faxIn: {lockTimeout: 4}});
		const {documents} = flow.simulator.addFax({sample: 'notes'});
		flow.simulator.faults.add({fault: {kind: 'status', status: 404}, fileName: documents[1]?.name});
		should((await flow.message('caught')).error).containEql({code: 'RETARUS_DOCUMENT_GONE'});
		flow.messages('received').should.be.empty();
	});
});
