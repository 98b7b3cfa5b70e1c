import {join} from 'node:path';
import 'should';
import {startSimulator, type Simulator} from '../../../simulator';
import {endAll, NodeRed} from '../../../scripts/node-red/node-red.mjs';
import {linkPackage, makeFolder, removeFolder} from '../../../scripts/node-red/user-directory.mjs';
import {chain, fileNode} from '../../node-red/node-red-flow';
import {isAcknowledged} from '../../node-red/node-red-until';

describe('A Node-RED with downloads in flight', function () {
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

	it('ends within 2 s on SIGTERM and acknowledges none of their faxes', async () => {
		const faxes = Array.from({length: 5}, () => simulator.addFax({sample: 'letter'}));
		simulator.faults.add({fault: {kind: 'hang', at: 'midBody'}, phase: 'document'});
		const nodeRed = await NodeRed.start(userDirectory);
		const download = simulator.requests.arrival(({phase}) => phase === 'document');
		const file = fileNode(JSON.stringify(join(userDirectory, 'faxes.txt')), false);
		await nodeRed.deploy(chain(simulator, {between: [file]}));
		await download;
		(await nodeRed.end('SIGTERM')).should.be.below(2000);
		faxes.some(isAcknowledged).should.be.false();
	});
});
