import {runHistories} from '../campaign/histories';
import type {Campaign} from '../helpers/campaign-result';

export interface NamedCampaign {
	/** Its option on the command line, and its name on the board. */
	readonly name: string;
	/** How much of it a run without options has. */
	readonly usual: number;
	readonly counts: string;
	readonly run: Campaign;
}

/** In the order of the table. */
export const campaigns: readonly NamedCampaign[] = [
	{name: 'histories', usual: 1000, counts: 'simulated histories of 50 to 100 faxes', run: runHistories},
];
