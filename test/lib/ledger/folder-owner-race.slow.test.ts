import {fork, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import should from 'should';
import {Bundle} from '../../world/bundle';

const contenders = 6;

describe('The owner of a folder, of processes that begin at the same moment,', () => {
	let folder: string;
	let bundle: Bundle;
	let children: readonly ChildProcess[] = [];
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'contenders-'));
		bundle = new Bundle(join(__dirname, '../../world/own-folder.ts'));
	});
	afterEach(() => {
		for (const child of children) {
			child.kill('SIGKILL');
		}

		bundle.remove();
		rmSync(folder, {recursive: true, force: true});
	});

	it('is exactly one, time and again after the last owner was killed', async () => {
		for (let time = 0; time < 8; time += 1) {
			children = Array.from({length: contenders}, () => fork(bundle.path, [folder]));
			const said = await Promise.all(children.map(async (child) => ((await once(child, 'message')) as unknown[])[0]));
			should([...said].sort()).deepEqual([...Array.from({length: contenders - 1}, () => 'folderTaken'), 'owned']);
			should(readdirSync(folder)).deepEqual(['owner', 'owner.json']);
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
