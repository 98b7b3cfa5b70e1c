import {gzipSync} from 'node:zlib';

/** An HTTP answer that has not been sent yet. A fault may still spoil it. */
export interface Reply {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
	/** Called when the complete answer is sent; not when a fault cuts it short. */
	readonly sent?: () => void;
}

export function jsonReply(status: number, value: unknown): Reply {
	return {
		status,
		headers: {'Content-Type': 'application/json; charset=UTF-8'},
		body: Buffer.from(JSON.stringify(value)),
	};
}

/** A refused request. The service's own error bodies are unknown, so `toReply` offers several forms. */
export class RequestError extends Error {
	override readonly name = 'RequestError';
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;

	constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
		super(message);
		this.status = status;
		this.headers = headers;
	}

	toReply(form: ErrorForm = 'json'): Reply {
		const [contentType, text] = errorBodies[form](this.status, this.message);
		return {status: this.status, headers: {'Content-Type': contentType, ...this.headers}, body: Buffer.from(text)};
	}
}

/** Format of an error body. */
export type ErrorForm = 'json' | 'text' | 'html' | 'empty';

const errorBodies: Readonly<
	Record<ErrorForm, (status: number, message: string) => readonly [contentType: string, text: string]>
> = {
	json: (status, message) => ['application/json; charset=UTF-8', JSON.stringify({status, message})],
	text: (_, message) => ['text/plain; charset=UTF-8', message],
	html: (status) => ['text/html; charset=UTF-8', `<html><body><h1>Error ${status}</h1></body></html>`],
	empty: () => ['application/json', ''],
};

export function compressed(reply: Reply): Reply {
	return {...reply, headers: {...reply.headers, 'Content-Encoding': 'gzip'}, body: gzipSync(reply.body)};
}
