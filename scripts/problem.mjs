/** What went wrong, in a sentence for the person at the terminal: no stack trace helps there. */
export class Problem extends Error {}

/** Runs a script to its end; problems are told and make it fail. */
export async function tellProblems(script) {
	try {
		await script();
	} catch (error) {
		if (!(error instanceof Problem)) {
			throw error;
		}

		console.error(error.message);
		process.exitCode = 1;
	}
}
