import {mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import 'should';
import {bytesOf} from '../../simulator/document';
import {startSimulator, type FaxView, type Simulator} from '../../simulator';
import manifest from '../../package.json';
import {endAll, NodeRed, root} from '../helpers/node-red';
import {addressOf, credentials, type Flow, type FlowNode} from '../helpers/node-red-flow';
import {untilAllAcknowledged, until} from '../helpers/node-red-until';
import {linkPackage, makeFolder, removeFolder} from '../helpers/node-red-user-directory';

const names = readdirSync(join(root, 'examples')).map(name => name.replace('.json', ''));

/** An example as the import dialog gets it. */
const served = async (nodeRed: NodeRed, name: string): Promise<readonly FlowNode[]> =>
	await nodeRed.json(`/library/examples/flows/${manifest.name}/${encodeURIComponent(name)}`) as readonly FlowNode[];

/** What the comment in each example asks its user to enter, and nothing else. */
const entered = (example: readonly FlowNode[], simulator: Simulator, folder: string): Flow => ({
	flows: example.map((node) => {
		switch (node.type) {
			case 'tab':
				return {...node, env: [{name: 'FAX_FOLDER', value: folder, type: 'str'}]};
			case 'retarus-account':
				return {...node, ...addressOf(simulator)};
			default:
				return node;
		}
	}),
	credentials: Object.fromEntries(example.filter(({type}) => type === 'retarus-account').map(({id}) => [id, credentials])),
});

const shouldBeArchived = (fax: FaxView, folder: string): void => {
	for (const document of fax.documents) {
		readFileSync(join(folder, document.name)).equals(bytesOf(document)).should.be.true(`${document.name} is not what was sent`);
	}
};

describe('The example', function () {
	this.timeout(60_000);

	let userDirectory: string;
	let simulator: Simulator;
	let nodeRed: NodeRed;

	beforeEach(async () => {
		userDirectory = makeFolder();
		linkPackage(userDirectory);
		simulator = await startSimulator();
		nodeRed = await NodeRed.start(userDirectory);
	});

	afterEach(async () => {
		await endAll();
		await simulator.close();
		removeFolder(userDirectory);
	});

	for (const name of names) {
		it(`"${name}" archives and acknowledges faxes of one and of several documents`, async () => {
			const folder = join(userDirectory, 'faxes');
			const faxes = (['order', 'letter', 'prescription', 'notes'] as const).map(sample => simulator.addFax({sample}));
			await nodeRed.deploy(entered(await served(nodeRed, name), simulator, folder));
			await untilAllAcknowledged(simulator);
			for (const fax of faxes) {
				shouldBeArchived(fax, folder);
			}
		});
	}

	it('"02 - Give back on failure" gives a fax back whose folder cannot be written, and archives it when it can', async () => {
		const folder = join(userDirectory, 'faxes');
		writeFileSync(folder, 'A file where the folder should be.');
		const fax = simulator.addFax({sample: 'notes'});
		await nodeRed.deploy(entered(await served(nodeRed, '02 - Give back on failure'), simulator, folder));
		await until(simulator, () => fax.events.filter(({kind}) => kind === 'listed').length === 2);
		fax.events.some(({kind}) => kind === 'acknowledged').should.be.false();

		// The documents of the second delivery are fetched from this very process, so none can be written before.
		rmSync(folder);
		mkdirSync(folder);
		await untilAllAcknowledged(simulator);
		shouldBeArchived(fax, folder);
	});
});

describe('The examples', () => {
	const example = (name: string): readonly FlowNode[] => JSON.parse(readFileSync(join(root, 'examples', `${name}.json`), 'utf8')) as readonly FlowNode[];

	for (const name of names) {
		it(`"${name}" has one tab, places for all nodes, and no credentials`, () => {
			const nodes = example(name);
			nodes.filter(({type}) => type === 'tab').should.have.length(1);
			const tab = nodes.find(({type}) => type === 'tab');
			for (const node of nodes) {
				node.should.not.have.property('credentials');
				if (node.type !== 'tab' && node.type !== 'retarus-account') {
					node.should.have.properties({z: tab?.id});
					node.should.have.properties(['x', 'y', 'wires']);
				}
			}
		});

		it(`"${name}" tells in a comment what to change`, () => {
			example(name).some(({type, name: label}) => type === 'comment' && String(label).startsWith('To change')).should.be.true();
		});
	}

	it('share no node id, so that all can be imported side by side', () => {
		const ids = names.flatMap(name => example(name).map(({id}) => id));
		new Set(ids).size.should.equal(ids.length);
	});
});
