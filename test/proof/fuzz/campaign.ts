import {setImmediate as turn} from 'node:timers/promises';
import type {Campaign} from '../campaign-result';
import type {Kind, Subject} from './subject';
import {subjects} from './subjects';

/** How many inputs of each kind come for one body. */
const shares: Record<Kind, number> = {bodies: 1, names: 2 / 5, others: 1 / 20};

/** Inputs that are drawn from one seed, between two words about the progress. */
const chunk = 10_000;

const figures: Record<Kind, string> = {bodies: 'fuzzedBodies', names: 'fuzzedNames', others: 'fuzzedOthers'};

/**
 * Draws `count` bodies, two names for every five, and of everything else a few, each subject on its own seeds from
 * `seed` on.
 */
export const runFuzz: Campaign = async ({count, seed, progress}) => {
	const done: Record<Kind, number> = {bodies: 0, names: 0, others: 0};
	const problems: string[] = [];
	for (const subject of subjects) {
		const runs = runsOf(subject, count);
		for (let begun = 0; begun < runs; begun += chunk) {
			const now = Math.min(chunk, runs - begun);
			// 32 bits, as the generator takes them.
			const finding = await subject.check({runs: now, seed: (seed + begun / chunk) | 0});
			done[subject.kind] += now;
			if (finding) {
				problems.push(finding.text);
				break;
			}

			progress?.(`${subject.name}: ${begun + now} of ${runs}`);
			await turn();
		}
	}

	return {
		figures: Object.fromEntries(Object.entries(figures).map(([kind, name]) => [name, done[kind as Kind]])),
		problems,
	};
};

const runsOf = ({kind}: Subject, count: number): number =>
	Math.ceil((count * shares[kind]) / subjects.filter((subject) => subject.kind === kind).length);
