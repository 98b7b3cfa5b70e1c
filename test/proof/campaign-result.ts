/** What a campaign leaves behind, for the table and for docs/reliability.json. */
export interface CampaignResult {
	/** By name. Runs are added up; of a time, which begins with `worst`, the largest counts. */
	readonly figures: Readonly<Record<string, number>>;
	/** One sentence for each thing that must not happen, with what shows it again. */
	readonly problems: readonly string[];
}

export interface CampaignInput {
	/** How many of what the campaign counts: kills, inputs, redeploys. */
	readonly count: number;
	/** The same seed draws the same moments and inputs; what the machine adds is its own. */
	readonly seed: number;
	/** Told now and then how far it is, in a few words. */
	readonly progress?: (text: string) => void;
}

export type Campaign = (input: CampaignInput) => Promise<CampaignResult>;
