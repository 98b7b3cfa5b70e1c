// The modules to break are given on the command line, by scripts/mutation.mjs or its caller.

/**
 * The tests without sockets, real disk or waiting, so that thousands of parallel runs stay fast and cannot disturb
 * each other.
 */
const specs = [
	'acknowledge-batches',
	'arrivals',
	'attempts',
	'breaker',
	'checked-exchange',
	'confirmations',
	'deliveries',
	'exchange-plan',
	'gate',
	'journal',
	'leases',
	'ledger*',
	'next-step',
	'part-gathering',
	'poll-round',
	'preview',
	'shared-gate',
	'suspects',
	'topic*',
	'wire',
].map((name) => `test/lib/**/${name}.test.ts`);

export default {
	testRunner: 'mocha',
	mochaOptions: {'no-config': true, require: ['tsx/cjs'], spec: specs},
	testRunnerNodeArgs: ['--unhandled-rejections=strict'],
	coverageAnalysis: 'perTest',
	/** There is no such file, so that Stryker does not rewrite it: that needs the interface of an older TypeScript. */
	tsconfigFile: 'none',
	concurrency: 2,
	/**
	 * Added to the usual duration of the tests. A mutant that hangs counts as found, and on a busy machine a slow one
	 * must not be mistaken for that.
	 */
	timeoutMS: 5000,
	ignorePatterns: ['/artefacts', '/bench', '/dist', '/docs', '/examples', '/.demo', '/.build-*', '*.tgz'],
	tempDirName: 'artefacts/mutation/sandbox',
	reporters: ['json', 'progress-append-only'],
	jsonReporter: {fileName: 'artefacts/mutation/report.json'},
	thresholds: {high: 95, low: 90, break: 90},
	allowConsoleColors: false,
};
