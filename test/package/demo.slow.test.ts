import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import should from 'should';
import {root} from '../../scripts/setup.mjs';

const start = async (
	...options: readonly string[]
): Promise<{readonly code: number | null; readonly output: string; readonly problem: string}> => {
	const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), ...options], {
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const [output, problem] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
	return {code: child.exitCode, output, problem};
};

describe('npm start -- --kill', function () {
	this.timeout(120_000);

	it('kills Node-RED while it processes faxes, losing none and acknowledging none early', async () => {
		const {code, output} = await start('--kill', '3');
		should(output.trimEnd().split('\n').at(-1)).equal('lost 0, acknowledged early 0');
		should(code).equal(0);
		should(output.match(/^killed .*SIGKILL, and of its faxes [1-9]/gm)).have.length(3);
	});

	for (const options of [['--kill'], ['--kill', '0'], ['--kill', 'often'], ['--kill=21'], ['--kill', '--once']]) {
		it(`explains its usage when given ${options.join(' ')}`, async () => {
			const {code, problem} = await start(...options);
			should(problem.trim()).equal(
				'--kill takes how often Node-RED is to be killed, from 1 to 20: npm start -- --kill 3',
			);
			should(code).equal(1);
		});
	}

	it('is among the options listed for an unknown one', async () => {
		const {code, problem} = await start('--kills');
		should(problem.trim()).equal('--kills is unknown: the options are --once and --kill N.');
		should(code).equal(1);
	});
});
