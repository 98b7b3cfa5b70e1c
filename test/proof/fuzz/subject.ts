/** Something that is given drawn inputs, and the sentences that must hold for every one of them. */
import fc from 'fast-check';

/** What a campaign counts the inputs of a subject as. */
export type Kind = 'bodies' | 'names' | 'others';

export interface Draw {
	readonly runs: number;
	readonly seed: number;
	/** Leads to one input of the seed. */
	readonly path?: string;
}

export interface Finding {
	/** The claim that does not hold. */
	readonly sentence: string;
	/** Why, for which input, and what shows it again. */
	readonly text: string;
}

export interface Subject {
	readonly name: string;
	readonly kind: Kind;
	readonly sentences: readonly string[];
	/** Draws inputs until a claim does not hold, makes that input small, and tells about it. */
	check(draw: Draw): Promise<Finding | undefined>;
}

/** By sentence; each throws when its sentence is wrong for the input. */
type Claims<Input> = Readonly<Record<string, (input: Input) => void>>;

/** A claim that may take turns of the event loop. */
type SlowClaims<Input> = Readonly<Record<string, (input: Input) => Promise<void>>>;

class Broken extends Error {
	readonly sentence: string;

	constructor(sentence: string, cause: unknown) {
		super(cause instanceof Error ? cause.message : String(cause), {cause});
		this.sentence = sentence;
	}
}

const longestInput = 2000;

/** Lines of a stack that lead to the claim. */
const stackLines = 4;

const findingOf = <Inputs>(name: string, details: fc.RunDetails<Inputs>): Finding | undefined => {
	if (!details.failed) {
		return undefined;
	}

	const {errorInstance: error, seed, counterexamplePath, counterexample} = details;
	const sentence = error instanceof Broken ? error.sentence : 'inputs can be drawn';
	const cause = error instanceof Broken && error.cause instanceof Error ? error.cause : error;
	const why =
		cause instanceof Error ? (cause.stack ?? cause.message).split('\n').slice(0, stackLines).join('\n') : String(cause);
	const input = fc.stringify(counterexample).slice(0, longestInput);
	const replay = `FUZZ=${JSON.stringify(`${name}/${seed}/${counterexamplePath ?? ''}`)} npx mocha test/proof/fuzz/fuzz.test.ts`;
	return {sentence, text: `${name} does not hold: ${sentence}\n${why}\ninput ${input}\nshown again by ${replay}`};
};

/** Longest time for making an input small. */
const shrinkingMs = 10_000;

/** Without a path the first failure is looked for; with one, what it leads to is made small. */
const parametersOf = <Input>({runs, seed, path}: Draw, examples: readonly Input[]): fc.Parameters<[Input]> => ({
	numRuns: runs,
	seed,
	examples: examples.map((example) => [example]),
	// The plugin that replaces it takes no input of a known type.
	// oxlint-disable-next-line typescript/no-deprecated
	...(path === undefined ? {endOnFailure: true} : {path, interruptAfterTimeLimit: shrinkingMs}),
});

/** @param examples are tried first: what would be drawn too rarely, or costs too much to be drawn often */
export const subject = <Input>(
	name: string,
	kind: Kind,
	arbitrary: fc.Arbitrary<Input>,
	claims: Claims<Input>,
	examples: readonly Input[] = [],
): Subject => {
	const all = Object.entries(claims);
	const property = fc.property(arbitrary, (input) => {
		for (const [sentence, check] of all) {
			try {
				check(input);
			} catch (error) {
				throw new Broken(sentence, error);
			}
		}
	});
	return {
		name,
		kind,
		sentences: Object.keys(claims),
		check(draw) {
			const found = fc.check(property, parametersOf(draw, examples));
			const path = found.counterexamplePath ?? undefined;
			const small = path === undefined ? found : fc.check(property, parametersOf({...draw, path}, examples));
			return Promise.resolve(findingOf(name, small));
		},
	};
};

/** As {@link subject}, for what works in turns of the event loop. */
export const slowSubject = <Input>(
	name: string,
	kind: Kind,
	arbitrary: fc.Arbitrary<Input>,
	claims: SlowClaims<Input>,
): Subject => {
	const all = Object.entries(claims);
	const property = fc.asyncProperty(arbitrary, async (input) => {
		for (const [sentence, check] of all) {
			try {
				await check(input);
			} catch (error) {
				throw new Broken(sentence, error);
			}
		}
	});
	return {
		name,
		kind,
		sentences: Object.keys(claims),
		async check(draw) {
			const found = await fc.check(property, parametersOf<Input>(draw, []));
			const path = found.counterexamplePath ?? undefined;
			return findingOf(
				name,
				path === undefined ? found : await fc.check(property, parametersOf<Input>({...draw, path}, [])),
			);
		},
	};
};
