import {execFile} from 'node:child_process';
import {join} from 'node:path';
import should from 'should';
import {root} from '../../scripts/setup.mjs';

describe("Node-RED's scorecard", function () {
	// The scorecard may have to be installed.
	this.timeout(300_000);

	it('passes except for the version of undici, which must run on Node 20', async () => {
		const {code, output} = await new Promise<{code: unknown; output: string}>((resolve) => {
			execFile(process.execPath, [join(root, 'scripts', 'scorecard.mjs')], (error, stdout, stderr) => {
				resolve({code: error?.code ?? 0, output: `${stdout}${stderr}`});
			});
		});
		output.should.containEql('Examples found for all nodes');
		// It prints this for a node whose form it cannot read, and then lets that node pass.
		output.should.not.containEql('Unable to parse');
		output.should.match(/^12 checks, failed: D03$/m);
		should(code).equal(0);
	});
});
