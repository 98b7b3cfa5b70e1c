/** What is wrong with the TLS of the service. */
import type {Socket} from 'node:net';
import type {Fault, Row} from './fault';
import {accountProbes, everywhere, waits} from './outcomes';

const speaks = (speech: Extract<Fault, {at: 'tls'}>['speaks']): Fault => ({at: 'tls', speaks: speech});
const connection = (take: (socket: Socket) => void): Fault => ({at: 'connection', isSilent: false, take});

/** The request was never sent, so that no delivery has failed. */
const untrusted = everywhere(accountProbes('RETARUS_NETWORK'), accountProbes('RETARUS_NETWORK'));
const broken = everywhere(waits('RETARUS_NETWORK'), waits('RETARUS_NETWORK'));
const silent = everywhere(waits('RETARUS_TIMEOUT'), {...waits('RETARUS_TIMEOUT'), delivery: 2});

const rows: readonly Row[] = [
	{kind: 'certificate signed by itself', fault: speaks('selfSigned'), outcomes: untrusted},
	{kind: 'certificate of a strange authority', fault: speaks('strangeAuthority'), outcomes: untrusted},
	{kind: 'certificate of another host', fault: speaks('anotherHost'), outcomes: untrusted},
	{kind: 'certificate expired', fault: speaks('expired'), outcomes: untrusted},
	{kind: 'certificate not yet valid', fault: speaks('notYetValid'), outcomes: untrusted},
	{kind: 'TLS of an old version', fault: speaks('oldTls'), outcomes: broken},
	{
		kind: 'TLS that demands a client certificate',
		fault: speaks('clientCertificate'),
		outcomes: untrusted,
	},
	{kind: 'plain http on the TLS port', fault: speaks('noTls'), outcomes: untrusted},
	{
		kind: 'TLS handshake never answered',
		fault: {at: 'connection', isSilent: true, take: () => undefined},
		outcomes: silent,
	},
	{
		kind: 'TLS handshake closed',
		fault: connection((socket) => socket.once('data', () => socket.end())),
		outcomes: broken,
	},
	{
		kind: 'TLS handshake reset',
		fault: connection((socket) => socket.once('data', () => socket.resetAndDestroy())),
		outcomes: broken,
	},
	{
		kind: 'TLS handshake answered with noise',
		fault: connection((socket) => socket.once('data', () => socket.end(Buffer.alloc(512, 0x16)))),
		outcomes: untrusted,
	},
	{
		kind: 'TLS handshake answered with an alert',
		fault: connection((socket) => socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, 80])))),
		outcomes: broken,
	},
];

export const tls: readonly Row[] = rows.map((row) => ({...row, isSecure: true}));
