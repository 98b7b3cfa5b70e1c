/** What befalls connections before a request is read, by http. */
import type {Socket} from 'node:net';
import type {Fault, Row} from './fault';
import {everywhere, exchanges, waits} from './outcomes';

const connection = (take: (socket: Socket) => void): Fault => ({at: 'connection', isSilent: false, take});

/**
 * The polls fail too. What of a fax was asked for without an answer has failed; without a connection nothing was asked
 * for.
 */
const never = everywhere(waits('RETARUS_NETWORK'), waits('RETARUS_NETWORK'));
const broken = everywhere(waits('RETARUS_NETWORK'), {...waits('RETARUS_NETWORK'), delivery: 2});
const silent = everywhere(waits('RETARUS_TIMEOUT'), {...waits('RETARUS_TIMEOUT'), delivery: 2});

export const connections: readonly Row[] = [
	{kind: 'name not found', fault: {at: 'name', code: 'ENOTFOUND'}, outcomes: never},
	{kind: 'name server does not answer', fault: {at: 'name', code: 'EAI_AGAIN'}, outcomes: never},
	{kind: 'name server is broken', fault: {at: 'name', code: 'EAI_FAIL'}, outcomes: never},
	{kind: 'connection refused', fault: {at: 'address', isListening: false}, outcomes: never},
	{kind: 'connection never made', fault: {at: 'address', isListening: true}, outcomes: silent},
	{kind: 'black hole', fault: {at: 'connection', isSilent: true, take: () => undefined}, outcomes: silent},
	{kind: 'closed as soon as accepted', fault: connection((socket) => socket.end()), outcomes: broken},
	// Whether the request of a document was sent before is chance, and with it whether the delivery has failed.
	{
		kind: 'reset as soon as accepted',
		fault: connection((socket) => socket.resetAndDestroy()),
		outcomes: exchanges(waits('RETARUS_NETWORK')),
	},
	{
		kind: 'closed at the first byte',
		fault: connection((socket) => socket.once('data', () => socket.end())),
		outcomes: broken,
	},
	{
		kind: 'reset at the first byte',
		fault: connection((socket) => socket.once('data', () => socket.resetAndDestroy())),
		outcomes: broken,
	},
	{kind: 'greets like another service', fault: connection((socket) => socket.end('SSH-2.0-x\r\n')), outcomes: broken},
	{kind: 'sends noise', fault: connection((socket) => socket.end(Buffer.alloc(4096, 0xa5))), outcomes: broken},
	{kind: 'speaks TLS where http is configured', fault: {at: 'tls', speaks: 'trusted'}, outcomes: broken},
];
