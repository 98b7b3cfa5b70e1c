/** How many checks passed and failed. */
export class Counts {
	passed = 0;
	failed = 0;

	/** A check of its own. */
	count(isPassed) {
		this.add({passed: isPassed ? 1 : 0, failed: isPassed ? 0 : 1});
	}

	add({passed, failed}) {
		this.passed += passed;
		this.failed += failed;
	}

	/** Ends a script: the last line and the exit code. */
	conclude() {
		console.log(`${this.passed} passed, ${this.failed} failed`);
		process.exitCode = this.failed === 0 ? 0 : 1;
	}
}
