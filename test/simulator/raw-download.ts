import {once} from 'node:events';
import {connect} from 'node:net';
import should from 'should';
import type {Simulator} from '../../simulator';

/** Everything a connection carries in answer to one request, and how it ends. */
export interface RawAnswer {
	readonly head: string;
	readonly body: Buffer;
	/** `open` if the download stopped by itself at `stopAfterBytes`. */
	readonly end: 'fin' | 'reset' | 'open';
}

/** Downloads `one.pdf` over a bare socket: an HTTP client would hide lengths, chunks and how the connection ends. */
export async function rawDownload(simulator: Simulator, stopAfterBytes = Infinity): Promise<RawAnswer> {
	const socket = connect(simulator.port, '127.0.0.1');
	const chunks: Buffer[] = [];
	let length = 0;
	const ended = new Promise<RawAnswer['end']>((resolve) => {
		socket.on('data', (chunk) => {
			chunks.push(chunk);
			length += chunk.length;
			if (length >= stopAfterBytes) {
				resolve('open');
			}
		});
		socket.on('end', () => {
			resolve('fin');
		});
		socket.on('error', (error) => {
			should(error).have.property('code', 'ECONNRESET');
			resolve('reset');
		});
	});
	await once(socket, 'connect');
	socket.write(
		'GET /faxin/rest/v1/files/one.pdf HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic OTk5OTk6c2VjcmV0\r\n\r\n',
	);
	const end = await ended;
	socket.destroy();
	const received = Buffer.concat(chunks);
	const blank = received.indexOf('\r\n\r\n');
	return {head: received.subarray(0, Math.max(blank, 0)).toString('latin1'), body: received.subarray(blank + 4), end};
}
