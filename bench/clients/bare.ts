/**
 * The upper bound: polls ahead, downloads in parallel, acknowledges with the next poll, and does nothing else.
 * No ledger, no deadlines, no checks.
 */
import {setTimeout as wait} from 'node:timers/promises';
import {begun, measure, type BeginClient} from '../measured';
import {Wire} from './wire';

const begin: BeginClient = ({baseUrl, batchSize, maxInFlight, concurrency, pollIntervalMs = 30_000}) => {
	const wire = new Wire(baseUrl, concurrency + 1);
	const waiting: (() => void)[] = [];
	let free = concurrency;
	let inFlight = 0;
	const done: string[] = [];
	let wake: () => void = () => undefined;

	const slot = async (): Promise<void> => {
		if (free > 0) {
			free -= 1;
		} else {
			await new Promise<void>((resolve) => {
				waiting.push(resolve);
			});
		}
	};
	const work = async (id: string, documents: readonly string[]): Promise<void> => {
		await Promise.all(
			documents.map(async (name) => {
				await slot();
				await wire.download(name);
				const next = waiting.shift();
				if (next) {
					next();
				} else {
					free += 1;
				}
			}),
		);
		inFlight -= 1;
		done.push(id);
		wake();
	};
	const loop = async (): Promise<void> => {
		for (;;) {
			const fetch = Math.min(batchSize, maxInFlight - inFlight);
			const ids = done.splice(0, 50);
			const listed = await wire.exchange(fetch, ids);
			inFlight += listed.length;
			for (const {id, documents} of listed) {
				void work(id, documents);
			}

			while (maxInFlight - inFlight < Math.min(batchSize, maxInFlight) && (listed.length > 0 || inFlight > 0)) {
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			}

			if (listed.length === 0 && done.length === 0 && inFlight === 0) {
				await wait(pollIntervalMs);
			}
		}
	};
	begun();
	void loop();
	return Promise.resolve({});
};

measure(begin);
