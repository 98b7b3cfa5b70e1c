// One combination of Node and Node-RED: install, receive and acknowledge, import every example, look at what was
// logged.
import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {run} from '../command.mjs';
import {Archive} from '../node-red/archive.mjs';
import {endLimitMs, NodeRed} from '../node-red/node-red.mjs';
import {install} from '../node-red/package.mjs';
import {Problem} from '../problem.mjs';
import {entered, importExample} from './examples.mjs';

const {startSimulator} = createRequire(import.meta.url)('@faxbridge/retarus-fax-simulator');

const firstExample = '01 - Receive, archive, acknowledge';
/** How long an example may run before its log is looked at, when it never asks the service. */
const quietMs = 1000;

const isAcknowledged = ({state}) => state.kind === 'acknowledged';

/** What in a log is wrong: any error, and a warning that is about this package, whoever prints it. */
const wrongLines = (log, name) =>
	log.filter((line) => {
		const [, level, text = ''] = / - \[(error|warn)\] (.*)/.exec(line) ?? [];
		return (
			level === 'error' ||
			(level === 'warn' && (text.startsWith('[retarus-') || text.includes(name))) ||
			/^\s+at .*node-red-retarus-fax/.test(line)
		);
	});

/**
 * @param tarball of the package
 * @param name of the package
 * @returns what was seen, with all problems
 */
export async function runLeg({node, script, tarball, name}) {
	const userDirectory = mkdtempSync(join(tmpdir(), 'retarus-fax-compatibility-'));
	const result = {node: '', nodeRed: '', installed: false, nodes: 0, acknowledged: 0, examples: 0, problems: []};
	let nodeRed;
	let simulator;
	try {
		result.node = (await run(node, ['--version'])).output.trim();
		result.nodeRed = JSON.parse(readFileSync(join(dirname(script), 'package.json'), 'utf8')).version;
		await install(tarball, userDirectory, node);
		result.installed = true;
		simulator = await startSimulator();
		const variables = {NODE_OPTIONS: '--trace-warnings'};
		nodeRed = await NodeRed.start(userDirectory, {runtime: {node, script}, variables});
		const sets = await nodeRed.json('/nodes');
		const ours = sets.filter(({module}) => module === name);
		result.nodes = ours.filter(({enabled, err}) => enabled && err === undefined).length;
		result.problems.push(
			...sets.filter(({err}) => err !== undefined).map(({id, err}) => `${id} was not loaded: ${JSON.stringify(err)}`),
		);
		const library = `/library/examples/flows/${name}`;
		const facts = {
			nodeRed,
			simulator,
			library,
			userDirectory,
			baseUrl: simulator.baseUrl,
			knownTypes: new Set(sets.flatMap(({types}) => types)),
		};
		result.acknowledged = await receive(facts);
		for (const {fn} of await nodeRed.json(library)) {
			const problems = await importExample(fn, facts);
			await askedOnceMore(simulator);
			result.examples += problems.length === 0 ? 1 : 0;
			result.problems.push(...problems);
		}

		if (nodeRed.hasEnded) {
			result.problems.push('Node-RED ended by itself');
		} else if ((await nodeRed.end()) >= endLimitMs) {
			result.problems.push('Node-RED had to be killed');
		}

		result.problems.push(...wrongLines(nodeRed.log, name));
	} catch (error) {
		if (!(error instanceof Problem)) {
			throw error;
		}

		result.problems.push(error.message);
	} finally {
		await nodeRed?.end();
		await simulator?.close();
		rmSync(userDirectory, {recursive: true, force: true});
	}

	return result;
}

/** Not every example asks by itself: one is a worker, and one pauses at night. */
async function askedOnceMore({requests}) {
	const before = requests.count;
	const deadline = Date.now() + quietMs;
	while (requests.count === before && Date.now() < deadline) {
		await wait(20);
	}
}

/**
 * Four faxes, one of them with several documents, through the first example. @returns how many are archived and
 * acknowledged
 */
async function receive({nodeRed, simulator, library, userDirectory, baseUrl}) {
	const folder = join(userDirectory, 'faxes');
	mkdirSync(folder);
	for (const sample of ['order', 'letter', 'prescription', 'notes']) {
		simulator.addFax({sample});
	}

	const {flows, credentials} = entered(await nodeRed.json(`${library}/${encodeURIComponent(firstExample)}`), {
		baseUrl,
		folder,
	});
	await nodeRed.deploy({flows, credentials});
	await nodeRed.until('acknowledges every fax', () => simulator.faxes().every(isAcknowledged));
	const archive = new Archive(folder);
	const lost = simulator.faxes().filter((fax) => !archive.holds(fax));
	if (lost.length > 0) {
		throw new Problem(`Acknowledged, and not in the folder: ${lost.map(({facts: {id}}) => id).join(', ')}`);
	}

	return simulator.faxes().length;
}
