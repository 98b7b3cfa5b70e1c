/** How the handling of a message ends. */
import type {Node, NodeAPI} from '@node-red/registry';
import {translatedError} from './texts';

/**
 * Node-RED does not wait for what an input handler returns: a rejection that nobody hears would end the whole runtime. Whoever is told may throw as well,
 * for a message that cannot be copied can be neither sent nor reported.
 */
export const handled = (RED: NodeAPI, node: Node, work: Promise<void>, done: (error?: Error) => void): void => {
	work
		.then(() => {
			done();
		})
		.catch((error: unknown) => {
			const told = translatedError(RED, error);
			try {
				done(told);
			} catch (obstacle) {
				// Without its message, and with the reason for that.
				node.error(told);
				node.error(translatedError(RED, obstacle));
			}
		});
};
