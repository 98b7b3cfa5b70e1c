/** One line of the table. */
export interface Result {
	/** The letter of the question. */
	readonly question: string;
	readonly what: string;
	readonly measured: number;
	readonly unit: string;
	/** What the figure is compared with. */
	readonly against: string;
	/** Bounds for the figure; absent if it is only informative. */
	readonly goal?: {readonly most?: number; readonly least?: number};
}

/** `undefined` without a goal. */
export const isMet = ({measured, goal}: Result): boolean | undefined =>
	goal && (goal.most === undefined || measured <= goal.most) && (goal.least === undefined || measured >= goal.least);

export interface QuestionOptions {
	/** Runs per client, alternating; results are medians. */
	readonly rounds: number;
	/** Duration of the soak. */
	readonly minutes: number;
	/** Runs a short version with fewer faxes. */
	readonly isShort: boolean;
	readonly progress: (text: string) => void;
}

export type Question = (options: QuestionOptions) => Promise<readonly Result[]>;
