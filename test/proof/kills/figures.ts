import type {CampaignResult} from '../campaign-result';

/** One result of several: figures are added up, of a name that begins with `worst` the largest counts. */
export const merge = (results: readonly CampaignResult[]): CampaignResult => {
	const figures: Record<string, number> = {};
	for (const [name, value] of results.flatMap((result) => Object.entries(result.figures))) {
		const sum = figures[name] ?? 0;
		figures[name] = name.startsWith('worst') ? Math.max(sum, value) : sum + value;
	}

	return {figures, problems: results.flatMap(({problems}) => problems)};
};

/** Works on jobs, so many at a time, and merges their results. */
export const inLanes = async <Job>(
	jobs: readonly Job[],
	lanes: number,
	work: (job: Job) => Promise<CampaignResult>,
): Promise<CampaignResult> => {
	const waiting = [...jobs];
	const results: CampaignResult[] = [];
	const lane = async (): Promise<void> => {
		for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
			results.push(await work(job));
		}
	};
	await Promise.all(Array.from({length: lanes}, lane));
	return merge(results);
};
