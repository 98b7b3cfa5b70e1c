/**
 * A part of the histories, in a process of its own: takes one message with what to run, tells how far it is, and ends
 * with the outcome.
 */
import {runCampaign} from './campaign';
import type {PartMessage, PartOptions} from './histories';

const progressMs = 2000;

// Histories throw and catch many errors.
Error.stackTraceLimit = 3;

const tell = (message: PartMessage): void => {
	process.send?.(message);
};

process.once('message', (options: PartOptions) => {
	let toldMs = performance.now();
	const run = async (): Promise<void> => {
		const outcome = await runCampaign({
			...options,
			progress({histories, failed}) {
				if (performance.now() - toldMs > progressMs) {
					toldMs = performance.now();
					tell({kind: 'progress', histories, failed});
				}
			},
		});
		tell({kind: 'outcome', ...outcome});
		process.disconnect();
	};
	void run();
});
