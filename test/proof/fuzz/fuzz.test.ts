import type {Finding, Kind} from './subject';
import {subjects} from './subjects';

/** Inputs of all subjects of a kind together. */
const inputs: Record<Kind, number> = {bodies: 20_000, names: 20_000, others: 8000};

/** `FUZZ=subject/seed/path` shows one input again. */
const [only, seedText, path] = process.env.FUZZ?.split('/') ?? [];
const seed = seedText === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(seedText);

describe(`Drawn inputs (seed ${seed})`, function () {
	this.timeout(60_000);

	for (const subject of subjects.filter(({name}) => only === undefined || name === only)) {
		const {name, kind, sentences} = subject;
		describe(name, () => {
			let finding: Finding | undefined;

			before(async () => {
				const runs = Math.ceil(inputs[kind] / subjects.filter((other) => other.kind === kind).length);
				finding = await subject.check({runs, seed, ...(path !== undefined && {path})});
				if (finding && !sentences.includes(finding.sentence)) {
					throw new Error(finding.text);
				}
			});

			for (const sentence of sentences) {
				it(sentence, () => {
					if (finding?.sentence === sentence) {
						throw new Error(finding.text);
					}
				});
			}
		});
	}
});
