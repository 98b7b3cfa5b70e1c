import type {ServerResponse} from 'node:http';
import type {Socket} from 'node:net';
import {breakingPoint, trickleDefaults, type BreakingPoint, type Fault} from './fault';
import {compressed, jsonReply, type Reply} from '../http/reply';
import {drip, send, writeRaw} from '../http/send';

/** Sends an answer spoiled by a fault. */
export function sendWithFault(response: ServerResponse, reply: Reply, fault: Fault): void {
	const half = reply.body.subarray(0, Math.floor(reply.body.length / 2));
	switch (fault.kind) {
		case 'status':
			send(response, {
				status: fault.status,
				headers: {
					'Content-Type': 'text/plain',
					...(fault.retryAfter === undefined ? {} : {'Retry-After': fault.retryAfter}),
				},
				body: Buffer.from(fault.body ?? ''),
			});
			break;
		case 'html':
			send(response, {status: 200, headers: {'Content-Type': 'text/html; charset=UTF-8'}, body: loginPage});
			break;
		case 'noResults':
			send(response, withoutResults(fault.status ?? 200));
			break;
		case 'redirect':
			send(response, {status: fault.status ?? 302, headers: {Location: fault.location}, body: Buffer.alloc(0)});
			break;
		case 'empty':
			send(response, {...withoutNote(reply), body: Buffer.alloc(0)});
			break;
		case 'badJson':
			send(response, {...withoutNote(reply), body: Buffer.from('{"meta": {}, "results": [{"id": "K34A')});
			break;
		case 'gzip':
			send(response, compressed(reply));
			break;
		case 'reset':
			breakAt(response, reply, half, breakingPoint(fault), () => {
				reset(response.socket, breakingPoint(fault));
			});
			break;
		case 'hang':
			breakAt(response, reply, half, breakingPoint(fault), () => undefined);
			break;
		case 'lostAnswer':
			response.socket?.destroy();
			break;
		case 'fin':
			writeRaw(response, reply, {'Transfer-Encoding': 'chunked'}, chunk(half), () => response.socket?.end());
			break;
		case 'truncated':
			writeRaw(response, reply, {'Content-Length': reply.body.length}, half, () => response.socket?.end());
			break;
		case 'truncatedUnannounced':
			writeRaw(response, reply, {Connection: 'close'}, half, () => response.socket?.end());
			break;
		case 'wrongLength':
			writeRaw(response, reply, {'Content-Length': half.length}, reply.body, () => response.socket?.end());
			break;
		case 'trickle':
			trickle(response, reply, fault);
			break;
		case 'endless':
			pour(response, reply);
			break;
	}
}

const loginPage = Buffer.from(
	'<!DOCTYPE html>\n<html><head><title>Sign in</title></head>' +
		'<body><form><input name="user"><input name="password"></form></body></html>\n',
);

/** The answer of a gateway that knows nothing about faxes. */
function withoutResults(status: number): Reply {
	return status === 204 || status === 205
		? {status, headers: {}, body: Buffer.alloc(0)}
		: jsonReply(status, {meta: {}});
}

/** Drops the `sent` callback: a document replaced by something else does not count as downloaded. */
function withoutNote({status, headers}: Reply): Omit<Reply, 'body'> {
	return {status, headers};
}

function breakAt(response: ServerResponse, reply: Reply, half: Buffer, at: BreakingPoint, broken: () => void): void {
	if (at === 'beforeAnswer') {
		broken();
	} else {
		const body = at === 'midBody' ? half : Buffer.alloc(0);
		writeRaw(response, reply, {'Content-Length': reply.body.length}, body, broken);
	}
}

/**
 * Time for the client to read the bytes sent before a reset. If both arrive at the same moment, a client may mistake
 * the reset for a normal end of the connection, as libuv does.
 */
const timeToReadMs = 20;

function reset(socket: Socket | null, at: BreakingPoint): void {
	if (at === 'beforeAnswer') {
		socket?.resetAndDestroy();
		return;
	}
	const timer = setTimeout(() => {
		socket?.resetAndDestroy();
	}, timeToReadMs);
	socket?.on('close', () => {
		clearTimeout(timer);
	});
}

function trickle(response: ServerResponse, reply: Reply, fault: Extract<Fault, {kind: 'trickle'}>): void {
	const {chunkBytes = trickleDefaults.chunkBytes, everyMs = trickleDefaults.everyMs} = fault;
	drip(response, reply, chunkBytes, everyMs);
}

/** Encodes one chunk of a chunked body. */
function chunk(bytes: Buffer): Buffer {
	return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

/** Sends without end at the client's pace. Writing faster would pile up the backlog in this process. */
function pour(response: ServerResponse, reply: Reply): void {
	const block = Buffer.alloc(64 * 1024, ' ');
	response.writeHead(reply.status, reply.headers);
	response.write(reply.body.subarray(0, 1));
	const fill = (): void => {
		while (!response.destroyed && response.write(block)) {
			// Keep filling until the socket's buffer is full.
		}
	};
	response.on('drain', fill);
	fill();
}
