import should from 'should';
import {deletionTime, readMetadata} from '../../../lib/retarus/metadata';

describe('Metadata', () => {
	const cases: readonly (readonly [string, unknown, unknown])[] = [
		['nothing of an empty entry', {}, {}],
		[
			'the spelling of the push product',
			{
				CallingNumber: '+4989123',
				CalledNumber: '0049 89 4',
				RemoteCSID: 'ACME',
				PageCount: '1',
				DateReceived: '2019-11-18T11:21:04+0100',
			},
			{from: '+4989123', to: '+49 89 4', csid: 'ACME', pages: 1, receivedAt: '2019-11-18T11:21:04+01:00'},
		],
		[
			'camel case',
			{callingNumber: '1', calledNumber: '2', remoteCsid: '3', pageCount: 4, dateReceived: '2026-01-01T00:00:00Z'},
			{from: '1', to: '2', csid: '3', pages: 4, receivedAt: '2026-01-01T00:00:00Z'},
		],
		[
			'short names',
			{caller: '1', called: '2', csid: '3', pages: 4, receivedTime: '2026-01-01 00:00'},
			{from: '1', to: '2', csid: '3', pages: 4, receivedAt: '2026-01-01T00:00'},
		],
		['from and to', {from: '1', to: '2'}, {from: '1', to: '2'}],
		[
			'nested upper case',
			{SENDER: {FAXNO: '+49', ID: 'ACME'}, RECEIPT: {DATE: '2026-01-01T10:00:00.5z'}, PAGES: ' 7 '},
			{from: '+49', csid: 'ACME', pages: 7, receivedAt: '2026-01-01T10:00:00.5Z'},
		],
		['dotted upper case', {'SENDER.FAXNO': '+49', 'SENDER.ID': 'ACME'}, {from: '+49', csid: 'ACME'}],
		[
			'the first spelling that has a value',
			{CallingNumber: null, callingNumber: '', caller: 'x', from: 'y'},
			{from: 'x'},
		],
		['numbers for texts', {from: 4989123, csid: 0}, {from: '4989123', csid: '0'}],
		['00 as +', {from: '004989123'}, {from: '+4989123'}],
		['an internal number with zeros as it is', {from: '000', to: '0089'}, {from: '000', to: '+89'}],
		['milliseconds since 1970', {receivedTs: 1_574_072_464_000}, {receivedAt: '2019-11-18T10:21:04.000Z'}],
		['no pages from', {pages: 'three'}, {}],
		['no pages from a fraction', {pages: 1.5}, {}],
		['no pages below zero', {pages: -1}, {}],
		['no text from a record', {from: {}, to: [], csid: true}, {}],
		['no text from a blank', {from: '   '}, {}],
		['no nested value from null or a list', {SENDER: null, RECEIPT: ['DATE']}, {}],
		['no number that has lost digits', {from: 2 ** 60, csid: 1.5}, {}],
		[
			'line breaks and other controls as blanks',
			{from: '+4989123\r\nBcc: a@b.example', csid: 'A\u0000B\u001B[2JC\n', to: '\u202E4711\u2028'},
			{from: '+4989123 Bcc: a@b.example', csid: 'A B [2JC', to: '4711'},
		],
		[
			'the first spelling that can be read',
			{DateReceived: 'today', receivedTime: '2026-01-01T00:00:00Z', PageCount: 'one', pages: '2.0'},
			{pages: 2, receivedAt: '2026-01-01T00:00:00Z'},
		],
		['a long text cut', {csid: 'x'.repeat(1000)}, {csid: 'x'.repeat(256)}],
	];
	for (const [name, raw, expected] of cases) {
		it(`reads ${name}`, () => {
			should(readMetadata(raw as Record<string, unknown>)).deepEqual(expected);
		});
	}

	for (const value of [
		'',
		'yesterday',
		'2019-13-01T00:00:00Z',
		'2019-11-18',
		'2019-11-18T25:00:00Z',
		'2019-11-18T11:21:04+99:99',
		5,
		1e20,
		Number.NaN,
		{},
		[],
		true,
	]) {
		it(`reads no time from ${JSON.stringify(value)}`, () => {
			should(readMetadata({receivedAt: value, receivedTime: value})).deepEqual({});
		});
	}

	it('keeps the offset a time came with', () => {
		for (const [value, expected] of [
			['-0530', '-05:30'],
			['+02:00', '+02:00'],
			['Z', 'Z'],
			['z', 'Z'],
			['', ''],
		] as const) {
			should(readMetadata({receivedTime: `2026-07-01T08:00:00${value}`}).receivedAt).equal(
				`2026-07-01T08:00:00${expected}`,
			);
		}
	});

	it('reads the same again from what it has read', () => {
		const {csid} = readMetadata({csid: `${'x'.repeat(255)} y`});
		should(csid).equal('x'.repeat(255));
		should(readMetadata({csid})).deepEqual({csid});
	});

	it('reads a time without a noticeable pause, however many blanks come with it', () => {
		const before = performance.now();
		should(readMetadata({receivedTime: `2019-11-18T11:21${' '.repeat(300_000)}x`})).deepEqual({});
		should(readMetadata({receivedTime: `  2019-11-18T11:21${' '.repeat(300_000)}Z  `})).deepEqual({
			receivedAt: '2019-11-18T11:21Z',
		});
		should(performance.now() - before).be.below(500);
	});

	it('takes nothing from a prototype', () => {
		should(readMetadata(Object.create({from: '1'}) as Record<string, unknown>)).deepEqual({});
	});
});

describe('The time of deletion', () => {
	it('is seven days after the receipt', () => {
		should(deletionTime({receivedAt: '2026-01-01T00:30:00+01:00'})).equal('2026-01-07T23:30:00.000Z');
	});

	it('is unknown when the receipt is', () => {
		should(deletionTime({})).be.undefined();
	});

	it('is told for every time that is read', () => {
		for (const receivedTime of [
			'9999-12-31T23:59:59Z',
			'0000-01-01T00:00:00Z',
			'2026-02-30T10:00:00Z',
			'2026-01-01T24:00:00Z',
		]) {
			const metadata = readMetadata({receivedTime});
			if (metadata.receivedAt !== undefined) {
				should(Number.isNaN(Date.parse(deletionTime(metadata) ?? ''))).be.false();
			}
		}
	});
});
