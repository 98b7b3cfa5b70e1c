import should from 'should';
import {AuthError, NetworkError, RateLimitError, ServiceError, TopicError} from '../../../lib/errors';
import {Gate} from '../../../lib/pacing/gate';
import {ManualClock} from '../../world/manual-clock';

const day = 86_400_000;
const broken = new NetworkError('connectionBroken', 'waiting', {host: 'h', detail: 'x'});
const refused = new NetworkError('connectionRefused', 'connecting', {host: 'h'});
const expired = new NetworkError('certificateRefused', 'connecting', {host: 'h', detail: 'CERT_HAS_EXPIRED'});
const unauthorized = new AuthError('unauthorized', 'account');
const forbidden = new AuthError('forbidden', 'topic', {topic: 't'});

describe('A gate', () => {
	let clock: ManualClock;
	let gate: Gate;
	beforeEach(() => {
		clock = new ManualClock();
		gate = new Gate(clock, () => 0.5);
	});

	const remainingMs = (laterMs = 0): number => gate.remainingMs(clock.now(), laterMs);

	it('is open at first', () => {
		should([remainingMs(), remainingMs(1000)]).deepEqual([0, 0]);
		should([gate.error, gate.failedAt]).deepEqual([undefined, undefined]);
	});

	it('backs off for longer with each failure in a row', () => {
		for (const expected of [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
			gate.fail(broken);
			should(remainingMs()).equal(expected);
		}
	});

	it('forgets its failures when something goes through', () => {
		gate.fail(broken);
		gate.fail(broken);
		gate.open();
		should([remainingMs(), gate.error]).deepEqual([0, undefined]);
		gate.fail(broken);
		should(remainingMs()).equal(500);
	});

	it('probes a condition that needs a person slowly, and slower each time', () => {
		for (const expected of [30_000, 60_000, 120_000, 240_000, 480_000, 900_000, 900_000]) {
			gate.fail(unauthorized);
			should(remainingMs()).equal(expected);
		}
	});

	it('stays shut at least as long as the service asks', () => {
		gate.fail(new RateLimitError(90_000), 90_000);
		should(remainingMs()).equal(90_000);
		gate.fail(unauthorized, 3_600_000);
		should(remainingMs()).equal(3_600_000);
	});

	it('keeps counting while transient errors take turns during one outage', () => {
		gate.fail(broken);
		gate.fail(refused);
		gate.fail(new ServiceError('serverError', 503));
		should(remainingMs()).equal(2000);
	});

	it('counts from zero when trouble that needs a person follows an outage', () => {
		for (let time = 0; time < 10; time += 1) {
			gate.fail(refused);
		}

		gate.fail(expired);
		should(remainingMs()).equal(30_000);
	});

	it('counts from zero when another condition needs a person', () => {
		gate.fail(unauthorized);
		gate.fail(unauthorized);
		gate.fail(forbidden);
		should(remainingMs()).equal(30_000);
		gate.fail(new TopicError('topicUnknown', {topic: 't'}));
		should(remainingMs()).equal(30_000);
		gate.fail(broken);
		should(remainingMs()).equal(500);
	});

	it('keeps its error when the pause is over, until something goes through', () => {
		gate.fail(broken);
		clock.advance(500);
		should(remainingMs()).equal(0);
		should(gate.error).equal(broken);
		gate.open();
		should(gate.error).be.undefined();
	});

	it('knows when it failed last, whatever was held or let through since', () => {
		gate.fail(broken);
		clock.advance(1000);
		gate.fail(refused);
		const failedAt = clock.now();
		clock.advance(1000);
		gate.hold(30_000);
		gate.letOne();
		should([gate.error, gate.failedAt]).deepEqual([refused, failedAt]);
	});

	it('counts the time asleep, and no jump back of the wall clock', () => {
		gate.fail(unauthorized);
		clock.jumpWall(-day);
		clock.advance(10_000);
		should(remainingMs()).equal(20_000);
		clock.sleepMachine(day + 20_000);
		should(remainingMs()).equal(0);
	});

	it('opens later for those who let others go first', () => {
		gate.fail(unauthorized);
		clock.advance(30_000);
		should([remainingMs(), remainingMs(250)]).deepEqual([0, 250]);
	});

	it('makes the others wait for the request that finds out, with the old error', () => {
		gate.fail(unauthorized);
		clock.advance(30_000);
		gate.hold(20_000);
		should(remainingMs()).equal(20_000);
		should(gate.error).equal(unauthorized);
	});

	it('holds nobody up while it is open', () => {
		gate.hold(30_000);
		should(remainingMs()).equal(0);
	});

	it('lets one request go without forgetting how often it failed', () => {
		gate.fail(unauthorized);
		gate.letOne();
		should(remainingMs()).equal(0);
		should(gate.error).equal(unauthorized);
		gate.fail(unauthorized);
		should(remainingMs()).equal(60_000);
	});

	it('stays open when one request is let go', () => {
		gate.letOne();
		should([remainingMs(), gate.error]).deepEqual([0, undefined]);
	});
});
