import {fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import should from 'should';
import {runWorkerKills} from './kills';
import {Bundle} from './worker-process';

describe('A bare worker that is killed 200 times', () => {
	it('loses no fax, acknowledges none early, and delivers none again whose acknowledge it had accepted', async () => {
		const {figures, problems} = await runWorkerKills({count: 200, seed: 2});
		should(problems).be.empty();
		should(figures).match({workerKills: 200, lost: 0, early: 0, acceptedAgain: 0});
		should(figures.duplicates).be.above(0);
	}).timeout(300_000);
});

describe('Of many processes that begin at the same moment on one folder', () => {
	const contenders = 6;
	let folder: string;
	let bundle: Bundle;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'contenders-'));
		bundle = new Bundle(join(__dirname, '../../world/own-folder.ts'));
	});
	afterEach(() => {
		bundle.remove();
		rmSync(folder, {recursive: true, force: true});
	});

	it('one owns it, again and again after the last owner was killed', async () => {
		for (let time = 0; time < 8; time += 1) {
			const children = Array.from({length: contenders}, () => fork(bundle.path, [folder]));
			const said = await Promise.all(children.map(async (child) => ((await once(child, 'message')) as unknown[])[0]));
			should([...said].sort()).deepEqual([...Array.from({length: contenders - 1}, () => 'folderTaken'), 'owned']);
			should(readdirSync(folder)).deepEqual(['owner']);
			await Promise.all(
				children.map(async (child) => {
					if (child.exitCode === null) {
						const exit = once(child, 'exit');
						child.kill('SIGKILL');
						await exit;
					}
				}),
			);
		}
	}).timeout(120_000);
});
