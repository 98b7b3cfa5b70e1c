import should from 'should';
import {PollRound} from '../../../lib/exchange/poll-round';
import {ManualClock} from '../../world/manual-clock';
import {turns, watch} from '../../world/turns';

const idsOf = (count: number, first = 0): readonly string[] =>
	Array.from({length: count}, (_, index) => `fax ${first + index}`);

describe('A round', () => {
	let clock: ManualClock;
	let round: PollRound;
	beforeEach(() => {
		clock = new ManualClock();
		round = new PollRound(clock);
	});

	it('is due at once at first', () => {
		should(round.remainingMs).equal(0);
		should(round.isRunning).be.false();
	});

	it('ends with an answer of fewer faxes than asked for, and the next is due after the interval', () => {
		round.start();
		round.answered({asked: 4, listed: 3, held: [], settled: 0}, 30_000);
		should(round.isRunning).be.false();
		clock.advance(29_999);
		should(round.remainingMs).equal(1);
		clock.advance(1);
		should(round.remainingMs).equal(0);
	});

	it('counts the time asleep towards the interval', () => {
		round.end(30_000);
		clock.sleepMachine(30_000);
		should(round.remainingMs).equal(0);
	});

	it('does not wait longer because the wall clock was set back', () => {
		round.end(30_000);
		clock.jumpWall(-3_600_000);
		clock.advance(30_000);
		should(round.remainingMs).equal(0);
	});

	const answers: readonly (readonly [
		string,
		{asked: number; listed: number; held: number; settled?: number},
		{isRunning: boolean; held: number},
	])[] = [
		['goes on after a full answer', {asked: 4, listed: 4, held: 0, settled: 0}, {isRunning: true, held: 0}],
		['goes on after a full answer with some held', {asked: 4, listed: 4, held: 3}, {isRunning: true, held: 0}],
		['asks for that many more after nothing but held ones', {asked: 4, listed: 4, held: 4}, {isRunning: true, held: 4}],
		[
			'adds up nothing: the held ones of the next answer count',
			{asked: 8, listed: 8, held: 8},
			{isRunning: true, held: 8},
		],
		['ends when there is no more to ask for', {asked: 1000, listed: 1000, held: 1000}, {isRunning: false, held: 0}],
		['goes on with 1000 new ones', {asked: 1000, listed: 1000, held: 999}, {isRunning: true, held: 0}],
		['goes on with more than asked for', {asked: 4, listed: 9, held: 0, settled: 0}, {isRunning: true, held: 0}],
		[
			'goes on when all it lists is held, for that may hide others',
			{asked: 10, listed: 3, held: 3},
			{isRunning: true, held: 3},
		],
		['ends when all it lists is done with', {asked: 10, listed: 3, held: 0, settled: 3}, {isRunning: false, held: 0}],
		['ends with nothing', {asked: 4, listed: 0, held: 0, settled: 0}, {isRunning: false, held: 0}],
	];
	for (const [name, answer, expected] of answers) {
		it(name, () => {
			round.start();
			round.answered({settled: 0, ...answer, held: idsOf(answer.held)}, 1000);
			should({isRunning: round.isRunning, held: round.held}).deepEqual(expected);
		});
	}

	it('ends when the same held ones come once more', () => {
		round.start();
		round.answered({asked: 10, listed: 3, held: idsOf(3), settled: 0}, 1000);
		round.answered({asked: 13, listed: 3, held: idsOf(3), settled: 0}, 1000);
		should(round.isRunning).be.false();
	});

	it('goes on past one answer of held ones after the other, as long as each has some that were not listed before', () => {
		round.start();
		for (const first of [0, 5, 10]) {
			round.answered({asked: 15, listed: 5, held: idsOf(5, first), settled: 0}, 1000);
			should(round.isRunning).be.true();
		}

		round.answered({asked: 15, listed: 5, held: idsOf(5, 5), settled: 0}, 1000);
		should(round.isRunning).be.false();
	});

	it('begins with a full answer to a poll that only rode along', () => {
		round.end(30_000);
		round.answered({asked: 4, listed: 4, held: [], settled: 0}, 30_000);
		should(round.isRunning).be.true();
	});

	it('tells everybody who asked for it when it ends', async () => {
		const first = watch(round.request());
		const second = watch(round.request());
		should(round.isRequested).be.true();
		round.answered({asked: 4, listed: 4, held: [], settled: 0}, 0);
		await turns(1);
		should([first.state, second.state]).deepEqual(['pending', 'pending']);
		round.answered({asked: 4, listed: 0, held: [], settled: 0}, 0);
		await turns(1);
		should([first.state, second.state]).deepEqual(['resolved', 'resolved']);
		should(round.isRequested).be.false();
	});

	it('tells everybody who asked for it why it failed, and is due again', async () => {
		const asked = watch(round.request());
		const error = new Error('no');
		round.fail(error);
		await turns(1);
		should(asked).match({state: 'rejected', error});
		should([round.isRunning, round.remainingMs, round.isRequested]).deepEqual([false, 0, false]);
	});
});
