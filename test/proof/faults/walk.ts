/** Walks a field of the table: the fault comes, lasts, ends; then everything must be in order, and nothing be left. */
import {pdf} from '../../world/fake-retarus';
import {turns, watch} from '../../world/turns';
import type {Cell, Outcome, Phase} from './fault';
import {openScene, type Scene} from './scene';
import {activeResources} from './sockets';

export type Ending = 'recover' | 'restart';

export interface Walked {
	/** What came of the fault, in the words of the table. */
	readonly outcome: Outcome;
	/** Requests, connections and look-ups that met it. */
	readonly strikes: number;
	/** What must never happen, as sentences. */
	readonly problems: readonly string[];
	/** Faxes that were not delivered, or not acknowledged in the end. */
	readonly lost: number;
}

/** By the clock of the test. Shorter than a lock, longer than four downloads that say nothing. */
const lastsMs = 180_000;
/** In which everything must be well again: the longest probe and the longest rest. */
const recoveryMs = 60 * 60_000;
const stepMs = 5000;
/** Requests for one thing in that time. A client that is faster hammers. */
const mostStrikes = 25;
const closingMs = 2000;
/** In which an account closes that has nothing to send. */
const calmTurns = 20;
/** Of real time, for what the system has yet to tidy up. */
const tidyMs = 1500;

const isAcknowledge = (phase: Phase): boolean => phase === 'pollWithAcknowledge' || phase === 'acknowledge';

/**
 * Rejects only when the walk itself is broken, for instance by a request that never ends.
 * @param ending `restart`: the process ends in order while the fault lasts, and another one finds what is on disk
 */
export const walk = async (cell: Cell, ending: Ending): Promise<Walked> => {
	// Whoever calls may have something to begin first.
	await turns(1);
	const before = activeResources();
	const scene = await openScene(cell);
	try {
		await strike(scene, cell);
		const outcome = outcomeOf(scene, cell);
		if (ending === 'restart') {
			await close(scene);
		}

		await disarm(scene, cell);
		const again = ending === 'restart' ? restart(scene) : new Set<string>();
		const lost = await recover(scene, cell, ending, again);
		await close(scene);
		await tidy(scene, before);
		return {
			outcome: {...outcome, delivery: deliveryOf(scene, 'a')},
			strikes: scene.service.strikes,
			problems: [...scene.problems, ...scene.service.problems],
			lost,
		};
	} catch (error) {
		await scene.account.close();
		throw error;
	} finally {
		await scene.service.close();
		scene.sockets.close();
	}
};

/** Brings the fault about in its phase, and lets it last. */
const strike = async (scene: Scene, cell: Cell): Promise<void> => {
	const {phase, documents} = cell;
	const {retarus, topic} = scene;
	if (documents) {
		retarus.addFax('a', documents);
	} else {
		retarus.add('a');
	}

	if (!isAcknowledge(phase)) {
		if (phase === 'document') {
			armBeforeAnswer(scene, cell, 'poll');
		} else {
			await scene.service.arm(cell.fault, phase);
		}

		scene.receive();
		await scene.pass(lastsMs);
		return;
	}

	scene.keeps = 'a';
	scene.receive();
	await scene.pass(0);
	scene.keeps = undefined;
	retarus.add('b');
	if (phase === 'acknowledge') {
		topic.pause();
	}

	await scene.service.arm(cell.fault, phase);
	scene.acknowledge('a', 1);
	await scene.pass(lastsMs);
};

/** The fault begins when a request of this kind has done its work. */
const armBeforeAnswer = ({service}: Scene, {fault, phase: own}: Cell, phase: Phase): void => {
	service.beforeAnswer = async (request) => {
		if (request.phase === phase) {
			service.beforeAnswer = () => Promise.resolve();
			await service.arm(fault, own);
		}
	};
};

const outcomeOf = (
	{told, firstWait, confirmed, delivered}: Scene,
	{phase, outcome}: Cell,
): Omit<Outcome, 'delivery'> => ({
	told: [...told],
	gate: firstWait?.gate ?? 'nobody',
	waitMs: firstWait?.waitMs ?? 0,
	isMet: isAcknowledge(phase) ? confirmed.has('a') : delivered.some(({id}) => id === 'a'),
	...(outcome.othersGoOn !== undefined && {othersGoOn: confirmed.has('b')}),
});

const deliveryOf = ({delivered}: Scene, id: string): number => delivered.find((fax) => fax.id === id)?.delivery ?? 0;

const disarm = async ({service, problems, firstWait}: Scene, {phase, fault}: Cell): Promise<void> => {
	// Each poll may lock other faxes. One that carried ids is followed by one without them, for half as many faxes.
	if (phase === 'poll' && (firstWait?.strikes ?? 0) > 1) {
		problems.push('a poll is repeated before anybody waits');
	}

	// Polls, acknowledgements and documents back off apart.
	const isTwofold = phase === 'pollWithAcknowledge' || (phase === 'document' && fault.at !== 'answer');
	const lanes = isTwofold ? 2 : 1;
	if (service.strikes > lanes * mostStrikes) {
		problems.push(`${service.strikes} requests in ${lastsMs / 60_000} minutes of trouble`);
	}

	await service.disarm();
};

/** Returns the faxes that may be delivered again: those that a flow had and no ack node had accepted. */
const restart = (scene: Scene): ReadonlySet<string> => {
	const again = new Set(scene.delivered.map(({id}) => id).filter((id) => !scene.isAccepted(id)));
	scene.begin();
	scene.receive();
	return again;
};

/**
 * Everything that was listed, and what comes afterwards, is delivered once and acknowledged. Returns how many faxes
 * are not.
 */
const recover = async (scene: Scene, {phase}: Cell, ending: Ending, again: ReadonlySet<string>): Promise<number> => {
	const {retarus, topic, delivered, confirmed, problems} = scene;
	const ids = ['a', ...(isAcknowledge(phase) ? ['b'] : []), 'z'];
	topic.resume();
	retarus.add('z');
	// Who asked for an acknowledge before a restart is not there any more to be told.
	const isDone = (id: string): boolean =>
		retarus.acknowledged.includes(id) && (ending === 'restart' || confirmed.has(id));
	for (
		let passedMs = 0;
		passedMs < recoveryMs && !(ids.every(isDone) && topic.status.unconfirmed === 0);
		passedMs += stepMs
	) {
		await scene.pass(stepMs);
	}

	const lost = ids.filter((id) => !isDone(id));
	problems.push(...lost.map((id) => `lost: ${id} is not delivered and acknowledged an hour after the fault`));
	for (const id of ids) {
		const times = delivered.filter((fax) => fax.id === id).length;
		if (times < 1 || times > (again.has(id) ? 2 : 1)) {
			problems.push(`${id} is delivered ${times} times`);
		}
	}

	const content = delivered.find(({id}) => id === 'z')?.documents[0]?.content;
	if (!content?.equals(pdf)) {
		problems.push('the document of z is not what the service has');
	}

	const {state, inFlight, unconfirmed, counts} = topic.status;
	if (
		lost.length === 0 &&
		(state.kind === 'trouble' ||
			inFlight > 0 ||
			unconfirmed > 0 ||
			(ending === 'recover' && counts.acknowledged !== ids.length))
	) {
		problems.push(`not in order afterwards: ${JSON.stringify({state: state.kind, inFlight, unconfirmed, counts})}`);
	}

	return lost.length;
};

const close = async (scene: Scene): Promise<void> => {
	const {account, coreClock, files, budget, sockets, problems, origin} = scene;
	const closed = watch(account.close());
	await turns(calmTurns);
	if (closed.state === 'pending') {
		await scene.pass(closingMs);
	}

	if (closed.state !== 'resolved') {
		problems.push(`close is ${closed.state} after ${closingMs / 1000} s`);
	}

	const left = {timers: coreClock.pending, files: files.openHandles, bytes: budget.used};
	if (Object.values(left).some((count) => count > 0)) {
		problems.push(`left after close: ${JSON.stringify(left)}`);
	}

	const others = [...sockets.origins].filter((one) => one !== origin);
	if (others.length > 0) {
		problems.push(`connections to ${others.join(', ')}`);
	}
};

/**
 * What the account has closed is closed on both sides, and nothing that was not there before keeps the process alive.
 */
const tidy = async ({service, sockets, problems}: Scene, before: ReadonlyMap<string, number>): Promise<void> => {
	const endMs = performance.now() + tidyMs;
	while ((sockets.open > 0 || service.connections > 0) && performance.now() < endMs) {
		await turns(1);
	}

	if (sockets.open > 0 || service.connections > 0) {
		problems.push(`connections left after close: ${sockets.open} here, ${service.connections} at the service`);
	}

	await service.close();
	const more = (): string[] =>
		[...activeResources()].filter(([type, count]) => count > (before.get(type) ?? 0)).map(([type]) => type);
	while (more().length > 0 && performance.now() < endMs) {
		await turns(1);
	}

	if (more().length > 0) {
		problems.push(`left after close: ${more().join(', ')}`);
	}
};
