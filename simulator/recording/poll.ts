import {request as httpRequest, type IncomingMessage} from 'node:http';
import {request as httpsRequest} from 'node:https';
import type {RawExchange} from './redact';

/** Where to ask, and as whom. */
export interface PollTarget {
	/** Up to `/faxin/rest/v1`. */
	readonly baseUrl: string;
	readonly topic: string;
	readonly customerNumber: string;
	readonly password: string;
}

const limitMs = 30_000;
const maximumBytes = 16 * 1024 * 1024;

/**
 * Asks the service for one fax, which it locks for a second. Nothing is acknowledged, no document fetched, no redirect followed.
 * @throws Error in one sentence
 */
export async function pollOnce({baseUrl, topic, customerNumber, password}: PollTarget): Promise<RawExchange> {
	const address = new URL(`${baseUrl.replace(/\/+$/, '')}/topics/${encodeURIComponent(topic)}?fetch=1&timeout=1`);
	const authorization = `Basic ${Buffer.from(`${customerNumber}:${password}`).toString('base64')}`;
	const response = await new Promise<IncomingMessage>((resolve, reject) => {
		const request = (address.protocol === 'https:' ? httpsRequest : httpRequest)(
			address,
			{
				method: 'POST',
				headers: {Authorization: authorization, 'Content-Type': 'application/json', Accept: 'application/json'},
				signal: AbortSignal.timeout(limitMs),
			},
			resolve,
		);
		request.on('error', (error) => {
			reject(new Error(`${address.host} cannot be asked: ${error.message}.`));
		});
		request.end('{}');
	});
	return {
		topic,
		secrets: [customerNumber, password],
		status: response.statusCode ?? 0,
		headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
		body: await textOf(response),
	};
}

async function textOf(response: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of response as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length > maximumBytes) {
			throw new Error(`The answer is larger than ${maximumBytes / 1024 / 1024} MB.`);
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}
