/** One line of the table. */
export interface Result {
	/** Letter of the question. */
	readonly question: string;
	readonly what: string;
	readonly measured: number;
	readonly unit: string;
	/** What it is held against, in words. */
	readonly against: string;
	/** What the figure has to be; absent when it only informs. */
	readonly goal?: {readonly most?: number; readonly least?: number};
}

/** `undefined` without a goal. */
export const isMet = ({measured, goal}: Result): boolean | undefined =>
	goal && (goal.most === undefined || measured <= goal.most) && (goal.least === undefined || measured >= goal.least);

export interface QuestionOptions {
	/** Of each side, alternating; medians are told. */
	readonly rounds: number;
	/** Minutes of the soak. */
	readonly minutes: number;
	/** A short version: fewer faxes. */
	readonly isShort: boolean;
	readonly progress: (text: string) => void;
}

export type Question = (options: QuestionOptions) => Promise<readonly Result[]>;
