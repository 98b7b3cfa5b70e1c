import should from 'should';
import type {RetarusError} from '../../../lib/errors';
import {downloadError, exchangeError, retryAfterMs, type Refusal} from '../../../lib/retarus/answer-errors';

const now = Date.UTC(2026, 0, 1);
const document = {id: 'a', topic: 't'};

const refusal = (status: number, body = '', headers: Refusal['headers'] = {}): Refusal => ({
	status,
	headers,
	body,
	peer: 'fax.test',
});
const ofExchange = (...of: Parameters<typeof refusal>): RetarusError => exchangeError(refusal(...of), 't', now);
const ofDocument = (...of: Parameters<typeof refusal>): RetarusError => downloadError(refusal(...of), document, now);

const json = {'content-type': 'application/json'};
const page = '<html><body>404 default backend</body></html>';

describe('A status', () => {
	const spoken: readonly (readonly [string, string, Refusal['headers']])[] = [
		['JSON', '{"error":"no such id"}', json],
		['JSON of a problem', '{"title":"no"}', {'content-type': 'application/problem+json; charset=utf-8'}],
		['JSON that calls itself text', '{"error":"no"}', {'content-type': 'text/plain'}],
		['a JSON text', '"no such id"', json],
		['JSON and blanks', ' [] \n', {}],
		['nothing', '', {}],
		['nothing, as JSON', ' ', json],
	];
	for (const [name, body, headers] of spoken) {
		it(`is the word of the service when it comes with ${name}`, () => {
			for (const status of [400, 403, 404, 409, 414, 500, 503]) {
				should(ofExchange(status, body, headers).speaker).equal('service', String(status));
			}
		});
	}

	const foreign: readonly (readonly [string, string, Refusal['headers']])[] = [
		['a web page', page, {'content-type': 'text/html'}],
		['a web page that calls itself JSON', page, json],
		['a line of text', 'default backend - 404', {'content-type': 'text/plain'}],
		['a line of text without a type', 'no healthy upstream', {}],
		['a number', '404', {'content-type': 'text/plain'}],
		['nothing, as a web page', '', {'content-type': 'text/html'}],
		['half a JSON', '{"error":', json],
	];
	for (const [name, body, headers] of foreign) {
		it(`is nobody's word when it comes with ${name}`, () => {
			for (const status of [400, 403, 404, 409, 414, 500, 503]) {
				should(ofExchange(status, body, headers).speaker).equal('unknown', String(status));
			}

			should(ofDocument(404, body, headers).speaker).equal('unknown');
		});
	}

	it('says whose word it is, and keeps its code', () => {
		should(ofExchange(403, page)).match({code: 'RETARUS_AUTH', scope: 'topic', reason: 'forbiddenByOther'});
		should(ofExchange(404, page)).match({code: 'RETARUS_TOPIC', reason: 'topicUnknownToOther'});
		should(ofExchange(400, page)).match({code: 'RETARUS_SERVICE', status: 400, reason: 'requestRefusedByOther'});
		should(ofExchange(403)).match({reason: 'forbidden'});
		should(ofExchange(404)).match({reason: 'topicUnknown'});
		should(ofExchange(400)).match({reason: 'requestRefused'});
	});

	it('of the connection or the moment is never the word of the service, whatever it comes with', () => {
		for (const status of [408, 421, 425, 429]) {
			should(ofExchange(status, '{"error":"no"}', json).speaker).equal('unknown', String(status));
		}

		should(ofExchange(421)).match({code: 'RETARUS_SERVICE', reason: 'serverError', status: 421});
	});

	for (const status of [302, 400, 401, 403, 404, 407, 410, 421, 429, 500, 503]) {
		it(`${status} keeps its Retry-After, for exchanges and documents`, () => {
			const headers = {'retry-after': '7'};
			should(ofExchange(status, '', headers).retryAfterMs).equal(7000);
			should(ofDocument(status, '', headers).retryAfterMs).equal(7000);
			should(ofExchange(status).retryAfterMs).equal(0);
		});
	}

	it('429 without a Retry-After does not name a time', () => {
		should(ofExchange(429)).match({reason: 'rateLimitedUntimed', scope: 'account'});
		should(ofExchange(429).message).not.match(/\d/);
		should(ofExchange(429, '', {'retry-after': '7'}).message).match(/in 7 s/);
	});

	it('401, 407 and 429 stop the account, all others a topic', () => {
		for (const status of [401, 407, 429]) {
			should([ofExchange(status).scope, ofDocument(status).scope]).deepEqual(['account', 'account'], String(status));
		}

		for (const status of [302, 400, 403, 404, 410, 421, 500, 503]) {
			should([ofExchange(status).scope, ofDocument(status).scope]).deepEqual(['topic', 'topic'], String(status));
		}
	});

	it('407 names who wants credentials', () => {
		should(ofExchange(407)).match({
			code: 'RETARUS_NETWORK',
			reason: 'proxyUnauthorized',
			phase: 'connecting',
			facts: {proxy: 'fax.test'},
		});
	});

	it('that wants a client certificate says so', () => {
		for (const [status, body] of [
			[400, '<html><title>400 No required SSL certificate was sent</title></html>'],
			[400, '<html><title>400 The SSL certificate error</title></html>'],
			[403, '<h2>HTTP Error 403.7 - Forbidden: SSL client certificate is required.</h2>'],
			[496, ''],
		] as const) {
			should(ofExchange(status, body)).match({code: 'RETARUS_NETWORK', reason: 'clientCertificateWanted'});
		}

		should(ofExchange(400, '{"error":"client certificate"}', json)).match({reason: 'requestRefused'});
	});
});

describe('Retry-After', () => {
	const cases: readonly (readonly [string | undefined, number])[] = [
		[undefined, 0],
		['', 0],
		['0', 0],
		['7', 7000],
		[' 7 ', 7000],
		['1.5', 1500],
		['30s', 30_000],
		['30 seconds', 30_000],
		['5, 5', 5000],
		['3600', 3_600_000],
		['3601', 3_600_000],
		['1000000000', 3_600_000],
		['9'.repeat(400), 3_600_000],
		['soon', 0],
		['-5', 0],
		['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
		['Thu, 01 Jan 2026 09:00:00 GMT', 3_600_000],
		['Wed, 31 Dec 2025 23:59:59 GMT', 0],
		['NaN', 0],
	];
	for (const [header, expected] of cases) {
		it(`${header?.slice(0, 40) ?? 'absent'} is ${expected} ms`, () => {
			should(retryAfterMs(header, now)).equal(expected);
		});
	}

	it('as a date counts from the date of the answer, however wrong the clocks are', () => {
		for (const skewMs of [-7_200_000, -1_200_000, 0, 1_200_000]) {
			const answeredMs = now + skewMs;
			const headers = {
				date: new Date(answeredMs).toUTCString(),
				'retry-after': new Date(answeredMs + 15_000).toUTCString(),
			};
			should(ofExchange(503, '', headers).retryAfterMs).equal(15_000);
		}
	});

	it('as a date counts from this clock when the answer has no date, or none that can be read', () => {
		const header = new Date(now + 15_000).toUTCString();
		should(ofExchange(503, '', {'retry-after': header}).retryAfterMs).equal(15_000);
		should(ofExchange(503, '', {'retry-after': header, date: 'today'}).retryAfterMs).equal(15_000);
	});
});
