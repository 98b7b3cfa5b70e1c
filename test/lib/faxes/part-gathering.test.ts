import should from 'should';
import {GuardError, NotAFaxError, TimeoutError} from '../../../lib/errors';
import {PartGathering} from '../../../lib/faxes/part-gathering';
import {ManualClock} from '../../world/manual-clock';
import {rejection, turns, watch} from '../../world/turns';

describe('The parts of a fax', () => {
	let clock: ManualClock;
	let parts: PartGathering;
	const fax = {id: 'a', topic: 't', delivery: 1};
	beforeEach(() => {
		clock = new ManualClock();
		parts = new PartGathering(clock);
	});

	const gather = (index: number, count = 3, of: {id: string; topic: string; delivery: number | undefined} = fax) =>
		watch(parts.gather(of, {index, count}));

	it('are held until the last one is there, in any order', async () => {
		const first = gather(2);
		const second = gather(0);
		await turns();
		should([first.state, second.state]).deepEqual(['pending', 'pending']);
		const last = gather(1);
		await turns();
		should([first.state, second.state, last.state]).deepEqual(['resolved', 'resolved', 'resolved']);
		should(clock.pending).equal(0);
	});

	it('count once each, however often they come', async () => {
		const outcomes = [gather(0), gather(0), gather(1), gather(1)];
		await turns();
		should(outcomes.map(({state}) => state)).deepEqual(['pending', 'pending', 'pending', 'pending']);
		gather(2);
		await turns();
		should(outcomes.map(({state}) => state)).deepEqual(['resolved', 'resolved', 'resolved', 'resolved']);
	});

	it('belong to one delivery of one fax', async () => {
		const others = [
			gather(0, 2),
			gather(1, 2, {...fax, delivery: 2}),
			gather(1, 2, {...fax, delivery: undefined}),
			gather(1, 2, {...fax, id: 'b'}),
			gather(1, 2, {...fax, id: '1,a'}),
		];
		await turns();
		should(others.map(({state}) => state)).deepEqual(others.map(() => 'pending'));
	});

	it('are complete when there is only one', async () => {
		await parts.gather(fax, {index: 0, count: 1});
		should(clock.pending).equal(0);
	});

	it('are refused when they disagree about their number', async () => {
		const first = gather(0);
		should(await rejection(parts.gather(fax, {index: 1, count: 2}))).be.instanceof(NotAFaxError);
		gather(1);
		gather(2);
		await turns();
		should(first.state).equal('resolved');
	});

	it('are told why when their delivery fails', async () => {
		const first = gather(0);
		const error = new GuardError('wasGivenBack', {id: 'a', topic: 't'});
		parts.fail('a', 2, error);
		await turns();
		should(first.state).equal('pending');
		parts.fail('a', 1, error);
		await turns();
		should(first).match({state: 'rejected', error});
		should(clock.pending).equal(0);
	});

	it('are held for an hour where another Node-RED delivered, and no longer', async () => {
		const first = gather(0);
		clock.advance(3_599_999);
		await turns();
		should(first.state).equal('pending');
		clock.advance(1);
		await turns();
		should(first.error).be.instanceof(TimeoutError);
		should(first.error).match({reason: 'partsMissing', facts: {id: 'a', topic: 't'}});
	});

	it('are held for as long as the delivery that this Node-RED made', async () => {
		const first = watch(parts.gather(fax, {index: 0, count: 2}, true));
		should(clock.pending).equal(0);
		clock.advance(24 * 3_600_000);
		await turns();
		should(first.state).equal('pending');
	});

	it('are all let go when the fax was acknowledged in another way', async () => {
		const outcomes = [gather(0), gather(1), watch(parts.gather({...fax, delivery: 2}, {index: 0, count: 2}))];
		parts.complete('a', 1);
		await turns();
		should(outcomes.map(({state}) => state)).deepEqual(['resolved', 'resolved', 'pending']);
		should(clock.pending).equal(1);
	});

	it('are all settled when the flows are stopped, and leave no timer', async () => {
		const outcomes = [
			gather(0),
			gather(1),
			gather(0, 2, {...fax, id: 'b'}),
			watch(parts.gather({...fax, delivery: 2}, {index: 0, count: 2}, true)),
		];
		parts.clear();
		await turns();
		should(outcomes.map(({state}) => state)).deepEqual(outcomes.map(() => 'rejected'));
		for (const {error} of outcomes) {
			should(error).match({reason: 'partsMissing'});
		}

		should(clock.pending).equal(0);
	});

	it('are gathered anew after their delivery has ended', async () => {
		gather(0, 2);
		parts.clear();
		const second = gather(1, 2);
		await turns();
		should(second.state).equal('pending');
		gather(0, 2);
		await turns();
		should(second.state).equal('resolved');
	});
});
