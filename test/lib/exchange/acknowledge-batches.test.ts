import should from 'should';
import {AcknowledgeBatches} from '../../../lib/exchange/acknowledge-batches';
import {AuthError, NetworkError, ServiceError, TimeoutError, TopicError, type RetarusError} from '../../../lib/errors';
import {JournalLedger} from '../../../lib/ledger/journal-ledger';
import type {Ledger} from '../../../lib/ledger/ledger';
import {encodedLength} from '../../../lib/retarus/wire';
import {testEnvironment} from '../../world/environment';

const refused = (status: number): RetarusError => new ServiceError('requestRefused', status);
const outage = (status = 503): RetarusError => new ServiceError('serverError', status);

describe('The acknowledges', () => {
	let ledger: Ledger;
	let acknowledges: AcknowledgeBatches;
	beforeEach(async () => {
		ledger = new JournalLedger('t', '/state/t.journal', testEnvironment(), false);
		await ledger.open();
		acknowledges = new AcknowledgeBatches(ledger);
	});

	const accept = async (...ids: string[]): Promise<void> => {
		await Promise.all(ids.map((id) => ledger.accept(id)));
	};

	const names = (count: number): string[] => Array.from({length: count}, (_, index) => `id${index}`);

	interface Trace {
		/** Exchanges that carried ids. */
		readonly requests: (readonly string[])[];
		polls: number;
		readonly refused: string[];
		/** Failures in a row that were followed at once. */
		mostAtOnce: number;
	}

	/** Plays exchanges against a service until nothing waits, as the topic does. */
	const play = async (
		service: (ids: readonly string[]) => RetarusError | undefined,
		options: {canFetch?: boolean; rounds?: number} = {},
	): Promise<Trace> => {
		const trace: Trace = {requests: [], polls: 0, refused: [], mostAtOnce: 0};
		let atOnce = 0;
		for (let round = 0; acknowledges.isWaiting && round < (options.rounds ?? 500); round += 1) {
			const {ids, isAlone} = acknowledges.next(options.canFetch ?? true);
			const isPoll = (options.canFetch ?? true) && !isAlone;
			should(isPoll || ids.length > 0).be.true('an exchange without ids that fetches nothing');
			trace.polls += isPoll ? 1 : 0;
			if (ids.length > 0) {
				trace.requests.push(ids);
			}

			const error = service(ids);
			if (!error) {
				acknowledges.succeeded(ids);
				await Promise.all(ids.map((id) => ledger.confirm(id)));
				atOnce = 0;
				continue;
			}

			const verdict = acknowledges.failed(ids, error);
			atOnce = verdict.kind === 'tryAtOnce' ? atOnce + 1 : 0;
			trace.mostAtOnce = Math.max(trace.mostAtOnce, atOnce);
			if (verdict.kind === 'refused') {
				trace.refused.push(verdict.id);
				await ledger.refuse(verdict.id);
			}
		}

		return trace;
	};

	it('go all together, oldest first', async () => {
		should(acknowledges.isWaiting).be.false();
		await accept('a', 'b');
		await accept('c');
		should(acknowledges.isWaiting).be.true();
		should(acknowledges.next(true)).deepEqual({ids: ['a', 'b', 'c'], isAlone: false});
		should(acknowledges.next(false).ids).deepEqual(['a', 'b', 'c']);
	});

	it('stay until they are confirmed, whatever fails on the way', async () => {
		await accept('a');
		for (const error of [
			new NetworkError('connectionBroken', 'waiting', {}),
			new TimeoutError('noAnswer'),
			new AuthError('unauthorized', 'account'),
		]) {
			should(acknowledges.failed(['a'], error)).deepEqual({kind: 'innocent'});
			should(acknowledges.next(true).ids).deepEqual(['a']);
		}
	});

	it('are said again when a settled fax is listed once more, with the next exchange', async () => {
		acknowledges.repeat('old');
		should(acknowledges.isWaiting).be.false();
		should(acknowledges.next(true)).deepEqual({ids: ['old'], isAlone: false});
		await accept('a');
		acknowledges.repeat('a');
		should(acknowledges.next(true).ids).deepEqual(['a', 'old']);
		acknowledges.succeeded(['a', 'old']);
		await ledger.confirm('a');
		should(acknowledges.isWaiting).be.false();
		should(acknowledges.next(true).ids).be.empty();
	});

	it('make no URL longer than common servers take', async () => {
		const ids = Array.from({length: 300}, (_, index) => `K34A3QX3@J78AO6W.glaqsmucre101.ü${index}`);
		await accept(...ids);
		const {requests} = await play(() => undefined);
		should(requests.flat()).deepEqual(ids);
		for (const request of requests) {
			should(request.map((id) => encodedLength(id)).reduce((sum, length) => sum + length)).be.belowOrEqual(4096);
		}
	});

	it('let an id pass that is longer than the limit alone', async () => {
		await accept('ü'.repeat(256), 'b');
		acknowledges.failed(['x', 'y'], refused(414));
		acknowledges.failed(['x', 'y'], refused(414));
		acknowledges.failed(['x', 'y'], refused(414));
		should(acknowledges.next(true).ids).deepEqual(['ü'.repeat(256)]);
	});

	for (const status of [413, 414, 431]) {
		it(`learn to make shorter URLs from ${status}`, async () => {
			await accept(...names(300));
			const {
				requests,
				refused: lost,
				mostAtOnce,
			} = await play((ids) => (ids.join().length > 700 ? refused(status) : undefined));
			should(lost).be.empty();
			should(mostAtOnce).be.below(10);
			should(new Set(requests.flat()).size).equal(300);
		});
	}

	it('do not hammer a service that calls every URL too long', async () => {
		await accept(...names(100));
		const {mostAtOnce, refused: lost} = await play(() => refused(414), {rounds: 2000});
		should(mostAtOnce).be.below(20);
		should(lost).be.empty();
	});

	it('do not hammer a service that calls a group of suspects too long', async () => {
		await accept(...names(100));
		let isFirst = true;
		const {mostAtOnce} = await play(
			(ids) => {
				const error = ids.length === 0 ? undefined : refused(isFirst ? 400 : 431);
				isFirst = isFirst && ids.length === 0;
				return error;
			},
			{rounds: 2000},
		);
		should(mostAtOnce).be.below(20);
	});

	for (const error of [
		refused(400),
		new AuthError('forbidden', 'topic', {topic: 't'}),
		new TopicError('topicUnknown', {topic: 't'}),
		refused(409),
		refused(422),
	]) {
		it(`find the one id that is answered with "${error.message}", and let all others pass`, async () => {
			const ids = names(60);
			await accept(...ids);
			const trace = await play((sent) => (sent.includes('id37') ? error : undefined));
			should(trace.refused).deepEqual(['id37']);
			should([...ledger.unconfirmed]).be.empty();
			should(ids.filter((id) => ledger.settlement(id) === 'confirmed').length).equal(59);
			should(trace.requests.length).be.below(30);
			should(trace.polls).be.above(0, 'polling went on');
		});
	}

	it('find several poisoned ids, also without a poll', async () => {
		const poison = ['id0', 'id7', 'id8', 'id39'];
		await accept(...names(40));
		const trace = await play((sent) => (poison.some((id) => sent.includes(id)) ? refused(400) : undefined), {
			canFetch: false,
		});
		should(trace.refused.sort()).deepEqual(poison.sort());
	});

	it('refuse no id for good while nothing else works', async () => {
		await accept(...names(5));
		const trace = await play(() => refused(400), {rounds: 300});
		should(trace.refused).be.empty();
		should(ledger.unconfirmed.size).equal(5);
	});

	it('refuse no id for good when the topic is unknown to the service', async () => {
		await accept('a');
		const trace = await play(() => new TopicError('topicUnknown', {topic: 't'}), {canFetch: false, rounds: 50});
		should(trace.refused).be.empty();
	});

	it('refuse nothing for good because of a server error, but let the polls and the others pass', async () => {
		await accept(...names(20));
		const trace = await play((sent) => (sent.includes('id3') ? outage(500) : undefined), {rounds: 300});
		should(trace.refused).be.empty();
		should([...ledger.unconfirmed]).deepEqual(['id3']);
		should(trace.polls).be.above(50);
	});

	it('do not suspect the ids because of two server errors, or of a service that asks for patience', async () => {
		await accept('a', 'b');
		should(acknowledges.failed(['a', 'b'], outage())).deepEqual({kind: 'innocent'});
		should(acknowledges.failed(['a', 'b'], outage())).deepEqual({kind: 'innocent'});
		for (let time = 0; time < 5; time += 1) {
			should(acknowledges.failed(['a', 'b'], new ServiceError('serverError', 503, {}, 1000))).deepEqual({
				kind: 'innocent',
			});
		}

		should(acknowledges.next(true).ids).deepEqual(['a', 'b']);
	});

	it('recover from an outage of any length', async () => {
		await accept(...names(30));
		let left = 200;
		const trace = await play(() => (left-- > 0 ? outage() : undefined), {rounds: 400});
		should([...ledger.unconfirmed]).be.empty();
		should(trace.mostAtOnce).be.below(10);
	});

	it('blame a failed poll without ids on nobody', () => {
		should(acknowledges.failed([], refused(400))).deepEqual({kind: 'innocent'});
	});

	it('let others pass while a group waits', async () => {
		await accept('bad');
		const service = (ids: readonly string[]): RetarusError | undefined =>
			ids.includes('bad') ? outage(500) : undefined;
		await play(service, {rounds: 10});
		await accept('good');
		await play(service, {rounds: 4});
		should([...ledger.unconfirmed]).deepEqual(['bad']);
	});
});
