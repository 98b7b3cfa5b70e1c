import {Problem} from './problem.mjs';

/** Counts passed and failed checks. */
class Counts {
	passed = 0;
	failed = 0;

	/** Counts a single check. */
	count(isPassed) {
		this.add({passed: isPassed ? 1 : 0, failed: isPassed ? 0 : 1});
	}

	add({passed, failed}) {
		this.passed += passed;
		this.failed += failed;
	}
}

/** Runs a script that counts checks, prints the totals and sets the exit code. A `Problem` counts as a failure. */
export async function runChecks(script) {
	const counts = new Counts();
	try {
		await script(counts);
	} catch (error) {
		if (!(error instanceof Problem)) {
			throw error;
		}

		console.error(error.message);
		counts.count(false);
	}

	console.log(`${counts.passed} passed, ${counts.failed} failed`);
	process.exitCode = counts.failed === 0 ? 0 : 1;
}
