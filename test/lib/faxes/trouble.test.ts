import {EventEmitter} from 'node:events';
import should from 'should';
import {
	AuthError,
	NetworkError,
	ProtocolError,
	ServiceError,
	needsPerson,
	type RetarusError,
} from '../../../lib/errors';
import type {TopicEvents} from '../../../lib/faxes/events';
import {Trouble} from '../../../lib/faxes/trouble';
import {ManualClock} from '../../world/manual-clock';

const refused = new NetworkError('connectionRefused', 'connecting', {host: 'h'});
const expired = new NetworkError('certificateRefused', 'connecting', {host: 'h', detail: 'CERT_HAS_EXPIRED'});
const broken = new NetworkError('connectionBroken', 'waiting', {host: 'h', detail: 'ECONNRESET'});
const forbidden = new AuthError('forbidden', 'topic', {topic: 't'});

describe('Trouble', () => {
	let clock: ManualClock;
	let trouble: Trouble;
	/** What was reported. */
	let told: RetarusError[];
	let recoveries: (readonly [RetarusError, number])[];
	beforeEach(() => {
		clock = new ManualClock();
		told = [];
		recoveries = [];
		const events = new EventEmitter<TopicEvents>()
			.on('trouble', (error) => told.push(error))
			.on('recovery', (error, durationMs) => recoveries.push([error, durationMs]));
		trouble = new Trouble(events, clock);
	});

	it('is reported when it begins, not at every retry', () => {
		should(trouble.of('exchange')).be.undefined();
		for (const detail of ['ECONNRESET', 'EPIPE', 'ETIMEDOUT']) {
			trouble.is('exchange', new NetworkError('connectionBroken', 'waiting', {host: 'h', detail}));
		}

		should(told).match([{facts: {detail: 'ECONNRESET'}}]);
		should(told.length).equal(1);
	});

	it('shows the latest failure', () => {
		trouble.is('exchange', broken);
		trouble.is('exchange', forbidden);
		should(trouble.of('exchange')).equal(forbidden);
	});

	for (const [what, before, after] of [
		['code', broken, new ServiceError('serverError', 503)],
		['reason', new ProtocolError('notJson'), new ProtocolError('htmlAnswer')],
		['colour', refused, expired],
		['cause, from account to topic', new AuthError('unauthorized', 'account'), forbidden],
	] as const) {
		it(`is reported again when it changes its ${what}`, () => {
			trouble.is('exchange', before);
			trouble.is('exchange', after);
			trouble.is('exchange', after);
			should(told).deepEqual([before, after]);
		});
	}

	it('is red once a network that fails turns into a certificate that is refused', () => {
		should([needsPerson(refused), needsPerson(expired)]).deepEqual([false, true]);
		should(refused.code).equal(expired.code);
	});

	it('is over once, with the last error and how long it lasted, whatever it was meanwhile', () => {
		trouble.is('exchange', broken);
		clock.advance(40_000);
		trouble.is('exchange', forbidden);
		clock.advance(20_000);
		trouble.isOver('exchange');
		trouble.isOver('exchange');
		should(recoveries).deepEqual([[forbidden, 60_000]]);
		should(trouble.of('exchange')).be.undefined();
	});

	it('is reported again when it comes back', () => {
		trouble.is('exchange', broken);
		trouble.isOver('exchange');
		trouble.is('exchange', broken);
		should(told).deepEqual([broken, broken]);
	});

	it('is not over when there was none', () => {
		trouble.isOver('exchange');
		should(recoveries).be.empty();
	});

	it('is shown, and not reported, when those who wait for the outcome are told directly', () => {
		trouble.is('exchange', broken, true);
		trouble.is('exchange', broken);
		should(trouble.of('exchange')).equal(broken);
		should(told).be.empty();
		trouble.isOver('exchange');
		should(recoveries.length).equal(1);
	});

	it('has no end to report when nobody can tell any more whether it is over', () => {
		trouble.is('exchange', broken);
		trouble.forget('exchange');
		trouble.isOver('exchange');
		should([recoveries, trouble.of('exchange')]).deepEqual([[], undefined]);
		trouble.is('exchange', broken);
		should(told.length).equal(2);
	});

	it('is one condition for each source', () => {
		trouble.is('exchange', broken);
		trouble.is('documents', broken);
		trouble.is('entries', new ProtocolError('entryMalformed', {topic: 't', count: 1}));
		should(told.length).equal(3);
		trouble.isOver('documents');
		should([trouble.of('exchange'), trouble.of('documents')]).deepEqual([broken, undefined]);
		should(recoveries.length).equal(1);
	});
});
