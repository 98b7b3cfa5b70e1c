import {homedir} from 'node:os';
import {join, resolve} from 'node:path';
import should from 'should';
import {chooseStateFolder} from '../../nodes/state-folder-path';
import {startFlow} from './flow';

const userDir = resolve('/data');

describe('The state folder', () => {
	const path = (setting: unknown, environment: NodeJS.ProcessEnv = {}): string =>
		chooseStateFolder({userDir, retarusAccountStateFolder: setting}, environment).path;

	it('is in the user directory', () => {
		should(path(undefined)).equal(join(userDir, 'retarus-fax'));
		should(chooseStateFolder({}, {}).path).equal(join(homedir(), '.node-red', 'retarus-fax'));
	});

	it('is where settings.js says, before the environment variable', () => {
		const environment = {RETARUS_FAX_STATE_FOLDER: '/elsewhere'};
		should(path('/data/storage', environment)).equal(resolve('/data/storage'));
		should(path(' ', environment)).equal(resolve('/elsewhere'));
		should(path(undefined, environment)).equal(resolve('/elsewhere'));
		should(path(17, {RETARUS_FAX_STATE_FOLDER: ''})).equal(join(userDir, 'retarus-fax'));
	});

	it('starts from the user directory where the path is relative', () => {
		should(path('storage/fax')).equal(join(userDir, 'storage', 'fax'));
	});

	it('is a subfolder of its own for each named replica', () => {
		should(path('/shared', {RETARUS_FAX_INSTANCE: 'ward-2.west_1'})).equal(resolve('/shared/ward-2.west_1'));
	});

	for (const instance of ['..', '.', '../other', 'a/b', 'a\\b', ' ', 'a b', '-a', 'a'.repeat(65), 'ends.', 'ä']) {
		it(`is refused for the name ${JSON.stringify(instance)} of a replica`, () => {
			should(chooseStateFolder({userDir}, {RETARUS_FAX_INSTANCE: instance}).problem).match({
				code: 'RETARUS_CONFIG',
				reason: 'instanceInvalid',
			});
		});
	}

	describe('with a name that is none', () => {
		before(() => {
			process.env.RETARUS_FAX_INSTANCE = '../other';
		});
		after(() => {
			delete process.env.RETARUS_FAX_INSTANCE;
		});

		it('lets no node receive, and the error names the variable', async () => {
			const flow = await startFlow({faxes: 1});
			await flow.until(() => flow.errors('in').length > 0);
			should(flow.errors('in')[0]).match({code: 'RETARUS_CONFIG', message: /RETARUS_FAX_INSTANCE.*\.\.\/other/});
			flow.simulator.requests.count.should.equal(0);
		});
	});
});
