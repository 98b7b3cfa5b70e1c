/** Answers to polls and acknowledges with status 200 that are none. The service has done what it was asked for. */
import {gzipSync} from 'node:zlib';
import {answer, body} from './answers';
import type {Fault, Outcome, Row} from './fault';
import {exchanges, fails, leaves, recovers, waits} from './outcomes';

const noAnswer = exchanges(waits('RETARUS_PROTOCOL'));
const well = exchanges(recovers);
/** A yes without a list: what was acknowledged is confirmed, and nothing seems to wait until the lock is over. */
const yes: Row['outcomes'] = {poll: leaves(), pollWithAcknowledge: recovers, acknowledge: recovers};
/** A yes to an acknowledgement, and no answer to a poll. */
const vague: Row['outcomes'] = {...noAnswer, acknowledge: recovers};

/** The answer that the service would give, with its entries changed. */
const entries = (change: (entry: Record<string, unknown>) => unknown): Fault =>
	body(({body: content}) => {
		const {results} = JSON.parse(content.toString()) as {results: Record<string, unknown>[]};
		return JSON.stringify({meta: {}, results: results.map((entry) => change(entry))});
	});

/** The same as text, for what no value can say. */
const text = (change: (text: string) => string): Fault => body(({body: content}) => change(content.toString()));

/** What is no fax is told and left; what the answer confirms is confirmed. */
const malformed: Row['outcomes'] = {
	poll: leaves('RETARUS_PROTOCOL'),
	pollWithAcknowledge: {...recovers, told: ['RETARUS_PROTOCOL']},
};
const withoutDocuments = (change: (entry: Record<string, unknown>) => unknown): Pick<Row, 'fault' | 'outcomes'> => ({
	fault: entries(change),
	outcomes: {poll: fails('RETARUS_DOCUMENT_INVALID')},
});
const missing: Outcome = fails('RETARUS_DOCUMENT_GONE');
const url = (value: unknown) => (entry: Record<string, unknown>) => ({...entry, documents: [{url: value}]});

const loginPage =
	'<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form><input name="password"></form></body></html>';
const deep = '['.repeat(100_000) + ']'.repeat(100_000);
/** An answer is read up to 32 MB, and each strike has to send them. */
const fewTimes = {times: 2};
const space = Buffer.alloc(1024 * 1024, ' ');

const endless = answer(({response}) => {
	const more = (): void => {
		if (!response.destroyed) {
			response.write(space, () => setImmediate(more));
		}
	};
	more();
}, fewTimes);

export const bodies: readonly Row[] = [
	{kind: 'login page', fault: answer(({response}) => response.end(loginPage), {isApplied: false}), outcomes: noAnswer},
	{
		kind: 'login page although it is done',
		fault: body(() => loginPage, {'content-type': 'text/html'}),
		outcomes: noAnswer,
	},
	{
		kind: 'login page that calls itself JSON',
		fault: body(() => loginPage, {'content-type': 'application/json'}),
		outcomes: noAnswer,
	},
	{kind: 'empty answer', fault: body(() => ''), outcomes: yes},
	{kind: 'answer of blanks', fault: body(() => ' \n\t '), outcomes: yes},
	{kind: 'truncated JSON', fault: text((json) => json.slice(0, -1)), outcomes: noAnswer},
	{kind: 'JSON and noise', fault: text((json) => `${json}noise`), outcomes: noAnswer},
	{kind: 'JSON twice', fault: text((json) => json + json), outcomes: noAnswer},
	{kind: 'JSON with single quotes', fault: text((json) => json.replaceAll('"', "'")), outcomes: noAnswer},
	...['"text"', '42', 'true', '{"error":"busy"}', 'NaN', 'undefined'].map((json): Row => ({
		kind: `answer ${json}`,
		fault: body(() => json),
		outcomes: noAnswer,
	})),
	...['[]', 'null', '{}', '{"results":null}', '{"results":{}}'].map((json): Row => ({
		kind: `answer ${json}`,
		fault: body(() => json),
		outcomes: yes,
	})),
	{kind: 'answer {"results":"none"}', fault: body(() => '{"results":"none"}'), outcomes: vague},
	{
		kind: 'invalid UTF-8',
		fault: body(({body: content}) => Buffer.concat([content.subarray(0, -1), Buffer.of(0xff, 0xfe, 0x7d)])),
		outcomes: noAnswer,
	},
	{kind: 'UTF-16', fault: body(({body: content}) => Buffer.from(content.toString(), 'utf16le')), outcomes: well},
	{kind: 'byte order mark', fault: text((json) => `\uFEFF${json}`), outcomes: well},
	{
		kind: 'answer that calls itself HTML',
		fault: body(({body: content}) => content, {'content-type': 'text/html'}),
		outcomes: well,
	},
	{
		kind: 'gzip nobody asked for',
		fault: body(({body: content}) => gzipSync(content), {'content-encoding': 'gzip'}),
		outcomes: noAnswer,
	},
	{
		kind: 'gzip bomb',
		fault: body(() => gzipSync(Buffer.alloc(4 * 1024 * 1024)), {'content-encoding': 'gzip'}),
		outcomes: noAnswer,
	},
	{
		kind: 'encoding nobody knows',
		fault: body(({body: content}) => content, {'content-encoding': 'x-own'}),
		outcomes: well,
	},
	{
		kind: 'encoding named identity',
		fault: body(({body: content}) => content, {'content-encoding': 'identity'}),
		outcomes: well,
	},
	{
		kind: 'answer without an end',
		fault: endless,
		outcomes: {...exchanges({...waits('RETARUS_PROTOCOL'), isMet: true}), poll: waits('RETARUS_PROTOCOL')},
	},
	{
		kind: 'ten megabytes of meta',
		fault: {
			...text((json) => json.replace('"meta":{', `"meta":{"more":"${'x'.repeat(10 * 1024 * 1024)}",`)),
			...fewTimes,
		},
		outcomes: well,
	},
	{
		kind: 'meta nested 100,000 deep',
		fault: {...text((json) => json.replace('"meta":{', `"meta":{"more":${deep},`)), ...fewTimes},
		outcomes: well,
	},
	{
		kind: 'entry nested 100,000 deep',
		fault: text((json) => json.replace('"documents"', `"more":${deep},"documents"`)),
		outcomes: {poll: recovers, pollWithAcknowledge: recovers},
	},
	{
		kind: 'results nested 100,000 deep',
		fault: body(() => `{"results":${deep}}`),
		outcomes: {
			poll: leaves('RETARUS_PROTOCOL'),
			pollWithAcknowledge: {...recovers, told: ['RETARUS_PROTOCOL']},
			acknowledge: recovers,
		},
	},
	{
		kind: 'keys of prototypes',
		fault: text((json) =>
			json
				.replaceAll('{', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},')
				.replaceAll(',}', '}'),
		),
		outcomes: well,
	},
	{
		kind: 'key twice, the first is no list',
		fault: text((json) => json.replace('"results"', '"results":1,"results"')),
		outcomes: well,
	},
	{
		kind: 'key twice, the last is no list',
		fault: text((json) => json.replace(/\}$/, ',"results":1}')),
		outcomes: vague,
	},
	{
		kind: 'every fax twice',
		fault: text((json) => json.replace(/\[(\{.*\})\]\}$/, '[$1,$1]}')),
		outcomes: {poll: recovers, pollWithAcknowledge: recovers},
	},
	{
		kind: 'addresses to follow',
		fault: text((json) =>
			json
				.replace('"meta":{', '"meta":{"next":"http://elsewhere.test/next","exit":"http://elsewhere.test/exit","x":1,')
				.replace(',"x":1,', ','),
		),
		outcomes: well,
	},
	...[null, 1, 'a', [], {}].map((entry): Row => ({
		kind: `entry ${JSON.stringify(entry)}`,
		fault: entries(() => entry),
		outcomes: malformed,
	})),
	...[null, '', 2 ** 60, true, {}, 'a,b', 'a\nb', 'x'.repeat(257)].map((id): Row => ({
		kind: `id ${JSON.stringify(id).slice(0, 30)}`,
		fault: entries((entry) => ({...entry, id})),
		outcomes: malformed,
	})),
	...[undefined, null, [], {}, 'a.pdf', [null], [{}], [{url: null}], [{url: ''}], [{url: 7}]].map((documents): Row => ({
		kind: `documents ${JSON.stringify(documents)}`,
		...withoutDocuments((entry) => ({...entry, documents})),
	})),
	...[
		'http://elsewhere.test/',
		'http://elsewhere.test/..',
		'http://elsewhere.test/%2e%2e',
		'http://elsewhere.test/files/%2e%2e%2ftopics',
		'a%00.pdf',
	].map((address): Row => ({kind: `document at ${address}`, ...withoutDocuments(url(address))})),
	...[
		'//elsewhere.test/none.pdf',
		'http://user:pw@elsewhere.test/none.pdf',
		'file:///etc/passwd',
		'\\\\elsewhere.test\\none.pdf',
		'../../topics/t',
	].map((address): Row => ({kind: `document at ${address}`, fault: entries(url(address)), outcomes: {poll: missing}})),
	{
		kind: 'document elsewhere, by the name that we have',
		fault: entries(url('http://elsewhere.test/a/b/a.pdf?x=1#y')),
		outcomes: {poll: recovers},
	},
];
