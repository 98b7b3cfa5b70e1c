/** Answers that say no, by their status; and those that say yes in an unusual way. */
import {answer} from './answers';
import type {Fault, Outcome, Phase, Row} from './fault';
import {accountProbes, accountWaits, everywhere, fails, leaves, probes, recovers, stepsAside, waits} from './outcomes';

type Outcomes = Readonly<Record<Phase, Outcome>>;

/** The request is not carried out. */
const status = (code: number, headers: Readonly<Record<string, string>> = {}): Fault =>
	answer(
		({response}) => {
			response.writeHead(code, headers);
			response.end('{"error":"no"}');
		},
		{isApplied: false},
	);

/** Somewhere that no request must go to. */
const elsewhere = {location: 'http://elsewhere.test/faxin/rest/v1/topics/t'};

const redirected = everywhere(waits('RETARUS_PROTOCOL'), fails('RETARUS_PROTOCOL'));

/** The request is refused for what it carries: polls go without the ids, and these alone. */
const refused: Outcomes = {
	poll: waits('RETARUS_SERVICE'),
	pollWithAcknowledge: recovers,
	acknowledge: waits('RETARUS_SERVICE'),
	document: fails('RETARUS_SERVICE'),
};

/** Tried again as it is, and after some failures without the ids. */
export const serverError: Outcomes = {
	poll: waits('RETARUS_SERVICE'),
	pollWithAcknowledge: {...waits('RETARUS_SERVICE'), isMet: true},
	acknowledge: waits('RETARUS_SERVICE'),
	document: fails('RETARUS_SERVICE'),
};

const tryAgain = everywhere(waits('RETARUS_SERVICE'), stepsAside('RETARUS_SERVICE'));
const unavailable: Outcomes = {...serverError, document: stepsAside('RETARUS_SERVICE')};
const busy = everywhere(accountWaits('RETARUS_SERVICE', 120_000), stepsAside('RETARUS_SERVICE', 120_000));
const limited = (waitMs: number) =>
	everywhere(accountWaits('RETARUS_RATE_LIMIT', waitMs), stepsAside('RETARUS_RATE_LIMIT', waitMs));
const proxy = everywhere(accountProbes('RETARUS_NETWORK'), stepsAside('RETARUS_NETWORK'));

const refusals = [
	400, 402, 405, 406, 409, 410, 411, 412, 413, 414, 415, 417, 421, 422, 423, 424, 426, 428, 431, 451, 499,
];
const serverErrors = [500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599];

export const statuses: readonly Row[] = [
	...[300, 301, 302, 303, 307, 308].map((code) => ({
		kind: `${code} to elsewhere`,
		fault: status(code, elsewhere),
		outcomes: redirected,
	})),
	{kind: '302 to the same host without a path', fault: status(302, {location: '/'}), outcomes: redirected},
	{kind: '302 without a location', fault: status(302), outcomes: redirected},
	{kind: '304', fault: answer(({response}) => response.writeHead(304).end(), {isApplied: false}), outcomes: redirected},
	...refusals.map((code): Row => ({
		kind: String(code),
		fault: status(code),
		outcomes: code === 410 ? {...refused, document: fails('RETARUS_DOCUMENT_GONE')} : refused,
	})),
	{
		kind: '401',
		fault: status(401, {'www-authenticate': 'Basic realm="x"'}),
		outcomes: everywhere(accountProbes('RETARUS_AUTH'), stepsAside('RETARUS_AUTH')),
	},
	{
		kind: '403',
		fault: status(403),
		outcomes: {
			poll: probes('RETARUS_AUTH'),
			pollWithAcknowledge: recovers,
			acknowledge: probes('RETARUS_AUTH'),
			document: fails('RETARUS_SERVICE'),
		},
	},
	{
		kind: '404',
		fault: status(404),
		outcomes: {
			poll: probes('RETARUS_TOPIC'),
			pollWithAcknowledge: recovers,
			acknowledge: probes('RETARUS_TOPIC'),
			document: fails('RETARUS_DOCUMENT_GONE'),
		},
	},
	{kind: '407', fault: status(407), outcomes: proxy},
	{kind: '408', fault: status(408), outcomes: tryAgain},
	{kind: '425', fault: status(425), outcomes: tryAgain},
	{
		kind: '429',
		fault: status(429),
		outcomes: everywhere(accountWaits('RETARUS_RATE_LIMIT'), stepsAside('RETARUS_RATE_LIMIT')),
	},
	{kind: '429 with Retry-After in seconds', fault: status(429, {'retry-after': '77'}), outcomes: limited(77_000)},
	{
		kind: '429 with Retry-After as a date',
		fault: status(429, {date: 'Thu, 01 Jan 2026 00:00:00 GMT', 'retry-after': 'Thu, 01 Jan 2026 00:05:00 GMT'}),
		outcomes: limited(300_000),
	},
	{
		kind: '429 with a Retry-After of an age',
		fault: status(429, {'retry-after': '1000000000'}),
		outcomes: limited(3_600_000),
	},
	...['-5', '0', 'soon', '1e9', 'Wed, 31 Dec 2025 23:59:59 GMT'].map((value): Row => ({
		kind: `429 with Retry-After: ${value}`,
		fault: status(429, {'retry-after': value}),
		outcomes: everywhere(accountWaits('RETARUS_RATE_LIMIT'), stepsAside('RETARUS_RATE_LIMIT')),
	})),
	...serverErrors.map((code) => ({
		kind: String(code),
		fault: status(code),
		outcomes: code === 503 ? unavailable : serverError,
	})),
	{
		kind: '404 of a document with Retry-After',
		fault: status(404, {'retry-after': '120'}),
		outcomes: {document: stepsAside('RETARUS_DOCUMENT_GONE', 120_000)},
	},
	{kind: '503 with Retry-After', fault: status(503, {'retry-after': '120'}), outcomes: busy},
	{kind: '503 with Retry-After: 0', fault: status(503, {'retry-after': '0'}), outcomes: unavailable},
	...[500, 502, 503, 504].map((code): Row => ({
		kind: `${code} although it is done`,
		fault: answer(({response}) => response.writeHead(code).end()),
		outcomes: code === 503 ? unavailable : serverError,
	})),
	...[201, 202, 203, 207, 299].map((code): Row => ({
		kind: `${code} with the whole answer`,
		fault: answer(({response, reply}) => response.writeHead(code).end(reply.body)),
		outcomes: everywhere(recovers, recovers),
	})),
	{
		kind: '204',
		fault: answer(({response}) => response.writeHead(204).end()),
		outcomes: {
			poll: leaves(),
			pollWithAcknowledge: recovers,
			acknowledge: recovers,
			document: fails('RETARUS_DOCUMENT_INVALID'),
		},
	},
	{
		kind: '205 without an answer',
		fault: answer(({response}) => response.writeHead(205).end()),
		outcomes: {
			poll: leaves(),
			pollWithAcknowledge: recovers,
			acknowledge: recovers,
			document: fails('RETARUS_DOCUMENT_INVALID'),
		},
	},
	{
		kind: '206',
		fault: answer(({response, reply}) => {
			response.writeHead(206, {'content-range': `bytes 0-7/${reply.body.length}`}).end(reply.body.subarray(0, 8));
		}),
		outcomes: everywhere(waits('RETARUS_PROTOCOL'), fails('RETARUS_DOCUMENT_INVALID')),
	},
];
