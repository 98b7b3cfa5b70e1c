import type {Campaign} from '../campaign-result';
import {Random} from '../../world/random';
import {crashEverywhere, type Step} from './crash-everywhere';
import type {Act} from './ledger-witness';

const ids = ['a', 'b@c.d', 'ü', '__proto__'] as const;
const mostProblems = 20;

/** A fax is asked for once at a time; what is asked next depends on what was asked before. */
const drawAct = (random: Random, last: Act | undefined): Act => {
	switch (last) {
		case undefined:
		case 'fail':
		case 'giveBack':
			return random.pick(['deliver', 'deliver', 'accept']);
		case 'deliver':
			return random.pick(['deliver', 'fail', 'giveBack', 'accept', 'accept']);
		case 'accept':
			return random.pick(['accept', 'confirm', 'confirm', 'refuse', 'deliver']);
		case 'refuse':
			return random.pick(['accept', 'deliver']);
		case 'confirm':
			return random.pick(['confirm', 'accept', 'deliver']);
	}
};

const drawSteps = (random: Random): readonly Step[] => {
	const last = new Map<string, Act>();
	return Array.from({length: random.integer(1, 6)}, (): Step => {
		if (random.chance(0.15)) {
			return {kind: 'fail', call: random.pick(['append', 'sync'])};
		}

		const requests = ids
			.filter(() => random.chance(0.5))
			.map((id): readonly [string, Act] => {
				const act = drawAct(random, last.get(id));
				last.set(id, act);
				return [id, act];
			});
		return {kind: 'ask', requests};
	});
};

/**
 * Ends random histories of a ledger in every call to the disk, some of the recoveries too, until there were as many
 * crashes as asked for.
 */
export const runJournalCrashes: Campaign = async ({count, seed, progress}) => {
	const figures = {journalCrashes: 0, lost: 0, early: 0};
	const problems: string[] = [];
	for (let history = 0; figures.journalCrashes < count; history += 1) {
		const random = new Random(seed, `journal ${history}`);
		const {crashes, faults} = await crashEverywhere({steps: drawSteps(random), depth: random.pick([0, 0, 0, 1])});
		figures.journalCrashes += crashes;
		for (const {kind, text, where} of faults) {
			figures.lost += kind === 'lost' ? 1 : 0;
			figures.early += kind === 'early' ? 1 : 0;
			if (problems.length < mostProblems) {
				problems.push(`journal crashes with seed ${seed}, history ${history}, ${where}: ${kind}: ${text}`);
			}
		}

		progress?.(`${figures.journalCrashes} crashes, ${problems.length} problems`);
	}

	return {figures, problems};
};
