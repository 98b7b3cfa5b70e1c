import {Random} from '../../world/random';
import type {Campaign, CampaignResult} from '../campaign-result';
import {copyBuild, removeFolder} from '../../../scripts/node-red/user-directory.mjs';
import {inLanes} from './figures';
import {RedeployRun} from './redeploy-run';

const redeploysPerRun = 25;
const lanes = 2;

/**
 * A real Node-RED with a backlog is redeployed, in turn the fax in node, the account, the fax ack node, the flow,
 * everything,
 * while documents and acknowledges are under way.
 */
export const runRedeploys: Campaign = async ({count, seed, progress}) => {
	const build = copyBuild();
	const length = Math.ceil(count / redeploysPerRun);
	const runs = Array.from({length}, (_, run) => ({
		run,
		redeploys: Math.min(redeploysPerRun, count - run * redeploysPerRun),
	}));
	const closeMs: number[] = [];
	try {
		const {figures, problems} = await inLanes(runs, lanes, async ({run, redeploys}): Promise<CampaignResult> => {
			const {times, ...result} = await RedeployRun.run({
				build,
				redeploys,
				random: new Random(seed, `redeploys ${run}`),
				name: `seed ${seed}, run ${run}`,
			});
			closeMs.push(...times);
			progress?.(`${closeMs.length} of ${count} redeploys`);
			return result;
		});
		return {
			figures: {
				redeploys: closeMs.length,
				worstCloseMs: at(closeMs, 1),
				worstP99CloseMs: at(closeMs, 0.99),
				...figures,
			},
			problems,
		};
	} finally {
		removeFolder(build);
	}
};

/** The value that so great a part of all does not exceed. */
const at = (values: readonly number[], part: number): number => {
	const sorted = [...values].sort((one, other) => one - other);
	return Math.round(sorted[Math.ceil(part * sorted.length) - 1] ?? 0);
};
