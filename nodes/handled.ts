/** Ends the handling of a message. */
import type {Node, NodeAPI} from '@node-red/registry';
import {translatedError} from './texts';

/**
 * Calls `done` when the work ends. Never leaves a rejection unhandled: Node-RED ignores what an input handler returns,
 * and an unhandled rejection would end the process. `done` itself may throw, because Node-RED copies the message that
 * it reports and not every message can be copied; the error is then reported without the message.
 */
export const handled = (RED: NodeAPI, node: Node, work: Promise<void>, done: (error?: Error) => void): void => {
	work
		.then(() => {
			done();
		})
		.catch((error: unknown) => {
			const failure = translatedError(RED, error);
			try {
				done(failure);
			} catch (obstacle) {
				node.error(failure);
				node.error(translatedError(RED, obstacle));
			}
		});
};
