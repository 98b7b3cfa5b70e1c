/** Answers whose bytes are not what they say: lengths, chunks, headers, status lines, more answers than one. */
import {answer, chunk, chunkedHead, half, head, raw, unannouncedHead} from './answers';
import type {Fault, Reply, Row} from './fault';
import {everywhere, fails, probes, recovers, waits} from './outcomes';
import {serverError} from './statuses';

const unreadable = everywhere(waits('RETARUS_NETWORK'), fails('RETARUS_NETWORK'));
const tooLarge = everywhere(probes('RETARUS_PROTOCOL'), fails('RETARUS_PROTOCOL'));
const cut = everywhere(waits('RETARUS_NETWORK'), fails('RETARUS_DOCUMENT_INVALID'));
const well = everywhere(recovers, recovers);

const withHeader = (line: string): Fault =>
	raw(({body}) => [head(body.length, `Connection: close\r\n${line}\r\n`), body]);
const whole = ({body}: Reply): readonly (string | Buffer)[] => [head(body.length, 'Connection: close\r\n'), body];

/** Without an end, as fast as the client reads. `isHeld`: the client can only run out of time. */
const pour = (begin: string, piece: string, isHeld = false): Fault =>
	answer(({socket, hold}) => {
		socket.write(begin);
		const more = (): void => {
			if (!socket.destroyed) {
				socket.write(piece, () => setImmediate(more));
			}
		};
		more();
		if (isHeld) {
			hold();
		}
	});

export const transfer: readonly Row[] = [
	{kind: 'length too long', fault: raw(({body}) => [head(body.length + 10), body]), outcomes: cut},
	{
		kind: 'length too short',
		fault: raw(({body}) => [head(body.length - 5), body]),
		outcomes: everywhere(waits('RETARUS_PROTOCOL'), fails('RETARUS_DOCUMENT_INVALID')),
	},
	{
		kind: 'length of nothing',
		fault: raw(({body}) => [head(0), body]),
		outcomes: everywhere(waits('RETARUS_PROTOCOL'), fails('RETARUS_DOCUMENT_INVALID')),
	},
	{kind: 'negative length', fault: raw(({body}) => [head(-1), body]), outcomes: unreadable},
	{kind: 'length that is no number', fault: raw(({body}) => [head('many'), body]), outcomes: unreadable},
	{
		kind: 'length beyond all numbers',
		fault: raw(({body}) => [head('99999999999999999999999'), body]),
		outcomes: unreadable,
	},
	{
		kind: 'two lengths that differ',
		fault: raw(({body}) => [head(body.length, 'Content-Length: 3\r\n'), body]),
		outcomes: unreadable,
	},
	{
		kind: 'length and chunks',
		fault: raw(({body}) => [head(3, 'Transfer-Encoding: chunked\r\n'), chunk(body), '0\r\n\r\n']),
		outcomes: unreadable,
	},
	{
		kind: 'chunk size that is no number',
		fault: raw(({body}) => [chunkedHead, 'zz\r\n', body, '\r\n0\r\n\r\n']),
		outcomes: cut,
	},
	{kind: 'negative chunk size', fault: raw(({body}) => [chunkedHead, '-5\r\n', body, '\r\n0\r\n\r\n']), outcomes: cut},
	{
		kind: 'chunk size beyond all numbers',
		fault: raw(({body}) => [chunkedHead, 'fffffffffffffffff\r\n', body]),
		outcomes: cut,
	},
	{
		kind: 'chunk shorter than its size',
		fault: raw(({body}) => [chunkedHead, `${(body.length + 40).toString(16)}\r\n`, body, '\r\n0\r\n\r\n']),
		outcomes: cut,
	},
	{
		kind: 'chunk longer than its size',
		fault: raw(({body}) => [chunkedHead, '3\r\n', body, '\r\n0\r\n\r\n']),
		outcomes: cut,
	},
	{
		kind: 'noise behind the last chunk',
		fault: raw(({body}) => [chunkedHead, chunk(body), '0\r\n\r\nnoise']),
		outcomes: everywhere(recovers, fails('RETARUS_DOCUMENT_INVALID')),
	},
	{kind: 'body without a length, whole', fault: raw(({body}) => [unannouncedHead, body]), outcomes: well},
	{
		kind: 'body in chunks of one byte',
		fault: raw(({body}) => [chunkedHead, ...[...body].map((byte) => chunk(Buffer.of(byte))), '0\r\n\r\n']),
		outcomes: well,
	},
	{
		kind: 'two answers to one request',
		fault: raw(({body}) => [head(body.length), body, head(body.length), body]),
		outcomes: everywhere(recovers, fails('RETARUS_DOCUMENT_INVALID')),
	},
	{kind: 'header of 64 kB', fault: withHeader(`X-Long: ${'x'.repeat(65_536)}`), outcomes: tooLarge},
	{
		kind: 'a thousand headers',
		fault: withHeader(Array.from({length: 1000}, (_, index) => `X-${index}: ${'y'.repeat(20)}`).join('\r\n')),
		outcomes: tooLarge,
	},
	{
		kind: 'headers without an end',
		fault: pour('HTTP/1.1 200 OK\r\n', 'X-More: yes\r\n'.repeat(500)),
		outcomes: tooLarge,
	},
	{kind: 'header with a NUL', fault: withHeader('X-Nul: a\0b'), outcomes: unreadable},
	{kind: 'header without a colon', fault: withHeader('nonsense'), outcomes: unreadable},
	{kind: 'header name with a space', fault: withHeader('X Space: 1'), outcomes: unreadable},
	{
		kind: 'header in Latin-1',
		fault: raw((reply) => [
			Buffer.from(head(reply.body.length, 'Connection: close\r\nX-Name: M\xFCller\r\n'), 'latin1'),
			reply.body,
		]),
		outcomes: well,
	},
	{
		kind: 'header names of prototypes',
		fault: withHeader('__proto__: x\r\nconstructor: y\r\ntoString: z'),
		outcomes: well,
	},
	{
		kind: 'status line without a number',
		fault: raw(({body}) => ['HTTP/1.1 OK\r\nContent-Length: 3\r\n\r\n', body]),
		outcomes: unreadable,
	},
	{
		kind: 'status beyond 599',
		fault: raw(() => ['HTTP/1.1 999 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n']),
		outcomes: serverError,
	},
	{kind: 'answer of HTTP 0.9', fault: raw(({body}) => [body]), outcomes: unreadable},
	{kind: 'answer of HTTP 1.0', fault: raw(({body}) => ['HTTP/1.0 200 OK\r\n\r\n', body]), outcomes: well},
	{kind: 'answer of HTTP 2', fault: raw(() => [Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]), outcomes: unreadable},
	{kind: 'answer of another protocol', fault: raw(() => ['220 mail.test ESMTP\r\n']), outcomes: unreadable},
	{
		kind: '103 before the answer',
		fault: raw((reply) => ['HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n', ...whole(reply)]),
		outcomes: well,
	},
	{
		kind: '102 before the answer',
		fault: raw((reply) => ['HTTP/1.1 102 Processing\r\n\r\n', ...whole(reply)]),
		outcomes: well,
	},
	{
		kind: '100 nobody asked for',
		fault: raw((reply) => ['HTTP/1.1 100 Continue\r\n\r\n', ...whole(reply)]),
		outcomes: well,
	},
	{
		kind: '101 to another protocol',
		fault: raw((reply) => [
			'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
			...whole(reply),
		]),
		outcomes: unreadable,
	},
	{
		kind: '103 without an end',
		fault: pour('', 'HTTP/1.1 103 Early Hints\r\n\r\n', true),
		outcomes: everywhere(waits('RETARUS_TIMEOUT'), fails('RETARUS_TIMEOUT')),
	},
	{
		kind: 'half the body and the next answer',
		fault: raw((reply) => [head(reply.body.length), half(reply), head(2), '{}']),
		outcomes: cut,
	},
];
