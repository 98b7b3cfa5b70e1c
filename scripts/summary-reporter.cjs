// Mocha's spec reporter, with the exact counts as the last line.
const {reporters, Runner} = require('mocha');

module.exports = class SummaryReporter extends reporters.Spec {
	constructor(runner, options) {
		super(runner, options);
		runner.once(Runner.constants.EVENT_RUN_END, () => {
			reporters.Base.consoleLog(`${runner.stats.passes} passed, ${runner.stats.failures} failed`);
		});
	}
};
