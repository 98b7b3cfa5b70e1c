import should from 'should';
import {
	AuthError,
	ConfigError,
	errorCode,
	NetworkError,
	needsPerson,
	ProtocolError,
	RateLimitError,
	ServiceError,
	TimeoutError,
	toRetarusError,
	TopicError,
	type RetarusError,
} from '../../lib/errors';

describe('An error', () => {
	it('asks to wait, stops and speaks for somebody only where it says so', () => {
		const plain: readonly RetarusError[] = [
			new TopicError('topicUnknown', {topic: 't'}),
			new TimeoutError('silent', {seconds: 1}),
			new NetworkError('connectionBroken', 'waiting', {}),
			new ServiceError('serverError', 500),
		];
		for (const {retryAfterMs, scope, speaker} of plain) {
			should({retryAfterMs, scope, speaker}).deepEqual({retryAfterMs: 0, scope: 'topic', speaker: 'unknown'});
		}

		should(new ServiceError('serverError', 503, {}, 5000, {speaker: 'service'})).match({
			retryAfterMs: 5000,
			speaker: 'service',
		});
		should(new AuthError('unauthorized', 'account', {}, {retryAfterMs: 1})).match({scope: 'account', retryAfterMs: 1});
		should(new RateLimitError(7000)).match({scope: 'account', retryAfterMs: 7000, facts: {seconds: 7}});
	});

	it('needs a person when repeating cannot mend it', () => {
		const lasting: readonly RetarusError[] = [
			new ConfigError('proxyVariableInvalid', {variable: 'HTTPS_PROXY'}),
			new NetworkError('proxyUnauthorized', 'connecting', {}),
			new NetworkError('proxyForbidden', 'connecting', {}),
			new NetworkError('certificateExpired', 'connecting', {}),
			new NetworkError('clientCertificateWanted', 'waiting', {}),
			new ProtocolError('headersTooLarge'),
		];
		should(lasting.filter((error) => !needsPerson(error))).be.empty();
		const passing: readonly RetarusError[] = [
			new NetworkError('tlsFailed', 'connecting', {}),
			new NetworkError('proxyFailed', 'connecting', {}),
			new NetworkError('proxyUnreachable', 'connecting', {}),
			new NetworkError('unforeseen', 'waiting', {}),
			new ProtocolError('notJson'),
			new RateLimitError(0),
		];
		should(passing.filter((error) => needsPerson(error))).be.empty();
	});
});

describe('Anything thrown', () => {
	const cases: readonly (readonly [unknown, string])[] = [
		[new TypeError('x is not a function'), 'TypeError'],
		[Object.assign(new Error('no'), {code: 'ERR_INVALID_URL'}), 'ERR_INVALID_URL'],
		[new Error('outer', {cause: Object.assign(new Error('inner'), {code: 'ENOSPC'})}), 'ENOSPC'],
		[new Error('outer', {cause: new RangeError('inner')}), 'RangeError'],
		['a text', 'unknown'],
		[undefined, 'unknown'],
	];
	for (const [thrown, code] of cases) {
		it(`becomes an error that names ${code}, and not that there is nothing to do`, () => {
			const error = toRetarusError(thrown);
			should(error).match({code: 'RETARUS_NETWORK', reason: 'unforeseen', facts: {detail: code}});
			should(error.message).containEql(code).and.not.containEql('nothing to do');
			should(errorCode(thrown)).equal(code);
		});
	}

	it('stays what it is when it is one of ours', () => {
		const error = new TimeoutError('silent', {seconds: 1});
		should(toRetarusError(error)).equal(error);
	});
});
