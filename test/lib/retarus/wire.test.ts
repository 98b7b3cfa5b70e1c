import should from 'should';
import {ProtocolError} from '../../../lib/errors';
import {
	documentPath,
	documentSegment,
	encodedLength,
	exchangePath,
	listedDocuments,
	parseAnswer,
} from '../../../lib/retarus/wire';

const answer = (...results: readonly unknown[]): string => JSON.stringify({meta: {}, results});

/** What the parser says about a body that it cannot use. */
const refusal = (body: string): unknown => {
	try {
		parseAnswer(body);
	} catch (error) {
		should(error).be.instanceof(ProtocolError);
		return error instanceof ProtocolError ? error.reason : undefined;
	}

	throw new Error('was parsed');
};

describe('The path of an exchange', () => {
	const exchange = {topic: 't', fetch: 10, lockTimeoutMs: 300_000, ids: []};

	it('names topic, count and seconds', () => {
		should(exchangePath(exchange)).equal('/topics/t?fetch=10&timeout=300');
	});

	it('encodes each id on its own and leaves the comma raw', () => {
		const ids = ['K34A3QX3@J78AO6W.glaqsmucre101.QA1', 'a+b%c&d e=f?g#h/i', 'ü'];
		should(exchangePath({...exchange, fetch: 0, ids})).equal(
			'/topics/t?fetch=0&timeout=300&ids=K34A3QX3%40J78AO6W.glaqsmucre101.QA1,a%2Bb%25c%26d%20e%3Df%3Fg%23h%2Fi,%C3%BC',
		);
		const query = new URL(exchangePath({...exchange, ids}), 'http://h').search;
		should(
			/ids=(.*)$/
				.exec(query)?.[1]
				?.split(',')
				.map((id) => decodeURIComponent(id)),
		).deepEqual(ids);
	});

	it('keeps a topic within its segment', () => {
		should(exchangePath({...exchange, topic: '../files/x?y#z'})).equal(
			'/topics/..%2Ffiles%2Fx%3Fy%23z?fetch=10&timeout=300',
		);
	});

	it('rounds the lock up to whole seconds', () => {
		should(exchangePath({...exchange, lockTimeoutMs: 1001})).match(/timeout=2$/);
	});

	it('grows with each id by its encoded length', () => {
		const ids = ['a', 'ü@,'];
		const path = exchangePath({...exchange, ids});
		should(path.length - exchangePath({...exchange, ids: ['a']}).length).equal(encodedLength('ü@,'));
	});
});

describe('An answer', () => {
	it('lists its faxes in order, with the entry as it came', () => {
		const first = {id: 'b', CallingNumber: '+49', documents: [{url: 'x/b.pdf'}]};
		should(parseAnswer(answer(first, {id: 'a'}))).deepEqual({
			listings: [
				{id: 'b', documents: ['b.pdf'], raw: first},
				{id: 'a', documents: [], raw: {id: 'a'}},
			],
			malformed: 0,
		});
	});

	it('needs no meta and bears any', () => {
		for (const meta of [undefined, null, [], 'x', {next: 'https://evil'}]) {
			should(parseAnswer(JSON.stringify({meta, results: [{id: 'a'}]})).listings.length).equal(1);
		}
	});

	it('lists an id once, however often it is named', () => {
		should(
			parseAnswer(answer({id: 'a', n: 1}, {id: 'b'}, {id: 'a', n: 2})).listings.map(({id, raw}) => [id, raw.n]),
		).deepEqual([
			['a', 1],
			['b', undefined],
		]);
		should(parseAnswer(answer({id: 5}, {id: '5'})).listings.length).equal(1);
	});

	it('takes a number as id only while it has all its digits', () => {
		should(parseAnswer(answer({id: 12}, {id: 0})).listings.map(({id}) => id)).deepEqual(['12', '0']);
		should(parseAnswer('{"results":[{"id":9007199254740993},{"id":1.5},{"id":1e400}]}')).deepEqual({
			listings: [],
			malformed: 3,
		});
	});

	const malformed: readonly unknown[] = [
		{},
		{id: null},
		{id: ''},
		{id: 'a,b'},
		{id: 'a\nb'},
		{id: ['a']},
		{id: {a: 1}},
		{id: true},
		{id: 'x'.repeat(257)},
		{id: '\ud800'},
		null,
		'a',
		1,
		[],
		[{id: 'a'}],
	];
	for (const entry of malformed) {
		it(`counts ${JSON.stringify(entry).slice(0, 40)} as malformed and goes on`, () => {
			should(parseAnswer(answer(entry, {id: 'a'}))).deepEqual({
				listings: [{id: 'a', documents: [], raw: {id: 'a'}}],
				malformed: 1,
			});
		});
	}

	it('drops keys that reach for a prototype, at every depth', () => {
		const body =
			'{"results":[{"id":"a","__proto__":{"x":1},"constructor":1,"prototype":2,' +
			'"in":{"__proto__":{"y":1},"keep":[{"__proto__":1,"z":1}]}}]}';
		const [listing] = parseAnswer(body).listings;
		should(listing?.raw).deepEqual({id: 'a', in: {keep: [{z: 1}]}});
		should(JSON.stringify(listing?.raw)).equal('{"id":"a","in":{"keep":[{"z":1}]}}');
		should(Object.hasOwn({}, 'x') || 'x' in {}).be.false();
	});

	for (const [kind, opening, closing] of [
		['lists', '[', ']'],
		['records', '{"in":', '}'],
		['both', '{"in":[', ']}'],
	] as const) {
		it(`cuts nesting of ${kind} that would break a recursive clone`, () => {
			const depth = 100_000;
			const [listing] = parseAnswer(
				`{"results":[{"id":"a","deep":${opening.repeat(depth)}1${closing.repeat(depth)}}]}`,
			).listings;
			should(JSON.stringify(listing?.raw).length).be.below(1000);
			structuredClone(listing?.raw);
		});
	}

	it('keeps 64 levels of an entry, and nothing below them', () => {
		const nested = (levels: number): unknown => JSON.parse(`${'{"in":'.repeat(levels)}1${'}'.repeat(levels)}`);
		const [kept, cut] = parseAnswer(answer({id: 'a', deep: nested(63)}, {id: 'b', deep: nested(64)})).listings;
		should(kept?.raw).deepEqual({id: 'a', deep: nested(63)});
		should(JSON.stringify(cut?.raw)).equal(JSON.stringify({id: 'b', deep: nested(63)}).replace('{"in":1}', '{}'));
	});

	it('keeps null as it came', () => {
		should(parseAnswer(answer({id: 'a', CallingNumber: null, documents: null})).listings[0]?.raw).deepEqual({
			id: 'a',
			CallingNumber: null,
			documents: null,
		});
	});

	it('may begin with a byte order mark, which is data anywhere else', () => {
		for (const begin of ['', '\uFEFF']) {
			should(parseAnswer(`${begin}${answer({id: 'a', subject: '\uFEFFx'})}`)).deepEqual({
				listings: [{id: 'a', documents: [], raw: {id: 'a', subject: '\uFEFFx'}}],
				malformed: 0,
			});
		}
	});

	it('that is not JSON says why', () => {
		should(() => parseAnswer('{')).throw(ProtocolError, {cause: /^SyntaxError/});
	});

	it('bears ten megabytes of other fields', () => {
		should(parseAnswer(answer({id: 'a', note: 'x'.repeat(10_000_000)})).listings.length).equal(1);
	});

	const yes: readonly string[] = [
		'',
		' \r\n\t',
		'\uFEFF',
		'null',
		'[]',
		'{}',
		'{"meta":{"next":"https://h"}}',
		'{"results":null}',
		'{"results":""}',
		'{"results":{}}',
		'{"results":false}',
		'{"results":[],"error":"x"}',
		'{"error":null}',
		'{"error":""}',
		'{"errors":[]}',
		'{"status":"ok","faxes":[]}',
		'{"__proto__":{"results":[{"id":"a"}]}}',
	];
	for (const body of yes) {
		it(`says that nothing waits by ${JSON.stringify(body)}`, () => {
			should(parseAnswer(body)).deepEqual({listings: [], malformed: 0});
			should(parseAnswer(body, {isPoll: false})).deepEqual({listings: [], malformed: 0});
		});
	}

	it('may list a single fax without a list, and its single document too', () => {
		const entry = {id: 'a', documents: {url: 'x/a.pdf'}};
		should(parseAnswer(JSON.stringify({results: entry}))).deepEqual({
			listings: [{id: 'a', documents: ['a.pdf'], raw: entry}],
			malformed: 0,
		});
		should(listedDocuments(entry)).deepEqual([{url: 'x/a.pdf'}]);
		should(listedDocuments({documents: [1, 2]})).deepEqual([1, 2]);
		for (const documents of [undefined, null, 'a.pdf', 5]) {
			should(listedDocuments({documents})).be.empty();
		}
	});

	it('may be the list itself', () => {
		should(parseAnswer('[{"id":"a"},5]')).deepEqual({
			listings: [{id: 'a', documents: [], raw: {id: 'a'}}],
			malformed: 1,
		});
	});

	it('that may list faxes in an unknown way is not taken for an empty one, except where none were asked for', () => {
		for (const body of ['{"data":[{"id":"a"}]}', '{"results":"none"}', '{"results":1}', '{"results":true}']) {
			should(refusal(body)).equal('noResults');
			should(parseAnswer(body, {isPoll: false})).deepEqual({listings: [], malformed: 0});
		}
	});

	const bodies: readonly (readonly [string, string])[] = [
		['{', 'notJson'],
		['{"results":[]', 'notJson'],
		['hello', 'notJson'],
		['OK', 'notJson'],
		['<html>', 'htmlAnswer'],
		['\n <!DOCTYPE html>', 'htmlAnswer'],
		['{"note": <b>', 'notJson'],
		['see <https://h>', 'notJson'],
		['5', 'noResults'],
		['"x"', 'noResults'],
		['true', 'noResults'],
		['{"error":"busy"}', 'noResults'],
		['{"error":{"code":1}}', 'noResults'],
		['{"errors":[{"code":1}],"results":null}', 'noResults'],
		['{"Error":"busy"}', 'noResults'],
		['{"fault":{"faultstring":"x"}}', 'noResults'],
	];
	for (const [body, reason] of bodies) {
		it(`is none when it is ${JSON.stringify(body)}: ${reason}`, () => {
			should(refusal(body)).equal(reason);
			should(() => parseAnswer(body, {isPoll: false})).throw(ProtocolError);
		});
	}
});

describe('The document that a URL names', () => {
	const named: readonly (readonly [string, string])[] = [
		[
			'https://api.de1.retarus.com/faxin/rest/v1/files/K34A3QX3@J78AO6W.glaqsmucre101.QA1.pdf',
			'K34A3QX3@J78AO6W.glaqsmucre101.QA1.pdf',
		],
		['/files/K34A3QX3%40J78AO6W.pdf', 'K34A3QX3@J78AO6W.pdf'],
		['a.pdf', 'a.pdf'],
		[' https://h/files/a.pdf\n', 'a.pdf'],
		['//evil', 'evil'],
		['\\\\evil', 'evil'],
		['http:x.pdf', 'http:x.pdf'],
		['https://user:pw@host', 'user:pw@host'],
		['https://h/files/a.pdf?download=/etc/passwd', 'a.pdf'],
		['https://h/files/a.pdf#/../x', 'a.pdf'],
		['https://h/files/a.pdf?', 'a.pdf'],
		['https://h/files/a.pdf?a\nb', 'a.pdf'],
		['https://h/files/a%20b+c%25.pdf', 'a b+c%.pdf'],
		['https://h/files/a%3Fb%23c', 'a?b#c'],
		['https://h/files/.hidden', '.hidden'],
		['../../topics/x', 'x'],
		['C:\\faxes\\a.pdf', 'a.pdf'],
		['https://h/files/100%.pdf', '100%.pdf'],
		['https://h/files/a%zz', 'a%zz'],
	];
	for (const [url, segment] of named) {
		it(`is ${segment} for ${url}, asked for below /files/`, () => {
			should(documentSegment({url})).equal(segment);
			const asked = new URL(`http://configured/rest${documentPath(segment)}`);
			should(asked.host).equal('configured');
			should(asked.pathname).match(/^\/rest\/files\/[^/]+$/);
			should(decodeURIComponent(asked.pathname.slice('/rest/files/'.length))).equal(segment);
		});
	}

	const unnamed: readonly string[] = [
		'',
		'/',
		'https://h/files/',
		'https://h/files/?id=a.pdf',
		'https://h/files/#a.pdf',
		'?a.pdf',
		'#a.pdf',
		'.',
		'..',
		'%2e%2e',
		'x/%2E',
		'...',
		'..%2f',
		'..%2fetc',
		'a%5cb',
		'..%5c..',
		'a%00.pdf',
		'a\u0000.pdf',
		'a%0d%0ab',
		'a\nb',
		'a%7f',
		'x'.repeat(513),
		'\ud800.pdf',
	];
	for (const url of unnamed) {
		it(`is none for ${JSON.stringify(url).slice(0, 40)}`, () => {
			should(documentSegment({url})).be.undefined();
		});
	}

	it('has a name of 512 characters at most', () => {
		should(documentSegment({url: `https://h/files/${'x'.repeat(512)}`})).equal('x'.repeat(512));
	});

	it('is none where there is no URL', () => {
		for (const document of [undefined, null, 'a.pdf', {}, {url: null}, {url: 5}, {url: ['a.pdf']}, ['a.pdf']]) {
			should(documentSegment(document)).be.undefined();
		}
	});

	it('is found in a URL of any length without a noticeable pause', () => {
		const before = performance.now();
		should(documentSegment({url: `${'a'.repeat(300_000)}/b.pdf`})).equal('b.pdf');
		should(performance.now() - before).be.below(500);
	});
});
