/** A service that fails in every way and echoes, wherever it can, what must not leak: credentials, numbers, content. */
import type {ServerResponse} from 'node:http';
import type {Seen} from '../world/http-server';

export interface FaxSecrets {
	readonly from: string;
	readonly to: string;
	readonly csid: string;
	/** Text within the document. */
	readonly content: string;
}

type Reply = (response: ServerResponse, echo: string, request: Seen) => void;

/** The credentials, as received and decoded, and all that is known about the fax. */
const echoOf = (request: Seen, fax: FaxSecrets): string => {
	const authorization = request.headers.authorization ?? '';
	const decoded = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString('utf8');
	return `${authorization} ${decoded} ${Object.values(fax).join(' ')}`;
};

const headerText = (text: string): string => text.replace(/[^ -~]/g, '?');

/** Every header that a client might read. */
const echoingHeaders = (echo: string): Record<string, string> => {
	const text = headerText(echo);
	return {
		'WWW-Authenticate': text,
		'Proxy-Authenticate': text,
		'Retry-After': text,
		Date: text,
		Server: text,
		'Set-Cookie': `a=${text}`,
		'X-Echo': text,
		ETag: text,
		'Content-Type': text,
		'Content-Disposition': `attachment; filename="${text}"`,
	};
};

const status =
	(code: number): Reply =>
	(response, echo) => {
		response.writeHead(code, headerText(echo), echoingHeaders(echo)).end(`<html>${echo}</html>`);
	};

/** The ways in which the answer to any request may fail. */
export const failures: Readonly<Record<string, Reply>> = {
	...Object.fromEntries(
		[400, 401, 403, 404, 407, 408, 409, 410, 429, 500, 503].map((code) => [`status${code}`, status(code)]),
	),
	redirect: (response, echo) => {
		response
			.writeHead(302, {...echoingHeaders(echo), Location: `http://127.0.0.1:1/${encodeURIComponent(echo)}`})
			.end(echo);
	},
	page: (response, echo) =>
		response
			.writeHead(200, {...echoingHeaders(echo), 'Content-Type': 'text/html'})
			.end(`<!DOCTYPE html><title>${echo}</title>${echo}`),
	// Parsers quote the first and the last characters.
	text: (response, echo) => response.end(`${echo}{"results":[`),
	halfJson: (response, echo) => response.end(`{"results":[{"id":"a","CallingNumber":"${echo}`),
	json: (response, echo) => response.end(JSON.stringify({error: echo, results: echo})),
	malformed: (response, echo) =>
		response.end(JSON.stringify({results: [{id: `${echo},`, note: echo}, {id: null, from: echo}, echo]})),
	encoded: (response, echo) =>
		response.writeHead(200, {...echoingHeaders(echo), 'Content-Encoding': headerText(echo)}).end(echo),
	encodedShortly: (response, _echo, {headers}) =>
		response.writeHead(200, {'Content-Encoding': String(headers.authorization).slice(-40)}).end('x'),
	reset: (response) => response.socket?.resetAndDestroy(),
	brokenBody: (response, echo) => {
		response.writeHead(200, {'Content-Length': '100000'}).write(echo);
		setTimeout(() => response.socket?.resetAndDestroy(), 20);
	},
	notHttp: (response, echo) => response.socket?.end(`${echo}\r\n\r\n${echo}`),
};

/** The faxes that the service lists, named after what the flow does with them. */
export const goodFaxes = ['acknowledged', 'guarded', 'givenBack', 'late', 'refused'] as const;

const document = ({content}: FaxSecrets): string => `%PDF-1.4\n${content}\n%%EOF\n`;

/**
 * The first path segment selects what fails: `poll-X` an exchange, `document-X` a document. `good` lists the faxes
 * above, and refuses only to acknowledge the last.
 */
export const echoingService = (fax: FaxSecrets): ((request: Seen, response: ServerResponse) => void) => {
	const listed = new Set<string>();
	return (request, response) => {
		const [, mode = ''] = request.url.split('/');
		const [kind = '', name = ''] = mode.split('-');
		const echo = echoOf(request, fax);
		const fail = failures[name] ?? status(500);
		const facts = {
			CallingNumber: fax.from,
			CalledNumber: fax.to,
			RemoteCSID: fax.csid,
			note: fax.content,
			DateReceived: new Date().toISOString(),
		};
		const entry = (id: string): object => ({id, ...facts, documents: [{url: `//evil/${id}.pdf`}]});
		if (request.method === 'GET') {
			if (kind === 'document') {
				fail(response, echo, request);
			} else {
				response.end(document(fax));
			}
		} else if (kind === 'poll' || /[=,]refused(,|$)/.test(request.url)) {
			(kind === 'poll' ? fail : status(400))(response, echo, request);
		} else {
			const ids = kind === 'good' ? goodFaxes : [`fax-${name}`];
			const results = listed.has(mode) || request.url.includes('fetch=0') ? [] : ids.map(entry);
			listed.add(mode);
			response.end(JSON.stringify({results}));
		}
	};
};
