/** One document at a time, like the vendor's own client: list, download each, acknowledge all. */
import {setTimeout as wait} from 'node:timers/promises';
import {begun, measure, type BeginClient} from '../measured';
import {Wire} from './wire';

const begin: BeginClient = ({baseUrl, batchSize, pollIntervalMs = 30_000}) => {
	const wire = new Wire(baseUrl, 1);
	const loop = async (): Promise<void> => {
		for (;;) {
			const listed = await wire.exchange(batchSize, []);
			for (const {documents} of listed) {
				for (const name of documents) {
					await wire.download(name);
				}
			}

			if (listed.length > 0) {
				await wire.exchange(
					0,
					listed.map(({id}) => id),
				);
			} else {
				await wait(pollIntervalMs);
			}
		}
	};
	begun();
	void loop();
	return Promise.resolve({});
};

measure(begin);
