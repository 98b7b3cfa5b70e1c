/** How to answer a request that is struck: the words of which the tables of answers are made. */
import type {Fault, Reply, Strike} from './fault';

type AnswerFault = Extract<Fault, {at: 'answer'}>;

/** The service does what it was asked for, and its answer suffers. */
export const answer = (
	act: (strike: Strike) => void,
	options: Partial<Pick<AnswerFault, 'strikes' | 'times' | 'isApplied'>> = {},
): Fault => ({at: 'answer', isApplied: true, strikes: 'phase', times: Infinity, ...options, answer: act});

/** The service does not even get the request. */
export const refusal = (act: (strike: Strike) => void): Fault => answer(act, {isApplied: false});

export const head = (length: number | string, more = ''): string =>
	`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n${more}\r\n`;

export const chunkedHead = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
export const unannouncedHead = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n';

export const chunk = (bytes: Buffer): Buffer =>
	Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

/** At least one byte less than all. */
export const half = ({body}: Reply): Buffer => body.subarray(0, body.length >> 1);

/** Bytes instead of an answer, then the end of the connection. */
export const raw = (bytes: (reply: Reply) => readonly (string | Buffer)[]): Fault =>
	answer(({socket, reply}) => {
		socket.end(Buffer.concat(bytes(reply).map((piece) => Buffer.from(piece))));
	});

/** A whole answer with another body. */
export const body = (
	content: (reply: Reply) => string | Buffer,
	headers: Readonly<Record<string, string>> = {},
): Fault =>
	answer(({response, reply}) => {
		const bytes = Buffer.from(content(reply));
		response.writeHead(200, {'content-length': bytes.length, ...headers});
		response.end(bytes);
	});

/**
 * A client to which bytes and a reset come at the same moment may take the reset for an end: it is given the time to
 * read.
 */
const timeToReadMs = 4;

/** Bytes, then a reset. */
export const thenReset = (bytes: (reply: Reply) => readonly (string | Buffer)[]): Fault =>
	answer(({socket, reply}) => {
		socket.write(Buffer.concat(bytes(reply).map((piece) => Buffer.from(piece))), () => {
			setTimeout(() => {
				socket.resetAndDestroy();
			}, timeToReadMs);
		});
	});

/** Bytes, then silence. */
export const thenSilence = (bytes: (reply: Reply) => readonly (string | Buffer)[]): Fault =>
	answer(({socket, reply, hold}) => {
		socket.write(Buffer.concat(bytes(reply).map((piece) => Buffer.from(piece))));
		hold();
	});
