import should from 'should';
import {decode, refuseCoding} from '../../../lib/retarus/answer-body';
import {serve} from '../../world/http-server';
import {Clients} from '../../world/service-client';
import {rejection} from '../../world/turns';

const poll = {topic: 't', fetch: 10, lockTimeoutMs: 300_000, ids: []};
const never = (): AbortSignal => new AbortController().signal;

describe('A Content-Encoding', () => {
	const refused = (encoding: string): unknown => {
		const response = {
			status: 200,
			headers: {'content-encoding': encoding},
			read: () => Promise.resolve(),
			discard: () => undefined,
			endedCleanly: () => Promise.resolve(true),
		};
		try {
			refuseCoding(response);
			return undefined;
		} catch (error) {
			return error;
		}
	};

	for (const coding of [
		'gzip',
		'x-gzip',
		'GZIP',
		' br ',
		'deflate',
		'zstd',
		'compress',
		'x-compress',
		'identity, gzip',
	]) {
		it(`of ${JSON.stringify(coding)} is refused, and named`, () => {
			const [, encoding] = /([\w-]+)\s*$/.exec(coding.toLowerCase()) ?? [];
			should(refused(coding)).match({code: 'RETARUS_PROTOCOL', reason: 'encodingUnknown', facts: {encoding}});
		});
	}

	for (const word of ['', 'identity', 'identity, identity', 'UTF-8', 'none', 'binary', 'aws-chunked', '8bit', 'null']) {
		it(`of ${JSON.stringify(word)} codes nothing`, () => {
			should(refused(word)).be.undefined();
		});
	}
});

describe('The characters of an answer', () => {
	const text = '{"id":"Müller €"}';
	const bom = '\uFEFF';

	const readable: readonly (readonly [string, Buffer, string | undefined])[] = [
		['UTF-8, undeclared', Buffer.from(text), undefined],
		['UTF-8, declared', Buffer.from(text), 'application/json; charset=utf-8'],
		['UTF-8 with a byte order mark', Buffer.from(bom + text), 'application/json'],
		['UTF-8 with a byte order mark, declared otherwise', Buffer.from(bom + text), 'text/plain; charset=iso-8859-1'],
		['UTF-8, declared by a name that nobody knows', Buffer.from(text), 'application/json; charset=utf8mb4'],
		['UTF-16 with a byte order mark', Buffer.from(bom + text, 'utf16le'), 'application/json'],
		['UTF-16 without one', Buffer.from(text, 'utf16le'), 'application/json'],
		['UTF-16, the other way round', Buffer.from(bom + text, 'utf16le').swap16(), 'application/json;charset=UTF-16'],
		['UTF-16, the other way round and without one', Buffer.from(text, 'utf16le').swap16(), undefined],
		[
			'Windows-1252',
			Buffer.from([...Buffer.from('{"id":"M\u00FCller ', 'latin1'), 0x80, 0x22, 0x7d]),
			'a/b; charset="cp1252"',
		],
	];
	for (const [name, bytes, contentType] of readable) {
		it(`are read as ${name}`, () => {
			should(decode(bytes, contentType)).match({text, isDamaged: false});
		});
	}

	it('of ISO-8859-1 are read as such when that is declared', () => {
		should(decode(Buffer.from('Müller', 'latin1'), 'application/json;charset=ISO-8859-1')).match({
			text: 'Müller',
			isDamaged: false,
		});
	});

	it('that are not what they are said to be are never changed in silence', () => {
		should(decode(Buffer.from('Müller', 'latin1'), undefined)).deepEqual({
			text: 'M\uFFFDller',
			isDamaged: true,
			charset: 'utf-8',
		});
	});
});

describe('An answer with bytes that are no characters', () => {
	const clients = new Clients();

	const answered = async (body: Buffer, contentType = 'application/json') => {
		const server = await serve((_, response) => response.writeHead(200, {'content-type': contentType}).end(body));
		return clients.make(server.origin);
	};

	it('keeps back the entries that have them, and lists the others', async () => {
		const body = Buffer.from(
			'{"meta":{"x":"ü"},"results":[{"id":"a"},{"id":"b","RemoteCSID":"Müller"},{"id":"ü"}]}',
			'latin1',
		);
		const client = await answered(body);
		should(await client.exchange(poll, 30_000, never())).deepEqual({
			listings: [{id: 'a', documents: [], raw: {id: 'a'}}],
			malformed: 2,
		});
	});

	it('lists all of them when their charset is declared', async () => {
		const body = Buffer.from('{"results":[{"id":"ü","RemoteCSID":"Müller"}]}', 'latin1');
		const client = await answered(body, 'application/json; charset=ISO-8859-1');
		should(await client.exchange(poll, 30_000, never())).deepEqual({
			listings: [{id: 'ü', documents: [], raw: {id: 'ü', RemoteCSID: 'Müller'}}],
			malformed: 0,
		});
	});

	it('lists what really has a replacement character in it', async () => {
		const client = await answered(Buffer.from('{"results":[{"id":"a","RemoteCSID":"M\uFFFDller"}]}'));
		should((await client.exchange(poll, 30_000, never())).listings.length).equal(1);
	});

	it('says so when it cannot be read at all', async () => {
		const client = await answered(Buffer.from([0x7b, 0xff, 0xfe, 0x7d]));
		should(await rejection(client.exchange(poll, 30_000, never()))).match({
			code: 'RETARUS_PROTOCOL',
			reason: 'charactersUnreadable',
			facts: {charset: 'utf-8'},
		});
	});
});
