import 'should';
import {sampleDocuments} from '../../simulator/documents/samples';
import {bytesOf, nameDocuments} from '../../simulator/documents/document';
import {control, send, simulate, start, type Response} from './harness';

const facts = {id: 'x', from: '+491', to: '+492', csid: 'X', receivedAtMs: start};
const [letter = Buffer.alloc(0)] = nameDocuments('x', sampleDocuments('letter', facts)).map(bytesOf);
const [prescription = Buffer.alloc(0)] = nameDocuments('x', sampleDocuments('prescription', facts)).map(bytesOf);

describe('The upload endpoint', () => {
	const upload = async (
		type: string,
		body: Buffer,
		query = '',
	): Promise<Response & {readonly simulator: Awaited<ReturnType<typeof simulate>>}> => {
		const simulator = await simulate({topics: [{name: 'demo'}, {name: 'orders'}]});
		return {
			...(await control(simulator, 'POST', `/simulator/faxes${query}`, undefined, {
				body,
				headers: {'Content-Type': type},
			})),
			simulator,
		};
	};

	it('turns a PDF into a fax with its bytes, its page count and the facts in the query', async () => {
		const {status, body, simulator} = await upload(
			'application/pdf',
			letter,
			'?topic=orders&from=%2B491&to=%2B492&csid=M%C3%BCller&copies=2',
		);
		status.should.equal(201);
		const {ids} = JSON.parse(body.toString()) as {ids: string[]};
		simulator
			.faxes()
			.map((fax) => fax.facts)
			.should.deepEqual(ids.map((id) => ({...facts, id, topic: 'orders', csid: 'Müller', pages: 3})));
		for (const id of ids) {
			(await send(simulator, `/files/${id}.pdf`)).body.equals(letter).should.be.true();
		}
	});

	it('turns a TIFF of either byte order into a fax', async () => {
		const {simulator} = await upload('image/tiff; charset=binary', prescription);
		simulator
			.faxes()
			.map(({documents, facts: {pages}}) => [pages, documents[0]?.contentType])
			.should.deepEqual([[1, 'image/tiff']]);
		(await upload('image/tiff', Buffer.from('MM\0*\0\0\0\x08\0\0\0\0\0\0', 'latin1'))).status.should.equal(201);
	});

	it('counts at least one page in a damaged file, without hanging', async () => {
		const ring = Buffer.from('II*\0\x08\0\0\0\0\0\x08\0\0\0', 'latin1');
		for (const content of [ring, Buffer.from('II*\0\xff\xff\xff\xff', 'latin1'), Buffer.from('II*\0', 'latin1')]) {
			const {status, simulator} = await upload('image/tiff', content);
			status.should.equal(201);
			simulator.faxes()[0]?.facts.pages.should.be.aboveOrEqual(1);
		}
		const {simulator} = await upload('application/pdf', Buffer.from('%PDF-1.7\n%%EOF'));
		simulator.faxes()[0]?.facts.pages.should.equal(1);
	});

	const refused: readonly (readonly [what: string, type: string, body: Buffer, query: string, status: number])[] = [
		['a TIFF declared as a PDF', 'application/pdf', prescription, '', 415],
		['a PDF declared as a TIFF', 'image/tiff', letter, '', 415],
		['a web page', 'application/pdf', Buffer.from('<html>'), '', 415],
		['an empty body', 'application/pdf', Buffer.alloc(0), '', 415],
		['an unsupported type', 'image/png', Buffer.from('\x89PNG'), '', 415],
		['an unknown topic', 'application/pdf', letter, '?topic=unknown', 400],
		['too many copies', 'application/pdf', letter, '?copies=10001', 400],
		['a malformed number of copies', 'application/pdf', letter, '?copies=1e3', 400],
		['a misspelled parameter', 'application/pdf', letter, '?form=%2B491', 400],
	];
	for (const [what, type, body, query, status] of refused) {
		it(`refuses ${what} with ${status}`, async () => {
			const answer = await upload(type, body, query);
			answer.status.should.equal(status);
			answer.simulator.faxes().should.be.empty();
		});
	}

	it('refuses more than 64 MB', async () => {
		const body = Buffer.concat([letter, Buffer.alloc(64 * 1024 * 1024)]);
		(await upload('application/pdf', body)).status.should.equal(413);
	});
});
