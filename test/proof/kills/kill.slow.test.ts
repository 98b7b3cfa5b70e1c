import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import should from 'should';
import {startSimulator, type Simulator} from '../../../simulator';
import {endAll, NodeRed} from '../../node-red/node-red';
import {chain, fileNode, type Flow} from '../../node-red/node-red-flow';
import {isAcknowledged, until, untilAllAcknowledged} from '../../node-red/node-red-until';
import {linkPackage, makeFolder, removeFolder} from '../../node-red/node-red-user-directory';
import {runNodeRedKills} from './node-red-kills';

describe('A Node-RED that ends in the middle of its work', function () {
	this.timeout(120_000);

	let userDirectory: string;
	let simulator: Simulator;

	beforeEach(async () => {
		userDirectory = makeFolder();
		linkPackage(userDirectory);
		simulator = await startSimulator();
	});

	afterEach(async () => {
		await endAll();
		await simulator.close();
		removeFolder(userDirectory);
	});

	/** Writes one line for each fax, then acknowledges it. */
	const listing = (file: string): Flow => {
		const line = {id: 'line', type: 'function', func: 'msg.payload = msg.fax.id + "\\n"; return msg;', outputs: 1};
		const faxIn = {maxInFlight: 5, batchSize: 5, lockTimeout: 2};
		return chain(simulator, {faxIn, between: [line, fileNode(JSON.stringify(file), false)]});
	};

	const linesOf = (file: string): readonly string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);

	it('loses no fax by kill -9, and acknowledges none that was not written before', async () => {
		const file = join(userDirectory, 'faxes.txt');
		const faxes = Array.from({length: 40}, () => simulator.addFax({sample: 'order'}));
		const early: string[] = [];
		void simulator.requests.arrival(({query}) => {
			const written = new Set(linesOf(file));
			const ids = new URLSearchParams(query).get('ids')?.split(',') ?? [];
			early.push(...ids.filter((id) => id !== '' && !written.has(id)));
			return false;
		});

		let nodeRed = await NodeRed.start(userDirectory);
		await nodeRed.deploy(listing(file));
		for (const count of [8, 20, 30]) {
			await until(simulator, () => faxes.filter(isAcknowledged).length >= count);
			await nodeRed.end('SIGKILL');
			faxes.every(isAcknowledged).should.be.false();
			nodeRed = await NodeRed.start(userDirectory);
		}

		await untilAllAcknowledged(simulator);
		early.should.be.empty();
		const written = new Set(linesOf(file));
		faxes.filter(({facts}) => !written.has(facts.id)).should.be.empty();
	});

	it('ends within 2 s on SIGTERM with downloads in flight, and acknowledges nothing of them', async () => {
		const faxes = Array.from({length: 5}, () => simulator.addFax({sample: 'letter'}));
		simulator.faults.add({fault: {kind: 'hang', at: 'midBody'}, phase: 'document'});
		const nodeRed = await NodeRed.start(userDirectory);
		const download = simulator.requests.arrival(({phase}) => phase === 'document');
		await nodeRed.deploy(listing(join(userDirectory, 'faxes.txt')));
		await download;
		(await nodeRed.end('SIGTERM')).should.be.below(2000);
		faxes.some(isAcknowledged).should.be.false();
	});

	it('at ten random moments loses no fax, acknowledges none early, and delivers none again that was accepted', async () => {
		const {
			figures: {nodeRedKills, lost, early, acceptedAgain},
			problems,
		} = await runNodeRedKills({count: 10, seed: Math.floor(Math.random() * 2 ** 31)});
		should(problems).be.empty();
		should({nodeRedKills, lost, early, acceptedAgain}).deepEqual({
			nodeRedKills: 10,
			lost: 0,
			early: 0,
			acceptedAgain: 0,
		});
	});
});
