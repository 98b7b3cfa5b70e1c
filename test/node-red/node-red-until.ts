import {setImmediate as turn} from 'node:timers/promises';
import type {FaxView, Simulator} from '../../simulator';

/** Resolves when a condition holds that only the requests of a client can bring about. */
export const until = async (simulator: Simulator, condition: () => boolean): Promise<void> => {
	while (!condition()) {
		await simulator.requests.arrival();
		// A request is carried out in the turn in which it arrives.
		await turn();
	}
};

export const isAcknowledged = ({state}: FaxView): boolean => state.kind === 'acknowledged';

export const untilAllAcknowledged = (simulator: Simulator): Promise<void> =>
	until(simulator, () => simulator.faxes().every(isAcknowledged));
