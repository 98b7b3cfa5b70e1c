import {Random} from '../../world/random';
import type {Campaign, CampaignResult} from '../campaign-result';
import {copyBuild, removeFolder} from '../../../scripts/node-red/user-directory.mjs';
import {inLanes} from './figures';
import {KillRun} from './kill-run';

/** After so many kills of one Node-RED everything has to come to rest. */
const killsPerRun = 8;

/** On a machine with two cores more would only make the moments blur. */
const lanes = 2;

/**
 * A real Node-RED with fax in -> archive -> fax ack, killed with SIGKILL at random moments and started again at once.
 */
export const runNodeRedKills: Campaign = async ({count, seed, progress}) => {
	const build = copyBuild();
	const runs = Array.from({length: Math.ceil(count / killsPerRun)}, (_, run) => ({
		run,
		kills: Math.min(killsPerRun, count - run * killsPerRun),
	}));
	let killed = 0;
	try {
		return await inLanes(runs, lanes, async ({run, kills}): Promise<CampaignResult> => {
			const result = await KillRun.run({
				build,
				kills,
				random: new Random(seed, `kills ${run}`),
				name: `seed ${seed}, run ${run}`,
			});
			killed += kills;
			progress?.(`${killed} of ${count} kills`);
			return result;
		});
	} finally {
		removeFolder(build);
	}
};
