/**
 * Connections that break while a request is answered. All but the first come after the service has done what it was
 * asked for: the answer is lost.
 */
import {answer, chunk, chunkedHead, half, head, raw, refusal, thenReset, unannouncedHead} from './answers';
import type {Row} from './fault';
import {everywhere, exchanges, fails, recovers, waits} from './outcomes';

const lost = everywhere(waits('RETARUS_NETWORK'), fails('RETARUS_NETWORK'));
const cut = everywhere(waits('RETARUS_NETWORK'), fails('RETARUS_DOCUMENT_INVALID'));

export const breaks: readonly Row[] = [
	{kind: 'reset before the request is done', fault: refusal(({socket}) => socket.resetAndDestroy()), outcomes: lost},
	{kind: 'closed before the request is done', fault: refusal(({socket}) => socket.destroy()), outcomes: lost},
	{kind: 'reset before the answer', fault: answer(({socket}) => socket.resetAndDestroy()), outcomes: lost},
	{kind: 'closed before the answer', fault: answer(({socket}) => socket.destroy()), outcomes: lost},
	{kind: 'reset in the status line', fault: thenReset(() => ['HTTP/1.1 2']), outcomes: lost},
	{kind: 'closed in the status line', fault: raw(() => ['HTTP/1.1 2']), outcomes: lost},
	{kind: 'reset in the headers', fault: thenReset(() => ['HTTP/1.1 200 OK\r\nContent-Le']), outcomes: lost},
	{kind: 'closed in the headers', fault: raw(() => ['HTTP/1.1 200 OK\r\nContent-Le']), outcomes: lost},
	{kind: 'reset after the headers', fault: thenReset(({body}) => [head(body.length)]), outcomes: cut},
	{kind: 'closed after the headers', fault: raw(({body}) => [head(body.length)]), outcomes: cut},
	{kind: 'reset in the body', fault: thenReset((reply) => [head(reply.body.length), half(reply)]), outcomes: cut},
	{kind: 'closed in the body', fault: raw((reply) => [head(reply.body.length), half(reply)]), outcomes: cut},
	{kind: 'reset in a chunk', fault: thenReset(({body}) => [chunkedHead, chunk(body).subarray(0, 9)]), outcomes: cut},
	{kind: 'closed in a chunk', fault: raw(({body}) => [chunkedHead, chunk(body).subarray(0, 9)]), outcomes: cut},
	{kind: 'closed before the last chunk', fault: raw(({body}) => [chunkedHead, chunk(body)]), outcomes: cut},
	{
		kind: 'closed in a body without an announced length',
		fault: raw((reply) => [unannouncedHead, half(reply)]),
		outcomes: {...exchanges(waits('RETARUS_PROTOCOL')), document: fails('RETARUS_DOCUMENT_INVALID')},
	},
	{
		kind: 'closed before the answer, once',
		fault: answer(({socket}) => socket.destroy(), {times: 1}),
		outcomes: {acknowledge: recovers, document: recovers},
	},
	{
		kind: 'reset in the body, once',
		fault: {...thenReset((reply) => [head(reply.body.length), half(reply)]), times: 1} as Row['fault'],
		outcomes: {document: recovers},
	},
];
