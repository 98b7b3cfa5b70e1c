// `npm run compatibility`: the packed package, installed into fresh user directories of every combination of Node and
// Node-RED that is promised to work.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {runLeg} from './compatibility/leg.mjs';
import {manifest, packBuild} from './node-red/package.mjs';
import {Problem} from './problem.mjs';
import {setUp} from './setup.mjs';
import {findNode, findNodeRed} from './tools.mjs';

/** From the oldest that the package promises to work on to the newest of both. */
const legs = [
	{node: '20.18.1', nodeRed: '4.0.0'},
	{node: '20.18.1', nodeRed: 'of the project'},
	{node: '22.23.3', nodeRed: 'of the project'},
	{node: '24.21.0', nodeRed: '5.0.7'},
];

const report = (step) => {
	console.error(`  ${step} ...`);
};

function print(results) {
	const rows = [
		['Node', 'Node-RED', 'installs', 'nodes', 'received, archived, acknowledged', 'examples', 'problems'],
		['---', '---', '---', '---:', '---:', '---:', '---:'],
		...results.map(({node, nodeRed, installed, nodes, acknowledged, examples, problems}) => [
			node,
			nodeRed,
			installed ? 'yes' : 'no',
			nodes,
			acknowledged,
			examples,
			problems.length,
		]),
	];
	console.log(rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
	for (const {node, nodeRed, problems} of results) {
		for (const problem of problems) {
			console.log(`\nNode ${node}, Node-RED ${nodeRed}: ${problem}`);
		}
	}
}

const folder = mkdtempSync(join(tmpdir(), 'retarus-fax-packed-'));
try {
	await setUp(report);
	const tarball = await packBuild(folder);
	const tools = [];
	for (const {node, nodeRed} of legs) {
		tools.push({node: await findNode(node, report), script: await findNodeRed(nodeRed, report)});
	}

	const results = await Promise.all(tools.map((tool) => runLeg({...tool, tarball, name: manifest.name})));
	print(results);
	const {json} = parseArgs({options: {json: {type: 'string'}}}).values;
	if (json !== undefined) {
		writeFileSync(json, JSON.stringify(results));
	}

	process.exitCode = results.some(({problems}) => problems.length > 0) ? 1 : 0;
} catch (error) {
	if (!(error instanceof Problem)) {
		throw error;
	}

	console.error(error.message);
	process.exitCode = 1;
} finally {
	rmSync(folder, {recursive: true, force: true});
}
