import should from 'should';
import {PollRound, type PollAnswer, type RoundState} from '../../../lib/exchange/poll-round';
import {ManualClock} from '../../world/manual-clock';
import {turns, watch} from '../../world/turns';

const idsOf = (count: number, first = 0): readonly string[] =>
	Array.from({length: count}, (_, index) => `fax ${first + index}`);

/** An answer to a poll for four faxes, of none. */
const nothing: PollAnswer = {asked: 4, listed: 0, malformed: 0, held: [], settled: 0};

describe('A round', () => {
	let clock: ManualClock;
	let round: PollRound;
	beforeEach(() => {
		clock = new ManualClock();
		round = new PollRound(clock);
	});

	const read = (): RoundState => round.read(clock.now());
	const remainingMs = (): number => read().remainingMs;
	const answer = (change: Partial<PollAnswer>, delayMs = 30_000): void => {
		round.answered({...nothing, ...change}, delayMs);
	};

	it('is due at once at first', () => {
		should([remainingMs(), round.isRunning]).deepEqual([0, false]);
	});

	it('ends with an answer of fewer faxes than asked for, and the next is due after the interval', () => {
		round.start();
		answer({listed: 3});
		should(round.isRunning).be.false();
		clock.advance(29_999);
		should(remainingMs()).equal(1);
		clock.advance(1);
		should(remainingMs()).equal(0);
	});

	it('counts the time asleep towards the interval', () => {
		round.end(30_000);
		clock.sleepMachine(30_000);
		should(remainingMs()).equal(0);
	});

	it('does not wait longer because the wall clock was set back', () => {
		round.end(30_000);
		clock.jumpWall(-3_600_000);
		clock.advance(30_000);
		should(remainingMs()).equal(0);
	});

	const answers: readonly (readonly [
		string,
		Partial<Omit<PollAnswer, 'held'>> & {held?: number},
		{isRunning: boolean; held: number},
	])[] = [
		['goes on after a full answer', {listed: 4}, {isRunning: true, held: 0}],
		['goes on after a full answer with some held', {listed: 4, held: 3}, {isRunning: true, held: 0}],
		['asks for as many more after an answer of held ones alone', {listed: 4, held: 4}, {isRunning: true, held: 4}],
		[
			'asks for as many more as the latest answer had held ones',
			{asked: 8, listed: 8, held: 8},
			{isRunning: true, held: 8},
		],
		['ends when it cannot ask for more', {asked: 1000, listed: 1000, held: 1000}, {isRunning: false, held: 0}],
		['goes on after 1000 with a new one', {asked: 1000, listed: 1000, held: 999}, {isRunning: true, held: 0}],
		['goes on after more than it asked for', {listed: 9}, {isRunning: true, held: 0}],
		[
			'goes on after an answer of held ones alone, which may hide others',
			{asked: 10, listed: 3, held: 3},
			{isRunning: true, held: 3},
		],
		['ends after an answer of settled ones alone', {asked: 10, listed: 3, settled: 3}, {isRunning: false, held: 0}],
		['ends after an empty answer', {}, {isRunning: false, held: 0}],
		['goes on when unusable entries fill up a full answer', {listed: 3, malformed: 1}, {isRunning: true, held: 1}],
		['ends after unusable entries alone, and asks for twice as many more', {malformed: 4}, {isRunning: false, held: 8}],
		['asks for as many more as there were unusable entries', {listed: 1, malformed: 1}, {isRunning: false, held: 1}],
		[
			'asks for held ones and unusable entries together',
			{asked: 10, listed: 3, held: 3, malformed: 2},
			{isRunning: true, held: 5},
		],
	];
	for (const [name, change, expected] of answers) {
		it(name, () => {
			round.start();
			answer({...change, held: idsOf(change.held ?? 0)});
			should({isRunning: round.isRunning, held: read().held}).deepEqual(expected);
		});
	}

	it('ends when the same held ones are listed once more', () => {
		round.start();
		answer({asked: 10, listed: 3, held: idsOf(3)});
		answer({asked: 13, listed: 3, held: idsOf(3)});
		should(round.isRunning).be.false();
	});

	it('goes on past answers of held ones, as long as each has some that were not listed before', () => {
		round.start();
		for (const first of [0, 5, 10]) {
			answer({asked: 15, listed: 5, held: idsOf(5, first)});
			should(round.isRunning).be.true();
		}

		answer({asked: 15, listed: 5, held: idsOf(5, 5)});
		should(round.isRunning).be.false();
	});

	it('begins with a full answer to a poll that was a passenger of an acknowledgement', () => {
		round.end(30_000);
		answer({listed: 4});
		should(round.isRunning).be.true();
	});

	describe('at a service that lists unusable entries', () => {
		it('waits for the interval after each answer of these alone, however many there are', () => {
			for (let asked = 4; asked < 1000; asked += read().held) {
				round.start();
				answer({asked, malformed: asked});
				should([round.isRunning, remainingMs()]).deepEqual([false, 30_000]);
			}
		});

		it('asks for more each time until it finds what is behind them', () => {
			const asked: number[] = [];
			for (let found = 0; found === 0;) {
				const fetch = 4 + read().held;
				asked.push(fetch);
				found = Math.max(0, fetch - 50);
				round.start();
				answer({asked: fetch, malformed: Math.min(50, fetch), listed: found});
			}

			should(asked).deepEqual([4, 12, 28, 60]);
		});

		it('asks for no more once it lists none of them', () => {
			answer({malformed: 4});
			answer({});
			should(read().held).equal(0);
		});
	});

	it('tells everybody who asked for it when it ends', async () => {
		const first = watch(round.request());
		const second = watch(round.request());
		should(round.isRequested).be.true();
		answer({listed: 4}, 0);
		await turns(1);
		should([first.state, second.state]).deepEqual(['pending', 'pending']);
		answer({}, 0);
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
		should([round.isRunning, remainingMs(), round.isRequested]).deepEqual([false, 0, false]);
	});

	it('asks for half after a poll that may have locked faxes in vain, and for more with each answer', () => {
		should(read().cautiousFetch).equal(1000);
		round.beCautious(10);
		should(read().cautiousFetch).equal(5);
		round.beCautious(5);
		round.beCautious(2);
		round.beCautious(1);
		should(read().cautiousFetch).equal(1);
		answer({});
		should(read().cautiousFetch).equal(2);
		for (let time = 0; time < 20; time += 1) {
			answer({});
		}

		should(read().cautiousFetch).equal(1000);
	});
});
