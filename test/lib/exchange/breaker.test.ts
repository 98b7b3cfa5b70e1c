import {EventEmitter} from 'node:events';
import should from 'should';
import {Breaker} from '../../../lib/exchange/breaker';
import {
	AuthError,
	NetworkError,
	RateLimitError,
	ServiceError,
	TopicError,
	type RetarusError,
} from '../../../lib/errors';
import {JournalLedger} from '../../../lib/ledger/journal-ledger';
import {TopicMemory} from '../../../lib/faxes/memory';
import {Gate} from '../../../lib/pacing/gate';
import {RetarusClient} from '../../../lib/retarus/client';
import type {TopicContext} from '../../../lib/faxes/context';
import {testEnvironment, type TestEnvironment} from '../../world/environment';
import {FakeRetarus} from '../../world/fake-retarus';

describe('The breaker', () => {
	let environment: TestEnvironment;
	let accountGate: Gate;
	let wakes: number;
	let one: Breaker;
	let other: Breaker;
	beforeEach(() => {
		environment = testEnvironment();
		accountGate = new Gate(environment.clock, environment.random);
		wakes = 0;
		[one, other] = [breaker('one'), breaker('other')];
	});

	const breaker = (name: string): Breaker => {
		const service = new RetarusClient({
			transport: new FakeRetarus(environment.clock),
			clock: environment.clock,
			basePath: '',
			customerNumber: '1',
			password: '2',
			requestTimeoutMs: 30_000,
		});
		const context: TopicContext = {
			name,
			environment,
			ledger: new JournalLedger(name, '/x', environment, true),
			folderPath: '/',
			memory: new TopicMemory(environment.clock),
			events: new EventEmitter(),
			isTrial: false,
			connection: () => ({client: service, gate: accountGate}),
			wake: () => undefined,
			wakeAll: () => {
				wakes += 1;
			},
		};
		return new Breaker(context);
	};

	const cases: readonly (readonly [string, RetarusError, number, number])[] = [
		['401 stops the account, slowly', new AuthError('unauthorized', 'account'), 30_000, 30_000],
		['403 stops the topic, slowly', new AuthError('forbidden', 'topic'), 30_000, 0],
		['404 stops the topic, slowly', new TopicError('topicUnknown'), 30_000, 0],
		['a certificate stops the topic, slowly', new NetworkError('certificateRefused', 'connecting', {}), 30_000, 0],
		['429 stops the account', new RateLimitError(0), 500, 500],
		['429 stops the account for as long as it is asked', new RateLimitError(90_000), 90_000, 90_000],
		['503 with Retry-After stops the account for as long', new ServiceError('serverError', 503, {}, 7000), 7000, 7000],
		['503 stops the topic for a moment', new ServiceError('serverError', 503), 500, 0],
		['a broken connection stops the topic for a moment', new NetworkError('connectionBroken', 'waiting', {}), 500, 0],
	];
	for (const [name, error, oneMs, otherMs] of cases) {
		it(name, () => {
			one.failed(error);
			should([one.remainingMs, other.remainingMs]).deepEqual([oneMs, otherMs]);
			should(one.error).equal(error);
			should(other.error).equal(otherMs > 0 ? error : undefined);
			should(wakes).equal(otherMs > 0 ? 1 : 0, 'the other topics are told');
			one.succeeded();
			should([one.remainingMs, other.remainingMs, one.error, other.error]).deepEqual([0, 0, undefined, undefined]);
		});
	}

	it('lets one topic find out for all, while the others wait', () => {
		one.failed(new AuthError('unauthorized', 'account'));
		environment.clock.advance(30_000);
		should([one.remainingMs, other.remainingMs]).deepEqual([0, 0]);
		one.started();
		should(other.remainingMs).equal(30_000);
		one.succeeded();
		should(other.remainingMs).equal(0);
		should(wakes).equal(2);
	});

	it('holds nobody up while everything works', () => {
		one.started();
		should(other.remainingMs).equal(0);
		one.succeeded();
		should(wakes).equal(0);
	});

	it('steps aside for somebody who insists, unless the account is stopped', () => {
		one.failed(new TopicError('topicUnknown'));
		one.insist();
		should(one.remainingMs).equal(0);
		const error = new AuthError('unauthorized', 'account');
		one.failed(error);
		should(() => {
			other.insist();
		}).throw(error);
		environment.clock.advance(30_000);
		other.insist();
	});

	it('waits as long as it is told', () => {
		one.failed(new NetworkError('connectionBroken', 'waiting', {}), 10_000);
		should(one.remainingMs).equal(10_000);
	});
});
