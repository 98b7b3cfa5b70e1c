import {Random} from '../../world/random';
import type {Campaign, CampaignResult} from '../campaign-result';
import {copyBuild, removeFolder} from '../../../scripts/node-red/user-directory.mjs';
import {TestBed} from './test-bed';
import {merge} from './figures';
import {reach} from './moment';
import {stateFolder} from './ledger-on-disk';

/** A lock that runs out soon, so that what a killed process held comes to the others. */
const faxIn = {lockTimeout: 4, maxInFlight: 5, batchSize: 3};

const faxesPerProcess = 8;
const momentLimitMs = 10_000;
const settleLimitMs = 120_000;

/** Two, then four Node-REDs poll one topic; one of them is killed in the middle of its work and started again. */
export const runProcesses: Campaign = async ({count, seed, progress}) => {
	const build = copyBuild();
	const results: CampaignResult[] = [];
	try {
		for (let run = 0; run < count; run += 1) {
			for (const processes of [2, 4]) {
				const name = `seed ${seed}, run ${run}, ${processes} processes`;
				results.push(await runOne({build, processes, random: new Random(seed, `processes ${run} ${processes}`), name}));
			}

			progress?.(`${run + 1} of ${count} runs of 2 and of 4 processes`);
		}
	} finally {
		removeFolder(build);
	}

	return merge([{figures: {processRuns: count}, problems: []}, ...results]);
};

interface RunOptions {
	readonly build: string;
	readonly processes: number;
	readonly random: Random;
	readonly name: string;
}

const runOne = async ({build, processes, random, name}: RunOptions): Promise<CampaignResult> => {
	const bed = await TestBed.open({build, places: processes, delayMs: () => random.between(0, 40), random});
	try {
		const {simulator, relay, places, witness} = bed;
		const nodeReds = await Promise.all(
			places.map(async (place) => {
				const nodeRed = bed.spawn(place);
				await nodeRed.ready;
				await nodeRed.deploy(place.flow(relay, faxIn));
				return {nodeRed, place};
			}),
		);
		const faxes = bed.addFaxes(processes * faxesPerProcess);
		const [victim] = nodeReds;
		if (victim) {
			const {
				nodeRed,
				place: {archive, userDirectory},
			} = victim;
			const number = random.integer(1, faxes.length - processes);
			await reach(
				{kind: 'request', phase: 'document', point: 'left', number, delayMs: random.between(0, 20)},
				{relay, archive: archive.folder, state: stateFolder(userDirectory)},
				momentLimitMs,
			);
			await nodeRed.end('SIGKILL');
			bed.spawn(victim.place);
		}

		await bed.settle(settleLimitMs);
		// What the service hands out twice, because a lock had run out, is delivered twice.
		const unexplained = faxes.filter(
			({facts: {id}, events}) =>
				bed.duplicates.filter((other) => other === id).length > events.filter(({kind}) => kind === 'lapsed').length,
		);
		return {
			figures: {
				processFaxes: simulator.faxes().length,
				lost: witness.lost.length,
				early: witness.early.size,
				duplicates: bed.duplicates.length,
				duplicatesUnexplained: unexplained.length,
			},
			problems: [
				...bed.problems(name),
				...unexplained.map(({facts: {id}}) => `${id} was delivered twice although its lock had not run out (${name})`),
			],
		};
	} finally {
		await bed.close();
	}
};
