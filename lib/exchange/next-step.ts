/** What a topic sends next, and when: chosen from what waits and from what the gates say, both read once. */
import type {Instant} from '../environment';
import type {TopicContext} from '../faxes/context';
import type {Deliveries} from '../faxes/deliveries';
import type {ReceiverOptions} from '../faxes/receiver-options';
import type {Connection} from '../retarus/connection';
import type {AcknowledgeBatches, BatchState} from './acknowledge-batches';
import type {GateStates} from './breaker';
import {planExchange, Wait, type Plan} from './exchange-plan';
import type {PollRound, RoundState} from './poll-round';
import type {Batch} from './suspects';

/** What may be sent. `group`: ids that failed before. */
type StepKind = 'polls' | 'acknowledgements' | 'group';

export interface NextStep {
	readonly kind: StepKind;
	readonly dueMs: number;
	/** How many faxes it asks for. */
	readonly fetch: number;
	/** Ids ride on it. */
	readonly carriesIds: boolean;
}

/** What was read once, at the beginning of a wake-up. */
export interface Moment {
	readonly now: Instant;
	readonly connection: Connection;
	readonly gates: GateStates;
}

/** What a step is chosen by. */
interface Look extends Moment {
	readonly receiver: ReceiverOptions | undefined;
	readonly round: RoundState;
	readonly batches: BatchState;
	readonly wantsPolls: boolean;
	readonly idsWaitedMs: number | undefined;
}

/** In trial mode nothing is acknowledged. */
const noBatches: BatchState = {unconfirmed: 0, isRepeating: false, groupMs: Infinity};

/**
 * While both lanes are clean, acknowledgements and polls share an exchange. Otherwise each goes by itself when its lane
 * lets it, and suspects always do.
 */
export class NextSteps {
	readonly #context: TopicContext;
	readonly #deliveries: Pick<Deliveries, 'pauseMs'>;
	readonly #batches: AcknowledgeBatches;
	readonly #round: PollRound;
	readonly #roomWait = new Wait();
	readonly #idsWait = new Wait();
	/** Of several steps that are due, the one that was taken least recently goes first, so that none starves. */
	#turns: readonly StepKind[] = ['polls', 'acknowledgements', 'group'];

	constructor(
		context: TopicContext,
		deliveries: Pick<Deliveries, 'pauseMs'>,
		batches: AcknowledgeBatches,
		round: PollRound,
	) {
		this.#context = context;
		this.#deliveries = deliveries;
		this.#batches = batches;
		this.#round = round;
	}

	/** What is due first; `undefined` when only a change makes something due. */
	first({gates, connection, now}: Moment): NextStep | undefined {
		const {isTrial, memory} = this.#context;
		const receiver = this.#context.receiver();
		const round = this.#round.read(now);
		const batches = isTrial ? noBatches : this.#batches.read(now);
		const wantsPolls =
			receiver !== undefined && (round.isRequested || (receiver.pollIntervalMs > 0 && !memory.isPaused));
		const mayRide = wantsPolls && round.remainingMs <= receiver.lockTimeoutMs / 2;
		// Repeats ride on the next poll, unless that comes after the lock: a service may ignore an acknowledgement without
		// one.
		const mustRepeat = batches.isRepeating && !mayRide && this.#batches.isRepeatDue(now);
		const hasIds = batches.unconfirmed > 0 || mustRepeat;
		const idsWaitedMs = this.#idsWait.elapsedMs(hasIds, now);
		const turn = ({kind}: NextStep): number => this.#turns.indexOf(kind);
		let first: NextStep | undefined;
		for (const step of this.#candidates({gates, connection, now, receiver, round, batches, wantsPolls, idsWaitedMs})) {
			if (!first || step.dueMs < first.dueMs || (step.dueMs === first.dueMs && turn(step) < turn(first))) {
				first = step;
			}
		}

		return first;
	}

	/** The ids that go with a step that is sent now. */
	take({kind, carriesIds}: NextStep, now: Instant): Batch {
		this.#turns = [...this.#turns.filter((one) => one !== kind), kind];
		this.#idsWait.reset();
		this.#roomWait.reset();
		this.#batches.sent(this.#round.isRunning, now);
		if (kind === 'group') {
			return this.#batches.nextGroup(now);
		}

		return carriesIds && !this.#context.isTrial ? this.#batches.next() : {ids: []};
	}

	#candidates(look: Look): readonly NextStep[] {
		const {gates, connection, batches, wantsPolls, idsWaitedMs} = look;
		const {polls, acknowledgements} = gates;
		const isTogether = polls.isClean && acknowledgements.isClean;
		const candidates: NextStep[] = [];
		if (batches.groupMs < Infinity) {
			const dueMs = Math.max(batches.groupMs, acknowledgements.remainingMs);
			candidates.push({kind: 'group', dueMs, fetch: 0, carriesIds: true});
		}

		if (!isTogether && idsWaitedMs !== undefined) {
			const dueMs = acknowledgements.remainingMs;
			candidates.push({kind: 'acknowledgements', dueMs, fetch: 0, carriesIds: true});
		}

		const pauseMs = wantsPolls ? Math.max(polls.remainingMs, this.#deliveries.pauseMs(connection)) : 0;
		if (pauseMs > 0) {
			candidates.push({kind: 'polls', dueMs: pauseMs, fetch: 0, carriesIds: false});
		}

		const isOpen = wantsPolls && pauseMs === 0;
		if (isOpen || isTogether) {
			const plan = this.#plan(look, isOpen, isTogether ? idsWaitedMs : undefined);
			candidates.push({kind: plan.fetch > 0 ? 'polls' : 'acknowledgements', ...plan, carriesIds: isTogether});
		}

		return candidates;
	}

	#plan({receiver, round, batches, now}: Look, polls: boolean, idsWaitedMs: number | undefined): Plan {
		const {inFlight} = this.#context.memory.leases;
		const {remainingMs, held, cautiousFetch} = round;
		const isRunning = round.isRunning || (polls && remainingMs === 0);
		if (isRunning && !round.isRunning) {
			this.#round.start();
		}

		const hasRoom = polls && receiver !== undefined && isRunning && receiver.maxInFlight > inFlight;
		return planExchange({
			receiver,
			polls,
			nextRoundMs: isRunning ? undefined : remainingMs,
			held,
			inFlight,
			cautiousFetch,
			unconfirmed: batches.unconfirmed,
			idsWaitedMs,
			roomWaitedMs: this.#roomWait.elapsedMs(hasRoom, now) ?? 0,
		});
	}
}
