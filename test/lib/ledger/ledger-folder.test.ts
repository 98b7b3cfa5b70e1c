import {promises as fs} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import should from 'should';
import {realEnvironment} from '../../../lib/environment';

describe('The folder of ledgers', () => {
	let folder: string;
	const {open} = fs;
	let opened: string[];
	beforeEach(async () => {
		folder = await fs.mkdtemp(join(tmpdir(), 'made-'));
		opened = [];
		fs.open = (path, ...more) => {
			opened.push(String(path));
			return open(path, ...more);
		};
	});
	afterEach(async () => {
		fs.open = open;
		await fs.rm(folder, {recursive: true, force: true});
	});

	it('that is new is synced in the one above it, as is every one made on the way', async () => {
		await realEnvironment.files.makeFolder(join(folder, 'user', 'retarus-fax'));
		should(opened).deepEqual([join(folder, 'user'), folder]);
	});

	it('that is there already is left in peace', async () => {
		await realEnvironment.files.makeFolder(folder);
		should(opened).be.empty();
	});
});
