// What to break is said on the command line: by scripts/mutation.mjs, or by whoever starts that.

/** Those that need no socket, no real disk and no waiting: thousands of runs beside each other then stay quick and cannot disturb one another. */
const specs = [
	'acknowledge-batches',
	'breaker',
	'exchange-plan',
	'gate',
	'journal',
	'leases',
	'ledger*',
	'part-gathering',
	'poll-round',
	'preview',
	'topic*',
	'wire',
].map((name) => `test/lib/**/${name}.test.ts`);

export default {
	testRunner: 'mocha',
	mochaOptions: {'no-config': true, require: ['tsx/cjs'], spec: specs},
	testRunnerNodeArgs: ['--unhandled-rejections=strict'],
	coverageAnalysis: 'perTest',
	concurrency: 2,
	/** On top of what the tests take when nothing is broken: a busy machine must not make a mutant look as if it hung, which counts as found. */
	timeoutMS: 5000,
	ignorePatterns: ['/artefacts', '/bench', '/dist', '/docs', '/examples', '/.demo', '/.build-*', '*.tgz'],
	tempDirName: 'artefacts/mutation/sandbox',
	reporters: ['json', 'progress-append-only'],
	jsonReporter: {fileName: 'artefacts/mutation/report.json'},
	thresholds: {high: 95, low: 90, break: 90},
	allowConsoleColors: false,
};
