module.exports = {
	require: ['tsx/cjs'],
	reporter: 'scripts/summary-reporter.cjs',
	'node-option': ['unhandled-rejections=strict'],
	timeout: 10_000,
};
