import should from 'should';
import {pdf, type ExchangeRequest, type Fate} from '../../world/fake-retarus';
import {endOf, minute, Receiving} from '../../world/receiving';
import {watch} from '../../world/turns';

const hour = 60 * minute;

describe('The deletion after seven days', () => {
	let receiving: Receiving;
	let receivedAt: string;
	beforeEach(() => {
		receiving = new Receiving();
		receivedAt = new Date(receiving.clock.now().wallMs).toISOString();
		receiving.retarus.addFax('a', {'a.pdf': pdf});
		receiving.retarus.fate = listing;
	});
	afterEach(() => endOf(receiving));

	/** The service tells when it received the fax. */
	const listing = (request: {readonly kind: string} | ExchangeRequest): Fate => {
		const isTold = request.kind === 'exchange' && !receiving.retarus.acknowledged.includes('a');
		return isTold
			? {
					status: 200,
					body: JSON.stringify({results: [{id: 'a', DateReceived: receivedAt, documents: [{url: 'x/a.pdf'}]}]}),
				}
			: undefined;
	};
	const told = (): number[] =>
		receiving.notices.flatMap((notice) => (notice.kind === 'deletionNear' ? [notice.hours] : []));

	it('is announced during a long outage, too, for what was listed before', async () => {
		await receiving.receive({pollIntervalMs: hour});
		await receiving.pass(5 * 24 * hour - 20 * minute);
		receiving.retarus.fate = () => ({status: 503, headers: {'retry-after': '3600'}});
		await receiving.pass(19 * minute);
		should(told()).be.empty();
		await receiving.pass(hour);
		should(told()).deepEqual([48]);
		await receiving.pass(3 * 24 * hour);
		should(told()).deepEqual([48, 24]);
	});

	it('is announced when it is due while the flow holds all it may and nothing is asked', async () => {
		await receiving.receive({maxInFlight: 1, processingTimeoutMs: 30 * 24 * hour, lockTimeoutMs: 30 * 24 * hour});
		const asked = receiving.retarus.exchanges.length;
		await receiving.pass(5 * 24 * hour);
		should(told()).deepEqual([48]);
		await receiving.pass(24 * hour);
		should(told()).deepEqual([48, 24]);
		should(receiving.retarus.exchanges.length).equal(asked);
	});

	it('is not announced for a fax that others may have acknowledged long ago', async () => {
		await receiving.receive({pollIntervalMs: hour, processingTimeoutMs: minute, lockTimeoutMs: minute});
		receiving.retarus.fate = (request) =>
			request.kind === 'exchange' ? {status: 200, body: '{"results":[]}'} : undefined;
		await receiving.pass(8 * 24 * hour);
		should(told()).be.empty();
	});

	it('is not announced for a fax that is acknowledged', async () => {
		await receiving.receive({pollIntervalMs: hour});
		const acknowledged = watch(receiving.topic.acknowledge({id: 'a', delivery: 1}));
		receiving.retarus.fate = () => ({status: 503, headers: {'retry-after': '3600'}});
		await receiving.pass(8 * 24 * hour);
		should([acknowledged.state, told()]).deepEqual(['pending', []]);
		should(receiving.topic.status).match({oldestFaxMs: undefined, nextDeletionMs: undefined});
	});
});
