import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import should from 'should';
import {control, simulate} from './harness';

const root = join(__dirname, '../..');
const [, faults = ''] = readFileSync(join(root, 'docs/simulator.md'), 'utf8').split('\n## Faults\n');

/** test/package/installed.test.ts runs the other examples of docs/simulator.md, in an installed package. */
describe('The documentation of faults', function () {
	this.timeout(30_000);

	it('has an example that passes: a proxy that blocks one id', async () => {
		const [, example = ''] = /\n```js\n([^]*?)\n```\n/.exec(faults) ?? [];
		const folder = mkdtempSync(join(tmpdir(), 'retarus-example-'));
		try {
			const file = join(folder, 'example.test.cjs');
			const source = join(root, 'simulator', 'index.ts');
			writeFileSync(file, example.replace("'@faxbridge/retarus-fax-simulator'", JSON.stringify(source)));
			// Without NODE_TEST_CONTEXT, or Node would take the example for a part of this run.
			const {stdout} = await promisify(execFile)(
				process.execPath,
				['--require', require.resolve('tsx/cjs'), '--test-reporter', 'tap', file],
				{env: {...process.env, NODE_TEST_CONTEXT: undefined}},
			);
			stdout.should.match(/^# pass 1$/m);
		} finally {
			rmSync(folder, {recursive: true, force: true});
		}
	});

	it('shows only rules that the control API accepts', async () => {
		const rules = [...faults.matchAll(/^ {4}.*?(\{"fault".*\})(?:' \$api\/faults)?$/gm)].map(([, rule = '']) => rule);
		rules.should.have.length(6);
		const simulator = await simulate();
		for (const rule of rules) {
			const {status} = await control(simulator, 'POST', '/simulator/faults', JSON.parse(rule));
			should(status).equal(201, rule);
		}
	});
});
