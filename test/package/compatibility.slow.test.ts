import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import should from 'should';
import {root} from '../../scripts/setup.mjs';
import {makeFolder, removeFolder} from '../../scripts/node-red/user-directory.mjs';

/** The script's report on one combination. */
interface Leg {
	readonly node: string;
	readonly nodeRed: string;
	readonly nodes: number;
	readonly acknowledged: number;
	readonly examples: number;
	readonly problems: readonly string[];
}

const combinations = [
	['v20.18.1', '4.0.0'],
	['v20.18.1', '4.1.'],
	['v22.', '4.1.'],
	['v24.', '5.0.'],
] as const;

describe('The packed package', function () {
	// The script may have to install other versions of Node and Node-RED.
	this.timeout(600_000);

	let folder: string;
	let legs: readonly Leg[];

	before(async () => {
		folder = makeFolder();
		const file = join(folder, 'legs.json');
		await new Promise<void>((resolve) => {
			execFile(
				process.execPath,
				[join(root, 'scripts', 'compatibility.mjs'), '--json', file],
				(_error, output, problem) => {
					process.stdout.write(`${output}${problem}`);
					resolve();
				},
			);
		});
		legs = JSON.parse(readFileSync(file, 'utf8')) as readonly Leg[];
	});

	after(() => {
		removeFolder(folder);
	});

	for (const [node, nodeRed] of combinations) {
		it(`receives, acknowledges and imports every example on Node ${node} and Node-RED ${nodeRed}`, () => {
			const leg = legs.find((one) => one.node.startsWith(node) && one.nodeRed.startsWith(nodeRed));
			should(leg?.problems).deepEqual([]);
			should(leg).have.properties({nodes: 3, acknowledged: 4});
			should(leg?.examples).be.above(0);
		});
	}
});
