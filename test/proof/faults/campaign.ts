/** The whole table, again and again, in an order that the seed draws. */
import type {Campaign} from '../campaign-result';
import {Random} from '../../world/random';
import type {Cell} from './fault';
import {sentence} from './outcomes';
import {cells} from './table';
import {walk, type Ending} from './walk';

/**
 * Walks the whole table `count` times; every other time the process ends while the fault lasts, and another one goes
 * on.
 */
export const runFaults: Campaign = async ({count, seed, progress}) => {
	const random = new Random(seed, 'faults');
	const figures = {
		faultKinds: new Set(cells.map(({kind}) => kind)).size,
		faultCells: cells.length,
		faultRuns: 0,
		lost: 0,
		early: 0,
	};
	const problems: string[] = [];
	const unhandled = (error: unknown): void => {
		problems.push(`a rejection that nobody handles: ${String(error)}`);
	};
	process.on('unhandledRejection', unhandled);
	try {
		for (let round = 1; round <= count; round += 1) {
			for (const cell of random.shuffled(cells)) {
				const walked = await walkSafely(cell, round % 2 === 1 ? 'recover' : 'restart');
				figures.faultRuns += 1;
				figures.lost += walked.lost;
				figures.early += walked.problems.filter((problem) => problem.startsWith('early')).length;
				problems.push(
					...walked.problems.map((problem) => `${sentence(cell)}: ${problem} (round ${round} of seed ${seed})`),
				);
			}

			progress?.(`faults: ${round} of ${count} rounds, ${problems.length} problems`);
		}
	} finally {
		process.off('unhandledRejection', unhandled);
	}

	return {figures, problems};
};

const walkSafely = async (
	cell: Cell,
	ending: Ending,
): Promise<{readonly lost: number; readonly problems: readonly string[]}> => {
	try {
		const {outcome, problems, lost} = await walk(cell, ending);
		const was = sentence({...cell, outcome});
		return {lost, problems: was === sentence(cell) ? problems : [...problems, `it was ${was}`]};
	} catch (error) {
		return {lost: 0, problems: [String(error)]};
	}
};
