import fc from 'fast-check';
import {attemptDocument, type Attempted} from '../../../../lib/documents/attempt';
import {Allowance, ByteBudget, NoRoom} from '../../../../lib/documents/byte-budget';
import {judgeContent} from '../../../../lib/documents/content';
import {RetarusError} from '../../../../lib/errors';
import {retryAfterMs} from '../../../../lib/retarus/answer-errors';
import {RetarusClient} from '../../../../lib/retarus/client';
import type {Transport, TransportResponse} from '../../../../lib/retarus/http';
import {testEnvironment} from '../../../world/environment';
import {hold} from '../claims';
import {anyString} from '../hostile';
import {slowSubject, subject} from '../subject';

const numbers = [
	'0',
	'1',
	'120',
	'-1',
	'+5',
	'1.5',
	'1e9',
	'99999999999999999999',
	'0x10',
	' 7 ',
	'٣',
	'5, 5',
	'Infinity',
	'9007199254740993',
	'Wed, 21 Oct 2026 07:28:00 GMT',
	'Wed, 99 Foo 9999',
	'275760-09-13',
	'-271821-04-20',
];

const headerValue = fc.oneof(
	{weight: 3, arbitrary: fc.constantFrom(...numbers)},
	{weight: 1, arbitrary: anyString},
	{weight: 1, arbitrary: fc.integer().map(String)},
);

export const retryAfter = subject(
	'A Retry-After',
	'others',
	fc.tuple(fc.option(headerValue, {nil: undefined}), fc.integer({min: -1, max: 4e12})),
	{
		'asks for a wait of no less than nothing and no more than an hour'([header, nowMs]) {
			const ms = retryAfterMs(header, nowMs);
			hold(ms >= 0 && ms <= 3_600_000, () => `${ms} ms`);
		},
	},
);

const pieces = fc.constantFrom(
	'%PDF-1.7\n',
	'%%EOF\n',
	'<html>',
	'<?xml',
	'{"error":1}',
	'[',
	'II*\0',
	'MM\0*',
	'\u0008\0\0\0',
	'\0\0\0\u0008',
	'\u0001\0',
	'\u0011\u0001\u0004\0\u0001\0\0\0',
	'\uFEFF',
	' ',
	'x',
	'\0',
);

const bytes: fc.Arbitrary<Buffer> = fc.oneof(
	fc.array(pieces, {maxLength: 8}).map((parts) => Buffer.from(parts.join(''), 'latin1')),
	fc.uint8Array({maxLength: 60}).map((array) => Buffer.from(array)),
	fc
		.tuple(fc.constantFrom('II*\0', 'MM\0*'), fc.uint8Array({maxLength: 60}))
		.map(([magic, rest]) => Buffer.concat([Buffer.from(magic, 'latin1'), rest])),
);

const received = fc.record({
	filename: anyString,
	content: bytes,
	declaredType: fc.option(anyString, {nil: undefined}),
	closeDelimited: fc.boolean(),
});

export const contents = subject('The bytes of a document', 'others', received, {
	'are judged whatever they are'(one) {
		const verdict = judgeContent(one);
		hold(verdict.kind !== 'document' || verdict.contentType !== '', () => 'no type');
		hold(
			verdict.kind !== 'document' || verdict.contentType !== 'application/octet-stream' || !verdict.expected,
			() => 'expected, and yet unproven',
		);
	},
	'are not a fax when there are none'(one) {
		hold(judgeContent({...one, content: Buffer.alloc(0)}).kind === 'noFax', () => 'empty and yet a document');
	},
	'are not complete when the connection ended within them'(one) {
		const cut = Buffer.concat([Buffer.from('%PDF-1.7\n'), one.content.subarray(0, 20).map((byte) => byte & 0x3f)]);
		const content = cut.includes('%%EOF') ? cut.subarray(0, 9) : cut;
		const verdict = judgeContent({filename: 'a.pdf', content, declaredType: undefined, closeDelimited: true});
		hold(verdict.kind !== 'document' || !verdict.isComplete, () => 'half a document taken for a whole one');
	},
});

interface Answered {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly chunks: readonly Buffer[];
	readonly endsCleanly: boolean;
	readonly maxBytes: number;
	readonly budgetBytes: number;
}

const answered: fc.Arbitrary<Answered> = fc.record({
	status: fc.oneof({weight: 6, arbitrary: fc.constant(200)}, {weight: 1, arbitrary: fc.integer({min: 200, max: 599})}),
	headers: fc.record(
		{
			'content-length': fc.oneof(headerValue, fc.nat(70).map(String)),
			'content-type': anyString,
			'content-encoding': fc.oneof(fc.constantFrom('', 'identity', 'gzip'), anyString),
			'content-disposition': anyString,
			'transfer-encoding': fc.constant('chunked'),
			'retry-after': headerValue,
			date: headerValue,
			location: anyString,
		},
		{requiredKeys: []},
	),
	chunks: fc.array(fc.oneof(bytes, fc.constant(Buffer.from('%PDF-1.7\n%%EOF'))), {maxLength: 3}),
	endsCleanly: fc.boolean(),
	maxBytes: fc.nat(64),
	budgetBytes: fc.nat(100),
});

const transportOf = ({status, headers, chunks, endsCleanly}: Answered): Transport => ({
	request: (): Promise<TransportResponse> =>
		Promise.resolve({
			status,
			headers,
			async read(consume) {
				await Promise.resolve();
				chunks.forEach(consume);
			},
			discard: () => undefined,
			endedCleanly: () => Promise.resolve(endsCleanly),
		}),
	close: () => Promise.resolve(),
});

/** What became of one download, and of what it took. */
interface Ended {
	readonly result: Attempted | RetarusError | NoRoom;
	readonly budget: ByteBudget;
	readonly mostUsed: number;
	/** Deadlines left. */
	readonly pending: number;
}

const download = async (answer: Answered): Promise<Ended> => {
	const {clock} = testEnvironment();
	const service = new RetarusClient({
		transport: transportOf(answer),
		clock,
		basePath: '',
		customerNumber: '1',
		password: '2',
		requestTimeoutMs: 1000,
	});
	const budget = new ByteBudget(answer.budgetBytes);
	const facts = {id: 'a', topic: 't'};
	const allowance = new Allowance(budget, answer.maxBytes, facts);
	const request = {index: 0, segment: 'a.pdf', filename: 'a.pdf', facts};
	const signal = new AbortController().signal;
	const options = {client: service, clock, allowance, signal, onAnswer: () => undefined};
	const result = await attemptDocument(request, options).catch((error: unknown) => {
		if (error instanceof RetarusError || error instanceof NoRoom) {
			return error;
		}

		throw error;
	});
	const mostUsed = budget.used;
	allowance.release();
	return {result, budget, mostUsed, pending: clock.pending};
};

export const downloads = slowSubject('The answer with a document', 'others', answered, {
	async 'becomes all of the document, or a typed error'(answer) {
		const {result} = await download(answer);
		if (!(result instanceof Error)) {
			const {content, size} = result.document;
			hold(content.equals(Buffer.concat(answer.chunks)) && size === content.length && size > 0, () => `${size} bytes`);
			hold(answer.status >= 200 && answer.status <= 299 && answer.endsCleanly, () => 'taken in spite of its answer');
		}
	},
	async 'takes no more bytes than one fax may have and the process has left'(answer) {
		const {result, mostUsed} = await download(answer);
		hold(mostUsed <= Math.min(answer.maxBytes, answer.budgetBytes), () => `${mostUsed} bytes taken`);
		hold(result instanceof Error || result.document.size <= answer.maxBytes, () => 'a document that is too large');
	},
	async 'leaves neither bytes nor deadlines behind'(answer) {
		const {budget, pending} = await download(answer);
		hold(budget.used === 0, () => `${budget.used} bytes left`);
		hold(pending === 0, () => `${pending} deadlines left`);
	},
});
