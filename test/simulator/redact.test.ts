import fc from 'fast-check';
import should from 'should';
import {seededRandom} from '../../simulator/identifiers';
import {redact, type RawExchange, type Recording} from '../../simulator/recording/redact';

const id = 'K34A3QX3@J78AO6W.glaqsmucre101.QA1';
const topicUrl = 'https://api.de1.retarus.com/faxin/rest/v1/topics/rechnungen-muenchen';
const address = `${topicUrl}?fetch=1&timeout=1&ids=${encodeURIComponent(id)}`;

/** An answer with every kind of personal data that a fax may carry, in many places and spellings. */
const answer = {
	meta: {
		topic: 'rechnungen-muenchen',
		customer: 4711815,
		next: address,
		exit: address.replace('fetch=1', 'fetch=0'),
		total: 1,
		more: false,
		cursor: null,
	},
	results: [
		{
			id,
			jobId: id.toLowerCase(),
			CallingNumber: '+4989123456789',
			CalledNumber: '004989 98 76-54 321',
			numberAsNumber: 4989123456789,
			inWords: 'Anruf von (089) 123456789, Frau Dr. Müller-Lüdenscheidt',
			RemoteCSID: 'KANZLEI HUBER & SÖHNE',
			mail: 'erika.mustermann@kanzlei-huber.example',
			circled: 'ⒽⓊⒷⒺⓇ',
			greek: 'Παπαδόπουλος',
			cyrillic: 'Достоевский',
			PageCount: '13',
			pages: 13,
			cost: 12.75,
			BillingCode: 'KST-00815',
			Status: 'OK',
			Resolution: 'FINE',
			isArchived: true,
			DateReceived: '2019-11-18T11:21:04+0100',
			utc: '2019-11-18T10:21:04.123Z',
			german: '18.11.2019 11:21',
			receivedTs: 1574072464123,
			nested: {
				'+4989123456789': {seen: 2},
				Mustermann: 'Frau Mustermann',
				deep: [[{note: 'Patient Hans Castorp, geb. 1975-03-02'}]],
			},
			documents: [
				{url: `https://api.de1.retarus.com/faxin/rest/v1/files/${id}.pdf`, size: 48_213},
				{url: `https://fax.kanzlei-huber.example/files/${encodeURIComponent(id)}.pdf?sig=c2VjcmV0c2lnbmF0dXJl`},
				{url: '/files/M%C3%BCller%20%26%20S%F6hne.tiff'},
			],
		},
	],
};
const raw: RawExchange = {
	topic: 'rechnungen-muenchen',
	secrets: ['4711815', 'geheimes-Passwort'],
	status: 200,
	headers: {
		'content-type': 'application/json;charset=UTF-8',
		date: 'Mon, 18 Nov 2019 10:21:05 GMT',
		'set-cookie': 'session=4711815',
		'x-4711815': 'x',
		'x-request-id': id,
	},
	body: JSON.stringify(answer),
};
const random = seededRandom(11);
const recorded = (body: unknown = answer): Recording => redact({...raw, body: JSON.stringify(body)}, random);

/** Replaces every value by the name of its type. */
const shapeOf = (value: unknown): unknown => {
	if (Array.isArray(value)) {
		return value.map(shapeOf);
	}

	return typeof value === 'object' && value !== null
		? Object.values(value).map(shapeOf)
		: value === null
			? 'null'
			: typeof value;
};

describe('A redacted recording', () => {
	it('contains no personal data in any spelling', () => {
		for (let round = 0; round < 50; round++) {
			const text = JSON.stringify(recorded());
			const bare = decodeURIComponent(text.replaceAll('%F6', 'ö'))
				.toLowerCase()
				.replaceAll(/[^\p{L}\p{N}]/gu, '');
			const personal = [
				'K34A3QX3',
				'J78AO6W',
				'glaqsmucre101',
				'rechnungen',
				'muenchen',
				'4711815',
				'geheimes',
				'passwort',
				'123456789',
				'987654321',
				'müller',
				'lüdenscheidt',
				'huber',
				'kanzlei',
				'söhne',
				'erika',
				'mustermann',
				'example',
				'παπαδόπουλος',
				'достоевский',
				'kst00815',
				'20191118',
				'18112019',
				'1574072464123',
				'castorp',
				'hans',
				'19750302',
				'c2vjcmv0',
				'frau',
				'patient',
				'session',
			];
			text.should.not.match(/[Ⓐ-ⓩ]/u);
			personal.filter((word) => bare.includes(word.toLowerCase())).should.be.empty();
		}
	});

	it('keeps field names, structure, types and forms', () => {
		const {body, status, headers, bodyLength, request} = recorded();
		should(shapeOf(body)).deepEqual(shapeOf(answer));
		[status, bodyLength].should.deepEqual([200, raw.body.length]);
		request.should.match(/^POST \/topics\/[a-z]{10}-[a-z]{8}\?fetch=1&timeout=1$/);
		should(headers['content-type']).equal('application/json;charset=UTF-8');
		should(headers['x-request-id']).equal(`(${id.length} characters)`);
		const [entry] = (body as typeof answer).results;
		Object.keys(entry ?? {}).should.deepEqual(Object.keys(answer.results[0] ?? {}));
		should(entry).have.properties({Status: 'OK', Resolution: 'FINE', isArchived: true});
		should(entry?.id).match(/^[A-Z]\d\d[A-Z]\d[A-Z]{2}\d@[A-Z]\d\d[A-Z]{2}\d[A-Z]\.[a-z]{10}\d{3}\.[A-Z]{2}\d$/);
		should(entry?.CallingNumber).match(/^\+[1-9]\d{12}$/);
		should(entry?.CalledNumber).match(/^00\d{4} \d\d \d\d-\d\d \d{3}$/);
		should(entry?.PageCount).match(/^[1-9]\d$/);
		should(entry?.DateReceived).match(/^2020-[01]\d-[0-2]\dT[0-2]\d:[0-5]\d:[0-5]\d\+0100$/);
		should(entry?.utc).match(/^2020-.*\.\d{3}Z$/);
		should(new Date(entry?.receivedTs ?? 0).getUTCFullYear()).be.within(2001, 2033);
		should(entry?.documents[0]?.url).match(/^https:\/\/api\.de1\.retarus\.com\/faxin\/rest\/v1\/files\/\S+\.pdf$/);
	});

	it('gives equal values equal replacements, so that an id still matches its URLs', () => {
		const {
			meta,
			results: [entry],
		} = recorded().body as typeof answer;
		should(entry?.documents[0]?.url).endWith(`/files/${entry?.id ?? ''}.pdf`);
		should(entry?.documents[1]?.url).containEql(`/files/${encodeURIComponent(entry?.id ?? '')}.pdf`);
		meta.next.should.endWith(`&ids=${encodeURIComponent(entry?.id ?? '')}`);
		should(`+${String(entry?.numberAsNumber)}`).equal(entry?.CallingNumber);
	});

	it('differs from run to run', () => {
		const once = redact(raw);
		should(once.body).not.deepEqual(redact(raw).body);
	});

	it('reveals only the length of an answer that is not JSON', () => {
		should(redact({...raw, body: '<html>Frau Mustermann</html>'}))
			.have.properties({bodyLength: 28})
			.and.not.have.property('body');
	});

	it('contains no word of a random answer', () => {
		const word = fc.oneof(
			fc.string({unit: 'grapheme', minLength: 4}),
			fc.string({
				unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '-', '/', ' '),
				minLength: 6,
			}),
			fc.emailAddress(),
			fc.webUrl(),
		);
		const tree = fc.object({
			key: fc.constantFrom('from', 'to', 'csid', 'id', 'name'),
			values: [word, fc.integer(), fc.boolean(), fc.constant(null)],
			maxDepth: 3,
		});
		fc.assert(
			fc.property(tree, (body) => {
				const {body: redacted} = recorded(body);
				should(shapeOf(redacted)).deepEqual(shapeOf(JSON.parse(JSON.stringify(body))));
				const left = new Set(
					JSON.stringify(Object.values(redacted as object))
						.toLowerCase()
						.match(/[\p{L}\p{N}]{5,}/gu),
				);
				const original =
					JSON.stringify(Object.values(body))
						.toLowerCase()
						.match(/[\p{L}\p{N}]{5,}/gu) ?? [];
				original.filter((part) => left.has(part) && !['false', 'https', 'error'].includes(part)).should.be.empty();
			}),
			{numRuns: 300, seed: 5},
		);
	});
});
