import {join} from 'node:path';
import type {Campaign} from '../campaign-result';
import {Bundle} from '../../world/bundle';
import {Random} from '../../world/random';
import {KilledWorker, type KillFigures} from './killed-worker';
import {WorkerPool} from './worker-process';

/** Workers that live at the same time: one waits for its disk or its end while another works. */
const lanes = 4;
/** Kills on one state folder, before its faxes are counted and another one begins. */
const killsPerFolder = 50;

/** Kills a process that holds nothing but the core, at random moments of its start, its work and its end. */
export const runWorkerKills: Campaign = async ({count, seed, progress}) => {
	const figures: KillFigures = {workerKills: 0, workerFaxes: 0, lost: 0, early: 0, acceptedAgain: 0, duplicates: 0};
	const problems: string[] = [];
	const bundle = new Bundle(join(__dirname, 'worker.ts'));
	const pool = new WorkerPool(bundle.path, lanes);
	const perFolder = Math.min(killsPerFolder, Math.ceil(count / lanes));
	let begun = 0;
	const lane = async (): Promise<void> => {
		while (begun < count) {
			const first = begun;
			begun = Math.min(count, first + perFolder);
			const worker = await KilledWorker.start(pool, new Random(seed, `kill ${first}`), figures);
			for (let kill = first; kill < Math.min(count, first + perFolder); kill += 1) {
				await worker.kill();
			}

			await worker.finish();
			problems.push(
				...worker.problems.map((problem) => `worker kills with seed ${seed}, from kill ${first}: ${problem}`),
			);
			progress?.(`${figures.workerKills} workers killed, ${problems.length} problems`);
		}
	};
	try {
		await Promise.all(Array.from({length: lanes}, lane));
	} finally {
		await pool.end();
		bundle.remove();
	}

	return {figures: {...figures}, problems};
};
