import should from 'should';
import {GuardError, NotAFaxError, StateError, TimeoutError} from '../../../lib/errors';
import {endOf, minute, Receiving} from '../../world/receiving';
import {rejection, turns, watch} from '../../world/turns';

describe('An acknowledgement', () => {
	let receiving: Receiving;
	beforeEach(() => {
		receiving = new Receiving();
	});
	afterEach(() => endOf(receiving));

	const appends = (): number => receiving.files.calls.filter((call) => call === 'append').length;
	const givenBack = {reason: 'givenBack', facts: {id: 'a', topic: 't', delivery: 1}};

	it('writes and sends nothing when the fax was confirmed before', async () => {
		await Promise.all([receiving.topic.acknowledge({id: 'a'}), receiving.pass(1000)]);
		const before = [appends(), receiving.retarus.exchanges.length];
		await receiving.topic.acknowledge({id: 'a', delivery: 1});
		await receiving.pass(minute);
		should([appends(), receiving.retarus.exchanges.length]).deepEqual(before);
	});

	it('only waits along when the disk has it already', async () => {
		receiving.retarus.fate = () => 'lost';
		const first = watch(receiving.topic.acknowledge({id: 'a'}));
		await receiving.pass(1000);
		const before = appends();
		const second = watch(receiving.topic.acknowledge({id: 'a'}));
		await turns();
		should([appends(), first.state, second.state]).deepEqual([before, 'pending', 'pending']);
		receiving.retarus.fate = () => undefined;
		await receiving.pass(minute);
		should([first.state, second.state]).deepEqual(['resolved', 'resolved']);
	});

	it('is one decision when two messages ask for it at once: written once, reported once, awaited by both', async () => {
		receiving.retarus.add('a');
		await receiving.receive();
		receiving.retarus.fate = () => 'unreachable';
		const before = appends();
		const both = [
			watch(receiving.topic.acknowledge({id: 'a', delivery: 1})),
			watch(receiving.topic.acknowledge({id: 'a', delivery: 1})),
		];
		await turns();
		should(appends()).equal(before + 1);
		receiving.retarus.fate = () => undefined;
		await receiving.pass(minute);
		should(both.map(({state}) => state)).deepEqual(['resolved', 'resolved']);
		should(receiving.steps.filter((step) => step === 'accepted a').length).equal(1);
	});

	it('succeeds when the service confirms an id after all that it once refused', async () => {
		receiving.retarus.add('a');
		await receiving.receive({lockTimeoutMs: minute});
		receiving.retarus.fate = (request) =>
			request.kind === 'exchange' && request.ids.length > 0 ? {status: 400} : undefined;
		const refused = watch(receiving.topic.acknowledge({id: 'a', delivery: 1}));
		await receiving.pass(40 * minute);
		should(refused).match({state: 'rejected', error: {reason: 'idRefused'}});
		// Listed again, it is acknowledged again. The flow insists while the confirmation is being written.
		let release = (): void => undefined;
		receiving.retarus.fate = (request) => {
			if (request.kind === 'exchange' && request.ids.includes('a')) {
				release = receiving.files.holdAppends();
			}

			return undefined;
		};
		await receiving.pass(20 * minute);
		should(receiving.retarus.acknowledged).deepEqual(['a']);
		const insisting = watch(receiving.topic.acknowledge({id: 'a', delivery: 1}));
		await turns();
		release();
		await receiving.pass(1000);
		should(insisting.state).equal('resolved');
	});

	describe('that the disk refuses', () => {
		it('fails with the reason and its cause', async () => {
			await receiving.receive();
			receiving.files.faults.freeBytes = 0;
			const refusal = await rejection(receiving.topic.acknowledge({id: 'a'}));
			should(refusal).be.instanceof(StateError);
			should(refusal).match({
				reason: 'notDurable',
				facts: {folder: '/state', detail: 'ENOSPC'},
				cause: {code: 'ENOSPC'},
			});
			receiving.files.mend();
		});

		it('fails all the same when the system names no reason', async () => {
			await receiving.receive();
			await receiving.account.close();
			should(await rejection(receiving.topic.acknowledge({id: 'a'}))).match({
				reason: 'notDurable',
				facts: {detail: 'unknown'},
			});
		});

		it('leaves the fax with the flow, whose time goes on', async () => {
			receiving.retarus.add('a');
			await receiving.receive({processingTimeoutMs: 5 * minute});
			receiving.files.faults.freeBytes = 0;
			await rejection(receiving.topic.acknowledge({id: 'a', delivery: 1}));
			receiving.files.mend();
			await receiving.pass(5 * minute);
			should(receiving.failures).match([[{id: 'a'}, {reason: 'overdue'}]]);
		});
	});

	describe('of a delivery that was given back', () => {
		it('is refused with fax, topic and number, by every way to ask for it', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			await receiving.topic.giveBack({id: 'a', delivery: 1});
			for (const asked of [
				receiving.topic.acknowledge({id: 'a', delivery: 1}),
				receiving.topic.checkAcknowledge({id: 'a', delivery: 1}),
				receiving.topic.gather({id: 'a', delivery: 1}, {index: 0, count: 2}),
			]) {
				const refusal = await rejection(asked);
				should(refusal).be.instanceof(GuardError);
				should(refusal).match(givenBack);
			}

			await receiving.topic.checkAcknowledge({id: 'a', delivery: 2});
			await receiving.topic.checkAcknowledge({id: 'a'});
		});

		it('is refused even if the give-back could not be written, and accepted for another delivery', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			receiving.files.faults.freeBytes = 0;
			await receiving.topic.giveBack({id: 'a', delivery: 1});
			await turns();
			receiving.files.mend();
			should(await rejection(receiving.topic.checkAcknowledge({id: 'a', delivery: 1}))).match(givenBack);
			await receiving.topic.checkAcknowledge({id: 'a', delivery: 2});
		});
	});

	describe('in parts', () => {
		const part = (index: number, delivery = 1) => watch(receiving.topic.gather({id: 'a', delivery}, {index, count: 2}));

		it('waits for the last part', async () => {
			receiving.retarus.add('a');
			await receiving.receive();
			const first = part(0);
			await turns();
			should(first.state).equal('pending');
			await receiving.topic.gather({id: 'a', delivery: 1}, {index: 1, count: 2});
			await turns();
			should(first.state).equal('resolved');
		});

		it('is refused when its delivery is given back, or overdue', async () => {
			receiving.retarus.add('a');
			await receiving.receive({processingTimeoutMs: minute, lockTimeoutMs: minute});
			const first = part(0);
			await turns();
			await receiving.topic.giveBack({id: 'a', delivery: 1});
			await receiving.pass(2 * minute - 1);
			should(first.error).be.instanceof(GuardError);
			should(receiving.deliveries).deepEqual(['a 1', 'a 2']);
			const second = part(0, 2);
			await receiving.pass(minute);
			should(second.error).be.instanceof(TimeoutError);
			should(second.error).match({reason: 'overdue'});
		});

		it('waits as long as the flow may work, and an hour where another Node-RED delivered', async () => {
			receiving.retarus.add('a');
			await receiving.receive({processingTimeoutMs: 120 * minute, lockTimeoutMs: 240 * minute});
			const ours = part(0);
			const elsewhere = watch(receiving.topic.gather({id: 'elsewhere', delivery: 1}, {index: 0, count: 2}));
			await receiving.pass(60 * minute);
			should(ours.state).equal('pending');
			should(elsewhere.error).be.instanceof(TimeoutError);
			should(elsewhere.error).match({reason: 'partsMissing', facts: {id: 'elsewhere', topic: 't'}});
		});

		it('waits for no part once the fax is acknowledged', async () => {
			await Promise.all([receiving.topic.acknowledge({id: 'a'}), receiving.pass(1000)]);
			await receiving.topic.gather({id: 'a', delivery: 1}, {index: 0, count: 2});
		});

		it('is refused when the parts disagree about their number', async () => {
			const first = part(0);
			await turns();
			should(await rejection(receiving.topic.gather({id: 'a', delivery: 1}, {index: 1, count: 3}))).be.instanceof(
				NotAFaxError,
			);
			await receiving.topic.gather({id: 'a', delivery: 1}, {index: 1, count: 2});
			await turns();
			should(first.state).equal('resolved');
		});
	});
});

describe('A fax', () => {
	it('is handed over only by the delivery that is out', async () => {
		const receiving = new Receiving();
		receiving.retarus.add('a', 'b');
		await receiving.receive();
		should(await receiving.topic.handOver({id: 'unknown'})).be.false();
		should(await receiving.topic.handOver({id: 'a', delivery: 2})).be.false();
		should(receiving.topic.status.inFlight).equal(2);
		should(await receiving.topic.handOver({id: 'a', delivery: 1})).be.true();
		should(await receiving.topic.handOver({id: 'b'})).be.true();
		should(receiving.topic.status.inFlight).equal(0);
		await endOf(receiving);
	});
});
