import {promises as fs} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import should from 'should';
import {Accounts} from '../../../lib/account/accounts';
import {realEnvironment} from '../../../lib/environment';
import type {RetarusError} from '../../../lib/errors';
import {startSimulator, type Simulator} from '../../../simulator';
import {usual} from '../../world/receiving';
import {rejection, until} from '../../world/turns';

const settingsFor = (simulator: Simulator): Parameters<Accounts['hold']>[0] => ({
	baseUrl: simulator.baseUrl,
	customerNumber: '99999',
	password: 'secret',
	requestTimeoutMs: 5000,
	isTrial: false,
	proxy: 'none',
});

describe('Two processes on one state folder', () => {
	it('are one: the other says which folder is in use, sends nothing, and accepts nothing', async () => {
		const folder = await fs.mkdtemp(join(tmpdir(), 'shared-'));
		const simulator = await startSimulator();
		const settings = settingsFor(simulator);
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

describe('A state folder under a running process', () => {
	const losses: Readonly<Record<string, (folder: string) => Promise<void>>> = {
		removed: (folder) => fs.rm(folder, {recursive: true}),
		'replaced by an empty one': async (folder) => {
			await fs.rename(folder, `${folder}.old`);
			await fs.mkdir(folder);
		},
		'replaced by a copy of itself': async (folder) => {
			await fs.rename(folder, `${folder}.old`);
			await fs.mkdir(folder);
			for (const name of (await fs.readdir(`${folder}.old`)).filter((file) => file.endsWith('.journal'))) {
				await fs.copyFile(join(`${folder}.old`, name), join(folder, name));
			}
		},
		'stripped of its files': async (folder) => {
			await Promise.all((await fs.readdir(folder)).map((name) => fs.rm(join(folder, name))));
		},
	};

	let parent: string;
	let simulator: Simulator;
	beforeEach(async () => {
		parent = await fs.mkdtemp(join(tmpdir(), 'lost-'));
		simulator = await startSimulator();
	});
	afterEach(async () => {
		await simulator.close();
		await fs.rm(parent, {recursive: true, force: true});
	});

	it('is noticed before the next acknowledgement is accepted, however it was lost', async () => {
		for (const [name, lose] of Object.entries(losses)) {
			const folder = join(parent, name, 'state');
			const held = new Accounts(folder, realEnvironment).hold(settingsFor(simulator));
			const topic = held.account.topic('demo');
			await topic.opened;
			await topic.acknowledge({id: 'a'});
			await lose(folder);
			const deadline = Date.now() + 8000;
			// An answer of "accepted" must be true on the disk; a rejection is honest, and ends.
			let answer: unknown = new Error('never asked');
			while (answer instanceof Error && Date.now() < deadline) {
				answer = await topic.acknowledge({id: 'b'}).then(
					() => undefined,
					(error: unknown) => error,
				);
				if (answer instanceof Error) {
					should(answer).match({code: 'RETARUS_STATE'});
					await new Promise((resolve) => {
						setTimeout(resolve, 50);
					});
				}
			}

			should(answer).be.undefined();
			const journals = (await fs.readdir(folder)).filter((file) => file.endsWith('.journal'));
			const records = await Promise.all(journals.map((file) => fs.readFile(join(folder, file), 'utf8')));
			should(records.join('')).match(/"a"/).and.match(/"b"/, name);
			await held.release();
		}
	}).timeout(40_000);
});
