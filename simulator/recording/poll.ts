import {request as httpRequest, type IncomingMessage} from 'node:http';
import {request as httpsRequest} from 'node:https';
import type {RawExchange} from './redact';

/** The topic to poll, and the credentials. */
export interface PollTarget {
	/** The URL up to `/faxin/rest/v1`. */
	readonly baseUrl: string;
	readonly topic: string;
	readonly customerNumber: string;
	readonly password: string;
}

const limitMs = 30_000;
const maximumBytes = 16 * 1024 * 1024;

/**
 * Polls for one fax, which the service locks for one second. Acknowledges nothing, downloads no document and follows
 * no redirect.
 * @throws Error whose message is one sentence
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
			reject(new Error(`${address.host} could not be polled: ${error.message}.`));
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
			throw new Error(`The answer exceeds ${maximumBytes / 1024 / 1024} MB.`);
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}
