/** What may come as the answer of a poll: right ones, right ones with something done to them, and anything else. */
import fc from 'fast-check';
import {anyString} from './hostile';

/** What a test says of a fax; texts for tokens of JSON. */
const entries: readonly string[] = [
	'{"id":"K34A3QX3@J78AO6W.glaqsmucre101.QA1","CallingNumber":"004989123456","CalledNumber":"+4989654321","RemoteCSID":"EXAMPLE","PageCount":"2",' +
		'"DateReceived":"2019-11-18T11:21:04+0100","documents":[{"url":"https://h/files/K34A3QX3@J78AO6W.glaqsmucre101.QA1.pdf"}]}',
	'{"id":"a b+c%d&e@f.QA1","pageCount":3,"SENDER.FAXNO":"+49","SENDER":{"ID":"x","FAXNO":null},"documents":[{"url":"/files/a.tiff"},{"url":"/files/A.tiff"},{"url":"/files/a.tiff"}]}',
	'{"id":12,"receivedTs":1574072464000,"pages":[1],"documents":[{"url":"a.pdf","name":"b","size":5}],"nested":{"deep":[[{"er":[1,2,{"x":null}]}]]}}',
	'{"documents":null,"id":"z","RECEIPT":{"DATE":"2019-11-18 11:21"},"csid":" s ","from":5,"to":{}}',
	'{"id":"y","documents":[]}',
];

const nested = (depth: number, open: string, close: string): string => `${open.repeat(depth)}1${close.repeat(depth)}`;

const hostileKeys: readonly string[] = [
	'__proto__',
	'constructor',
	'prototype',
	'toString',
	'hasOwnProperty',
	'valueOf',
	'toJSON',
	'then',
	'length',
	'id',
	'results',
	'documents',
	'url',
	'',
];

const fragments: readonly string[] = [
	'null',
	'true',
	'false',
	'0',
	'-0',
	'1',
	'-1',
	'1.5',
	'9007199254740991',
	'9007199254740992',
	'9007199254740993',
	'1e400',
	'-1e400',
	'1e-400',
	'123456789012345678901234567890',
	'{}',
	'[]',
	'""',
	'"a,b"',
	'"a"',
	'"\\u0000"',
	'"\\ud800"',
	'"\\ud83d\\ude00"',
	'"\\u007f"',
	'" "',
	'"."',
	'".."',
	'"2019-02-30T25:61:00Z"',
	'"9999-12-31T23:59:59-2359"',
	'"0000-01-01T00:00"',
	'99999999999999',
	'"99999999999999999999"',
	'{"__proto__":{"polluted":1}}',
	'{"constructor":{"prototype":{"polluted":1}}}',
	'{"__proto__":null,"id":"p"}',
	'{"toString":1,"valueOf":2,"hasOwnProperty":3,"toJSON":4}',
	'{"length":5,"0":"a"}',
	'{"then":{"then":1}}',
	'[{"url":"../../topics/x"},{"url":"//evil"},{"url":5},null,[],"a"]',
	'[{"url":"a.pdf"},{"url":"a.pdf"},{"url":"A.pdf"}]',
	'{"url":"a.pdf"}',
	`"${'x'.repeat(300)}"`,
	`"${' '.repeat(300)}x"`,
	`"2019-11-18T11:21${' '.repeat(300)}x"`,
	nested(63, '[', ']'),
	nested(64, '[', ']'),
	nested(70, '[', ']'),
	nested(66, '{"a":', '}'),
	nested(70, '{"__proto__":', '}'),
];

const tokens = (text: string): string[] =>
	text.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\]:,]/g) ?? [];

const valid: fc.Arbitrary<string> = fc
	.tuple(
		fc.array(fc.constantFrom(...entries), {maxLength: 3}),
		fc.constantFrom('{}', 'null', '{"next":"https://evil/next","exit":"//evil"}'),
	)
	.map(([results, meta]) => `{"meta":${meta},"results":[${results.join(',')}]}`);

/** What is done to one token of a body. */
interface Change {
	readonly at: number;
	readonly to: 'gone' | 'twice' | 'next' | 'key' | 'fragment' | 'text';
	readonly choice: number;
	readonly text: string;
}

const change: fc.Arbitrary<Change> = fc.record({
	at: fc.nat(1000),
	to: fc.constantFrom('gone', 'twice', 'next', 'key', 'key', 'fragment', 'fragment', 'fragment', 'text'),
	choice: fc.nat(1000),
	text: anyString,
});

const carryOut = (all: string[], {at, to, choice, text}: Change): void => {
	const index = at % all.length;
	const token = all[index] ?? '';
	switch (to) {
		case 'gone':
			all.splice(index, 1);
			break;
		case 'twice':
			all.splice(index, 0, token);
			break;
		case 'next':
			all.splice(index, 2, all[index + 1] ?? '', token);
			break;
		case 'key': {
			const key = nth(all, choice, (one, next) => next === ':' && one.startsWith('"'));
			all[key ?? index] = JSON.stringify(hostileKeys[choice % hostileKeys.length]);
			break;
		}

		case 'fragment':
			all[nth(all, at, (one, next) => next !== ':' && /^["\dtfn-]/.test(one)) ?? index] =
				fragments[choice % fragments.length] ?? '';
			break;
		case 'text':
			all[nth(all, at, (one) => one.startsWith('"')) ?? index] = JSON.stringify(text);
	}
};

/** Where a token stands that is asked for, chosen by a number. */
const nth = (
	all: readonly string[],
	choice: number,
	isWanted: (token: string, next: string | undefined) => boolean,
): number | undefined => {
	const found = [...all.keys()].filter((index) => isWanted(all[index] ?? '', all[index + 1]));
	return found[choice % found.length];
};

const mutated: fc.Arbitrary<string> = fc
	.tuple(valid, fc.array(change, {minLength: 1, maxLength: 4}))
	.map(([body, changes]) => {
		const all = tokens(body);
		for (const one of changes) {
			carryOut(all, one);
		}

		return all.join('');
	});

/** Bytes of a body overwritten, cut out or put in, whatever they encode. */
const damaged: fc.Arbitrary<string> = fc
	.tuple(
		valid,
		fc.array(fc.tuple(fc.nat(2000), fc.nat(12), fc.uint8Array({maxLength: 6})), {minLength: 1, maxLength: 3}),
	)
	.map(([body, cuts]) => {
		let bytes: Buffer = Buffer.from(body);
		for (const [at, length, instead] of cuts) {
			const start = at % bytes.length;
			bytes = Buffer.concat([bytes.subarray(0, start), instead, bytes.subarray(start + length), Buffer.from(' ')]);
		}

		return bytes.toString('utf8');
	});

const anything: fc.Arbitrary<string> = fc.oneof(
	fc.json({maxDepth: 2}),
	anyString,
	fc.constantFrom(...fragments),
	anyString.map((text) => `<html>${text}`),
	fc.constantFrom(...fragments).map((text) => `\uFEFF{"results":[${text}]}`),
);

const many = (count: number, text: string): string => Array<string>(count).fill(text).join(',');

/** So deep, long or many that they are drawn rarely. */
export const giantBodies: readonly string[] = [
	`{"results":[{"id":"a","deep":${nested(100_000, '[', ']')}}]}`,
	`{"results":[{"id":"a","deep":${nested(100_000, '{"a":', '}')}}]}`,
	`{"results":${nested(100_000, '[', ']')}}`,
	nested(100_000, '[', ']'),
	'['.repeat(100_000),
	`{"results":[{"id":"a","documents":[{"url":"a.pdf"}],"note":"${'x'.repeat(1_000_000)}"}]}`,
	`{"results":[${many(20_000, '{"id":"a"}')}]}`,
	`{"results":[{"id":"a","documents":[${many(20_000, '{"url":"a.pdf"}')}]}]}`,
	`{"results":[{"id":"a","documents":[{"url":"${'/'.repeat(300_000)}"}]}]}`,
	`{"results":[{"id":"a","documents":[{"url":"${'a%'.repeat(100_000)}"}]}]}`,
	`{"results":[{"id":"a","DateReceived":"2019-11-18T11:21${' '.repeat(100_000)}x","PageCount":"${' '.repeat(100_000)}x","RemoteCSID":"${' '.repeat(100_000)}x"}]}`,
	`{"results":[{"id":"${'x'.repeat(1_000_000)}"}]}`,
	`{"results":[{${Array.from({length: 20_000}, (_, index) => `"k${index}":${index}`).join(',')},"id":"a"}]}`,
];

export const body: fc.Arbitrary<string> = fc.oneof(
	{weight: 200, arbitrary: valid},
	{weight: 1600, arbitrary: mutated},
	{weight: 800, arbitrary: damaged},
	{weight: 400, arbitrary: anything},
	{weight: 1, arbitrary: fc.constantFrom(...giantBodies)},
);
