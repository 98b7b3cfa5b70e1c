import {watch} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import type {Phase} from '../../../simulator';
import type {Random} from '../../world/random';
import type {Relay, RelayEvents} from './relay';

/** When a Node-RED is killed; counted from its start. */
export type Moment = {readonly delayMs: number} & (
	| {readonly kind: 'time'}
	| {readonly kind: 'request'; readonly phase: Phase; readonly point: keyof RelayEvents; readonly number: number}
	/** A file changes: of the archive, or of the state folder. */
	| {readonly kind: 'change'; readonly of: 'archive' | 'state'; readonly number: number}
);

export interface Places {
	readonly relay: Relay;
	readonly archive: string;
	readonly state: string;
}

export const drawMoment = (random: Random): Moment => {
	const delayMs = random.chance(0.5) ? 0 : random.scaled(0.2, 30);
	switch (random.pick(['time', 'request', 'request', 'request', 'change'] as const)) {
		case 'time':
			// The start takes half a second, and may be cut short as well.
			return {kind: 'time', delayMs: random.chance(0.3) ? random.between(0, 500) : random.between(500, 2500)};
		case 'request': {
			const phase = random.pick(['poll', 'pollWithAcknowledge', 'acknowledge', 'document', 'document'] as const);
			// A handful of faxes needs a handful of documents, and no more than one or two exchanges of a kind.
			const most = {poll: 2, pollWithAcknowledge: 1, acknowledge: 1, document: 5}[phase];
			return {
				kind: 'request',
				delayMs,
				phase,
				point: random.pick(['arrived', 'applied', 'left']),
				number: random.integer(1, most),
			};
		}
		case 'change':
			return {kind: 'change', delayMs, of: random.pick(['archive', 'state']), number: random.integer(1, 12)};
	}
};

/** For people. */
export const describeMoment = (moment: Moment): string => {
	const delay = `${moment.delayMs.toFixed(1)} ms after`;
	switch (moment.kind) {
		case 'time':
			return `${delay} the start`;
		case 'request':
			return `${delay} request number ${moment.number} of phase ${moment.phase} has ${moment.point}`;
		case 'change':
			return `${delay} change number ${moment.number} in the folder of the ${moment.of}`;
	}
};

/** Resolves when the moment has come, or the time is over: it may never come. */
export const reach = async (moment: Moment, {relay, archive, state}: Places, limitMs: number): Promise<void> => {
	let stop = (): void => undefined;
	const come = new Promise<void>((resolve) => {
		let left = moment.kind === 'time' ? 0 : moment.number;
		const count = (): void => {
			left -= 1;
			if (left === 0) {
				resolve();
			}
		};
		switch (moment.kind) {
			case 'time':
				resolve();
				break;
			case 'request': {
				const {phase, point} = moment;
				const listener = (passage: {readonly phase: Phase}): void => {
					if (passage.phase === phase) {
						count();
					}
				};
				relay.on(point, listener);
				stop = () => {
					relay.off(point, listener);
				};
				break;
			}
			case 'change': {
				const watcher = watch(moment.of === 'archive' ? archive : state, count);
				stop = () => {
					watcher.close();
				};
			}
		}
	});
	const abort = new AbortController();
	await Promise.race([come, wait(limitMs, undefined, {signal: abort.signal}).catch(() => undefined)]);
	abort.abort();
	stop();
	if (moment.delayMs > 0) {
		await wait(moment.delayMs);
	}
};
