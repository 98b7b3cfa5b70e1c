import {promises as fs} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import should from 'should';
import {Accounts} from '../../../lib/account/accounts';
import {realEnvironment} from '../../../lib/environment';
import type {RetarusError} from '../../../lib/errors';
import {startSimulator} from '../../../simulator';
import {usual} from '../../world/receiving';
import {rejection, until} from '../../world/turns';

describe('Two processes on one state folder', () => {
	it('are one: the other says which folder is in use, sends nothing, and accepts nothing', async () => {
		const folder = await fs.mkdtemp(join(tmpdir(), 'shared-'));
		const simulator = await startSimulator();
		const settings: Parameters<Accounts['hold']>[0] = {
			baseUrl: simulator.baseUrl,
			customerNumber: '99999',
			password: 'secret',
			requestTimeoutMs: 5000,
			isTrial: false,
			proxy: 'none',
		};
		const first = new Accounts(folder, realEnvironment).hold(settings);
		await first.account.topic('demo').opened;
		const second = new Accounts(folder, realEnvironment).hold(settings);
		const topic = second.account.topic('demo');
		const troubles: RetarusError[] = [];
		topic.on('trouble', (error) => troubles.push(error));
		topic.receive(usual);
		await until(() => troubles.length > 0);
		should(troubles).match([{code: 'RETARUS_STATE', reason: 'folderTaken', facts: {folder}}]);
		should(topic.status.state).match({kind: 'trouble', error: {reason: 'folderTaken'}});
		should(await rejection(topic.acknowledge({id: 'a'}))).match({code: 'RETARUS_STATE', reason: 'folderTaken'});
		should(simulator.requests.count).equal(0);
		should((await fs.readdir(folder)).filter((name) => !name.endsWith('.journal'))).deepEqual(['owner', 'owner.json']);
		await Promise.all([second.release(), first.release()]);
		await simulator.close();
		await fs.rm(folder, {recursive: true, force: true});
	});
});
