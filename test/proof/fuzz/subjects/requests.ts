import fc from 'fast-check';
import {AcknowledgeBatches} from '../../../../lib/exchange/acknowledge-batches';
import {JournalLedger} from '../../../../lib/ledger/journal-ledger';
import {isFaxId, isTopic, topicProblem} from '../../../../lib/config-checks';
import {RetarusClient} from '../../../../lib/retarus/client';
import type {Transport, TransportRequest} from '../../../../lib/retarus/http';
import {documentSegment, exchangePath} from '../../../../lib/retarus/wire';
import {parseExchangeQuery} from '../../../../simulator/api/exchange-query';
import {defaultSwitches} from '../../../../simulator/api/switches';
import {testEnvironment} from '../../../world/environment';
import {rejection} from '../../../world/turns';
import {hold} from '../claims';
import {anyString} from '../hostile';
import {slowSubject, subject} from '../subject';
import {url} from '../urls';

const ids = fc.array(anyString, {maxLength: 6}).map((all) => [...new Set(all)].filter((id) => isFaxId(id)));

const exchange = fc.record({
	topic: anyString,
	fetch: fc.integer({min: 0, max: 1000}),
	lockTimeoutMs: fc.integer({min: 1, max: 86_400_000}),
	ids,
});

const sameList = (left: readonly string[], right: readonly string[]): boolean =>
	JSON.stringify(left) === JSON.stringify(right);

/** As the service may read it: without decoding first, or as a form. Either way a comma separates. */
const decodings: readonly ((raw: string) => readonly string[])[] = [
	(raw) => raw.split(',').map((id) => decodeURIComponent(id)),
	(raw) => (new URLSearchParams(`ids=${raw}`).get('ids') ?? '').split(','),
	(raw) => parseExchangeQuery(`fetch=1&ids=${raw}`, defaultSwitches).ids,
	(raw) => parseExchangeQuery(`fetch=1&ids=${raw}`, {...defaultSwitches, encodedCommaSeparates: false}).ids,
];

export const exchanges = subject('The request of an exchange', 'others', exchange, {
	'is made for every topic that is not refused, and stays below /topics/'(one) {
		hold(isTopic(one.topic) || topicProblem(one.topic) !== undefined, () => 'neither a topic nor a problem');
		if (isTopic(one.topic)) {
			const {origin, pathname, hash} = new URL(`http://configured/rest${exchangePath(one)}`);
			const [, name = ''] = /^\/rest\/topics\/([^/\\]+)$/.exec(pathname) ?? [];
			hold(origin === 'http://configured' && hash === '' && decodeURIComponent(name) === one.topic, () => pathname);
		}
	},
	'carries exactly its ids, however the service decodes them'(one) {
		const path = exchangePath({...one, topic: 't'});
		const [, raw = ''] = /&ids=([^&]*)$/.exec(path) ?? [];
		for (const decode of decodings) {
			hold(sameList(raw === '' ? [] : decode(raw), one.ids), () => `${path} is read as ${JSON.stringify(decode(raw))}`);
		}
	},
	'is of printable ASCII without space'(one) {
		hold(!isTopic(one.topic) || /^[!-~]+$/.test(exchangePath(one)), () => exchangePath(one));
	},
});

/** Keeps the requests, and never answers one. */
class Recorder implements Transport {
	readonly requests: TransportRequest[] = [];

	request(request: TransportRequest): Promise<never> {
		this.requests.push(request);
		return Promise.reject(new Error('recorded'));
	}

	close(): Promise<void> {
		return Promise.resolve();
	}
}

export const requests = slowSubject('What is sent', 'others', fc.tuple(url, exchange, anyString), {
	async 'goes below /files/ and /topics/ of the base path, and names no other origin'([
		address,
		{topic, ...rest},
		password,
	]) {
		const transport = new Recorder();
		const {clock} = testEnvironment();
		const service = new RetarusClient({
			transport,
			clock,
			basePath: '/faxin/rest/v1',
			customerNumber: '99999',
			password,
			requestTimeoutMs: 30_000,
		});
		const segment = documentSegment({url: address});
		const {signal} = new AbortController();
		if (segment !== undefined) {
			await rejection(service.download(segment, {id: 'a', topic: 't'}, signal));
		}

		if (isTopic(topic)) {
			await rejection(service.exchange({topic, ...rest}, 30_000, signal));
		}

		for (const {path, headers} of transport.requests) {
			hold(
				/^\/faxin\/rest\/v1\/(files\/[^/\\?#\s]+|topics\/[^/\\?#\s]+\?fetch=\d+&timeout=\d+(&ids=[^&#\s]+)?)$/.test(
					path,
				),
				() => path,
			);
			hold(new URL(path, 'http://configured').pathname === path.split('?')[0], () => path);
			hold(
				Object.keys(headers).every((name) =>
					['authorization', 'accept', 'accept-encoding', 'content-type'].includes(name),
				),
				() => Object.keys(headers).join(),
			);
			hold(
				Object.values(headers).every((value) => /^[ -~]*$/.test(value)),
				() => 'a header that is not printable',
			);
		}

		hold(clock.pending === 0, () => 'a deadline was left');
	},
});

/** Ids of every length, many of them, all different. */
const manyIds = fc
	.array(fc.tuple(anyString, fc.nat(250)), {minLength: 1, maxLength: 40})
	.map((all) => [
		...new Set(
			all
				.map(([text, length], index) => `${index}${text}`.padEnd(length, '\u00FC').slice(0, 256))
				.filter((id) => isFaxId(id)),
		),
	]);

export const acknowledgeRequests = slowSubject('The acknowledges of a topic', 'others', manyIds, {
	async 'go out once each, exactly as accepted, in requests that no server finds too long'(accepted) {
		const ledger = new JournalLedger('t', '/state/t.journal', testEnvironment(), false);
		await ledger.open();
		for (const id of accepted) {
			await ledger.accept(id);
		}

		const acknowledges = new AcknowledgeBatches(ledger, testEnvironment().clock);
		const said: string[] = [];
		for (let next = acknowledges.next().ids; next.length > 0; next = acknowledges.next().ids) {
			const path = exchangePath({topic: 't', fetch: 10, lockTimeoutMs: 1000, ids: next});
			hold(path.length < 4200 || next.length === 1, () => `${path.length} bytes`);
			said.push(...parseExchangeQuery(path.slice(path.indexOf('?') + 1), defaultSwitches).ids);
			acknowledges.succeeded(next);
			for (const id of next) {
				await ledger.confirm(id);
			}
		}

		hold(sameList(said, accepted), () => `said ${JSON.stringify(said)}`);
		await ledger.close();
	},
});
