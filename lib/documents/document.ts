/** One document: fetched until it is there, or until trying again cannot help. */
import {attemptDocument, type Attempted, type DocumentRequest} from './attempt';
import type {Allowance} from './byte-budget';
import type {Environment} from '../environment';
import {DocumentInvalidError, RetarusError} from '../errors';
import {Failures, isAnswer, isTransient} from './failures';
import type {FaxDocument} from '../fax';
import {sleep} from '../pacing/backoff';
import type {Slots} from '../pacing/slots';
import type {Refusals, Turn} from './refusals';
import type {Connection} from '../retarus/connection';

export interface FetchOptions {
	readonly environment: Environment;
	readonly connection: () => Connection;
	readonly refusals: (connection: Connection) => Refusals;
	readonly slots: Slots;
	readonly allowance: Allowance;
	/** How long the fax is still locked: no repeat begins after that. */
	readonly lockedForMs: () => number;
	readonly signal: AbortSignal;
}

const gateStepMs = 1000;

/**
 * A document that may be incomplete is believed when its last two attempts brought the same bytes.
 * @throws RetarusError, NoRoom, and what the signal was aborted with
 */
export const fetchDocument = async (request: DocumentRequest, options: FetchOptions): Promise<FaxDocument> => {
	const {
		environment: {clock, random},
		lockedForMs,
		signal,
	} = options;
	const failures = new Failures(random);
	let doubtfulSha256: string | undefined;
	for (;;) {
		let doubtful: Attempted | undefined;
		let failure: unknown;
		try {
			const attempted = await attemptInTurn(request, options);
			if (attempted.isComplete) {
				return attempted.document;
			}

			doubtful = attempted;
			failure = new DocumentInvalidError('documentIncomplete', request.facts);
		} catch (error) {
			failure = error;
		}

		const delayMs = failures.nextAttemptMs(failure);
		if (delayMs >= lockedForMs()) {
			if (doubtful && doubtful.document.sha256 === doubtfulSha256) {
				return doubtful.document;
			}

			throw failure;
		}

		doubtful?.drop();
		doubtfulSha256 = doubtful?.document.sha256 ?? doubtfulSha256;
		await sleep(clock, delayMs, signal);
	}
};

/** Waits until the way is open and a slot is free. While it waited for the slot, the way may have been shut again. */
const attemptInTurn = async (request: DocumentRequest, options: FetchOptions): Promise<Attempted> => {
	const {connection, slots, lockedForMs, signal} = options;
	const {id} = request.facts;
	for (;;) {
		const way = connection();
		const refusals = options.refusals(way);
		await passGate(way, options);
		await refusals.wait(id, lockedForMs, signal);
		const attempted = await slots.run(async () => {
			const turn = remainingMs(way, options) === 0 ? refusals.begin(id) : undefined;
			return turn && attemptOn(way, turn, request, options);
		});
		if (attempted) {
			return attempted;
		}
	}
};

/** How downloads ask the gate of their connection. */
const asker = 'documents';

/**
 * What shuts the way for exchanges, such as a `Retry-After`, shuts it for documents too.
 * @throws why it is shut, when the lock will not last until it opens
 */
const passGate = async ({gate}: Connection, {environment, lockedForMs, signal}: FetchOptions): Promise<void> => {
	for (;;) {
		const shutMs = gate.remainingMs(asker, environment.clock.now());
		if (shutMs === 0) {
			return;
		}

		if (gate.error && shutMs >= lockedForMs()) {
			throw gate.error;
		}

		// It may open before its time.
		await sleep(environment.clock, Math.min(shutMs, gateStepMs), signal);
	}
};

const remainingMs = ({gate}: Connection, {environment}: FetchOptions): number =>
	gate.remainingMs(asker, environment.clock.now());

const attemptOn = async (
	{client}: Connection,
	turn: Turn,
	request: DocumentRequest,
	{environment: {clock}, allowance, signal}: FetchOptions,
): Promise<Attempted> => {
	try {
		return await attemptDocument(request, {client, clock, allowance, signal, onAnswer: turn.accept});
	} catch (error) {
		// What ended another document of the fax says nothing about this one.
		if (!signal.aborted && error instanceof RetarusError && isTransient(error)) {
			turn.refuse(error);
		} else if (!signal.aborted && isAnswer(error)) {
			turn.accept();
		}

		throw error;
	} finally {
		turn.end();
	}
};
