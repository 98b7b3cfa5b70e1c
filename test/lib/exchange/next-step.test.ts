import should from 'should';
import {ServiceError} from '../../../lib/errors';
import {AcknowledgeBatches} from '../../../lib/exchange/acknowledge-batches';
import type {GateStates, LaneState} from '../../../lib/exchange/breaker';
import {gatherMs} from '../../../lib/exchange/exchange-plan';
import {NextSteps, type NextStep} from '../../../lib/exchange/next-step';
import {PollRound} from '../../../lib/exchange/poll-round';
import type {ManualClock} from '../../world/manual-clock';
import {usual} from '../../world/receiving';
import {TopicParts} from '../faxes/topic-parts';

const clean: LaneState = {isClean: true, remainingMs: 0};
const tryable: LaneState = {isClean: false, remainingMs: 0};
const shut = (remainingMs = 5000): LaneState => ({isClean: false, remainingMs});
const serverError = new ServiceError('serverError', 500);

describe('The next step', () => {
	let parts: TopicParts;
	let clock: ManualClock;
	let batches: AcknowledgeBatches;
	let round: PollRound;
	let steps: NextSteps;
	let documentsPauseMs: number;
	beforeEach(async () => {
		documentsPauseMs = 0;
		await build(new TopicParts());
	});

	const build = async (made: TopicParts): Promise<void> => {
		parts = made;
		({clock} = parts.environment);
		await parts.ledger.open();
		batches = new AcknowledgeBatches(parts.ledger, clock);
		round = new PollRound(clock);
		steps = new NextSteps(parts.context, {pauseMs: () => documentsPauseMs}, batches, round);
	};

	const first = ({polls = clean, acknowledgements = clean}: Partial<GateStates> = {}): NextStep | undefined =>
		steps.first({
			now: clock.now(),
			connection: parts.context.connection(),
			gates: {polls, acknowledgements, trouble: undefined},
		});

	/** Takes what is due now, which must be something. Returns what is sent, e.g. "polls a,b". */
	const take = (gates?: Partial<GateStates>): string => {
		const step = first(gates);
		if (step?.dueMs !== 0) {
			throw new Error(`due in ${step?.dueMs ?? Infinity} ms`);
		}

		return `${step.kind} ${steps.take(step, clock.now()).ids.join()}`.trim();
	};

	/** Takes so many steps that are due, with time in between for company. */
	const takeAll = (count: number, gates?: Partial<GateStates>): string[] =>
		Array.from({length: count}, () => {
			clock.advance(gatherMs);
			return take(gates);
		});

	/** The ids have failed, and are sent apart from now on. */
	const isolate = async (...ids: readonly string[]): Promise<void> => {
		await parts.accept(...ids);
		batches.failed(ids, serverError);
		batches.succeeded([]);
	};

	describe('while both lanes are clean', () => {
		it('is a poll that carries all acknowledgements', async () => {
			await parts.accept('a', 'b');
			should(first()).deepEqual({kind: 'polls', dueMs: 0, fetch: 10, carriesIds: true});
			should(take()).equal('polls a,b');
		});

		it('is the acknowledgements alone when there is nothing to fetch', async () => {
			parts.receiver = undefined;
			await parts.accept('a');
			should(first()).deepEqual({kind: 'acknowledgements', dueMs: 0, fetch: 0, carriesIds: true});
			should(take()).equal('acknowledgements a');
		});

		it('is the next round when nothing waits', () => {
			round.end(30_000);
			should(first()).match({kind: 'polls', dueMs: 30_000});
		});

		it('is nothing when nobody receives and nothing waits', () => {
			parts.receiver = undefined;
			should(first()?.dueMs ?? Infinity).equal(Infinity);
		});

		it('is nothing before the interval for a receiver that polls on demand, until somebody asks', async () => {
			parts.receiver = {...usual, pollIntervalMs: 0};
			should(first()?.dueMs).equal(Infinity);
			const asked = round.request();
			should(take()).equal('polls');
			round.end(0);
			await asked;
		});

		it('is no poll while the topic is paused, but still the acknowledgements', async () => {
			parts.memory.isPaused = true;
			should(first()?.dueMs).equal(Infinity);
			await parts.accept('a');
			should(take()).equal('acknowledgements a');
		});
	});

	describe('while polls are in trouble', () => {
		it('is the acknowledgements alone, at once, and then the poll behind its gate', async () => {
			await parts.accept('a');
			should(take({polls: shut()})).equal('acknowledgements a');
			batches.succeeded(['a']);
			await parts.ledger.confirm('a');
			should(first({polls: shut()})).match({kind: 'polls', dueMs: 5000, carriesIds: false});
		});

		it('is a poll without acknowledgements when its gate lets it go', async () => {
			await parts.accept('a');
			should(takeAll(2, {polls: tryable}).sort()).deepEqual(['acknowledgements a', 'polls']);
		});
	});

	describe('while acknowledgements are in trouble', () => {
		it('is a poll without them, at once, and then they behind their gate', async () => {
			await parts.accept('a');
			should(take({acknowledgements: shut()})).equal('polls');
			round.end(30_000);
			should(first({acknowledgements: shut()})).deepEqual({
				kind: 'acknowledgements',
				dueMs: 5000,
				fetch: 0,
				carriesIds: true,
			});
		});

		it('is a poll at its interval', async () => {
			await parts.accept('a');
			round.end(30_000);
			clock.advance(20_000);
			should(first({acknowledgements: shut(900_000)})).match({kind: 'polls', dueMs: 10_000, carriesIds: false});
		});
	});

	describe('while both lanes are in trouble', () => {
		it('is what its gate lets go first', async () => {
			await parts.accept('a');
			should(first({polls: shut(3000), acknowledgements: shut(2000)})).match({
				kind: 'acknowledgements',
				dueMs: 2000,
			});
			should(first({polls: shut(1000), acknowledgements: shut(2000)})).match({kind: 'polls', dueMs: 1000});
		});

		it('takes turns when both may be tried', async () => {
			await parts.accept('a');
			const gates = {polls: tryable, acknowledgements: tryable};
			should(takeAll(4, gates)).deepEqual(['polls', 'acknowledgements a', 'polls', 'acknowledgements a']);
		});
	});

	describe('while ids are isolated', () => {
		it('takes turns between them and all else, so that none starves', async () => {
			await isolate('x', 'y');
			await parts.accept('a');
			should(takeAll(6)).deepEqual(['polls a', 'group x', 'polls a', 'group x', 'polls a', 'group x']);
		});

		it('takes turns among three as well', async () => {
			await isolate('x', 'y');
			await parts.accept('a');
			const sent = takeAll(6, {polls: tryable, acknowledgements: tryable});
			should(sent.slice(0, 3).sort()).deepEqual(['acknowledgements a', 'group x', 'polls']);
			should(sent.slice(3)).deepEqual(sent.slice(0, 3));
		});

		it('sends them alone, and never with a poll', async () => {
			await isolate('x', 'y');
			round.end(30_000);
			should(first()).deepEqual({kind: 'group', dueMs: 0, fetch: 0, carriesIds: true});
		});

		it('makes them wait for the gate of the acknowledgements', async () => {
			await isolate('x', 'y');
			round.end(30_000);
			should(first({acknowledgements: shut()})).match({kind: 'group', dueMs: 5000});
		});

		it('makes them wait for their own pause, and nobody else', async () => {
			await parts.accept('x');
			batches.failed(['x'], serverError);
			should(take()).equal('polls');
			round.end(30_000);
			should(first()).match({kind: 'group', dueMs: 1000});
		});

		it('fetches although more of them wait than may be in flight', async () => {
			parts.receiver = {...usual, maxInFlight: 1};
			await isolate('x', 'y', 'z');
			round.end(0);
			should(takeAll(2).sort()).deepEqual(['group x,y', 'polls']);
		});
	});

	describe('while documents are in trouble', () => {
		beforeEach(() => {
			documentsPauseMs = 60_000;
		});

		it('is no poll until their pause is over', () => {
			should(first()).match({kind: 'polls', dueMs: 60_000, fetch: 0});
			documentsPauseMs = 0;
			should(take()).equal('polls');
		});

		it('is still the acknowledgements', async () => {
			await parts.accept('a');
			should(take()).equal('acknowledgements a');
		});
	});

	describe('for a settled fax that is listed again', () => {
		beforeEach(async () => {
			await parts.accept('old');
			await parts.ledger.confirm('old');
			batches.repeat('old');
		});

		it('is the poll that is due anyway', () => {
			should(take()).equal('polls old');
		});

		it('waits for the next poll when that is soon', () => {
			round.end(30_000);
			should(first()).match({kind: 'polls', dueMs: 30_000});
		});

		it('is a repeat of its own when the next poll comes too late for the lock', () => {
			round.end(usual.lockTimeoutMs);
			clock.advance(gatherMs);
			should(take()).equal('polls old');
		});

		it('is a repeat of its own when nobody polls, at most every ten seconds', () => {
			parts.receiver = undefined;
			should(take()).equal('acknowledgements old');
			should(first()?.dueMs).equal(Infinity);
			clock.advance(10_000);
			should(take()).equal('acknowledgements old');
		});
	});

	it('carries no id in trial mode, whatever the ledger knows', async () => {
		await parts.accept('a');
		const {environment} = parts;
		await parts.ledger.close();
		await build(new TopicParts({environment, isTrial: true}));
		should(parts.ledger.unconfirmed.size).equal(1);
		should(take()).equal('polls');
		round.end(30_000);
		should(first()).match({kind: 'polls', dueMs: 30_000});
	});
});
