import type {ServerResponse} from 'node:http';
import type {Reply} from './reply';

/** Sends an answer unchanged. */
export function send(response: ServerResponse, reply: Reply): void {
	reply.sent?.();
	response.writeHead(reply.status, {...reply.headers, 'Content-Length': reply.body.length});
	response.end(reply.body);
}

const paceMs = 20;

/** Sends an answer at a limited rate. */
export function sendPaced(response: ServerResponse, reply: Reply, bytesPerSecond: number): void {
	drip(response, reply, Math.max(1, Math.round((bytesPerSecond * paceMs) / 1000)), paceMs);
}

/** Sends an answer in chunks, one per interval. */
export function drip(response: ServerResponse, reply: Reply, chunkBytes: number, everyMs: number): void {
	let offset = 0;
	response.writeHead(reply.status, {...reply.headers, 'Content-Length': reply.body.length});
	response.flushHeaders();
	const timer = setInterval(() => {
		const next = reply.body.subarray(offset, offset + chunkBytes);
		offset += next.length;
		if (offset < reply.body.length) {
			response.write(next);
			return;
		}
		clearInterval(timer);
		reply.sent?.();
		response.end(next);
	}, everyMs);
	response.on('close', () => {
		clearInterval(timer);
	});
}

/**
 * Writes the start of an answer straight to the socket, because Node's HTTP server would repair wrong lengths and
 * missing ends. The response object must not be used afterwards.
 */
export function writeRaw(
	response: ServerResponse,
	reply: Reply,
	headers: Readonly<Record<string, string | number>>,
	body: Buffer,
	done?: () => void,
): void {
	const lines = Object.entries({...reply.headers, ...headers}).map(([name, value]) => `${name}: ${value}\r\n`);
	const head = Buffer.from(`HTTP/1.1 ${reply.status} OK\r\n${lines.join('')}\r\n`, 'latin1');
	response.socket?.write(Buffer.concat([head, body]), done);
}
