import type {IncomingMessage} from 'node:http';
import {RequestError} from '../http/reply';

/** Limit for one request to the control API. */
export const maximumBodyBytes = 64 * 1024 * 1024;

/**
 * Reads the JSON body of a request; its shape is unchecked.
 * @throws RequestError 400, 413, 415
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
	if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
		throw new RequestError(415, 'The body must be JSON, of type application/json.', {Connection: 'close'});
	}
	const body = await readBody(request);
	try {
		return JSON.parse(body.toString('utf8'));
	} catch {
		throw new RequestError(400, 'The body is not JSON.');
	}
}

/** @throws RequestError 413 */
export function readBody(request: IncomingMessage): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		let length = 0;
		request.on('data', (chunk: Buffer) => {
			length += chunk.length;
			if (length <= maximumBodyBytes) {
				chunks.push(chunk);
				return;
			}
			chunks.length = 0;
			reject(new RequestError(413, `The body exceeds ${maximumBodyBytes / 1024 / 1024} MB.`, {Connection: 'close'}));
		});
		request.on('end', () => {
			resolve(Buffer.concat(chunks));
		});
		request.on('error', reject);
	});
}
