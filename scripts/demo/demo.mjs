import {once} from 'node:events';
import {rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join, relative} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as wait} from 'node:timers/promises';
import {Problem} from '../problem.mjs';
import {root} from '../setup.mjs';
import {demoFlow, variables} from './flow.mjs';
import {NodeRed} from './node-red.mjs';
import {freePort} from './port.mjs';
import {Progress} from './progress.mjs';
import {screen} from './screen.mjs';
import {makeUserDirectory} from './user-directory.mjs';

const {startSimulator} = createRequire(import.meta.url)(join(root, 'dist', 'simulator', 'index.js'));
const ports = {simulator: 8899, editor: 1880};
const samples = ['order', 'letter', 'prescription', 'notes'];
const lookEveryMs = 100;
const onceLimitMs = 60_000;

/**
 * Starts the simulator and Node-RED, and shows what becomes of each fax.
 * @param isOnce ends when every fax is acknowledged, and leaves nothing behind
 * @param signal ends it before
 * @throws Problem
 */
export async function runDemo({isOnce, signal}) {
	const userDirectory = makeUserDirectory(!isOnce);
	const archive = join(userDirectory, 'faxes');
	const simulatorPort = await freePort(ports.simulator);
	const editorPort = await freePort(ports.editor);
	const simulator = await startSimulator({port: simulatorPort});
	const nodeRed = new NodeRed({userDirectory, port: editorPort, variables: variables({baseUrl: simulator.baseUrl, archive})});
	const receive = async () => {
		const editor = await nodeRed.start(screen.error);
		screen.fact('Simulator', simulator.baseUrl, taken(simulatorPort, ports.simulator));
		screen.fact('Editor', editor, taken(editorPort, ports.editor));
		screen.fact('Archive', relative(root, archive));
		screen.gap();
		for (const sample of samples) {
			simulator.addFax({sample});
		}

		await nodeRed.deployFirst(demoFlow());
		const progress = new Progress(simulator, archive);
		await (isOnce ? showOnce(progress) : showAll(progress, simulator, signal));
	};

	try {
		await Promise.race([receive(), nodeRed.failure, once(signal, 'abort')]);
	} finally {
		await nodeRed.stop();
		await simulator.close();
	}

	if (isOnce) {
		if (signal.aborted) {
			throw new Problem('\nStopped before every fax was acknowledged.');
		}

		rmSync(userDirectory, {recursive: true, force: true});
	}
}

const taken = (port, wanted) => port === wanted ? '' : `port ${wanted} is taken`;

async function showOnce(progress) {
	const deadline = Date.now() + onceLimitMs;
	while (!progress.isComplete) {
		show(await progress.news());
		if (progress.lost.length > 0) {
			throw new Problem(`\nAcknowledged without being archived:\n${progress.missing.join('\n')}`);
		}

		if (Date.now() > deadline) {
			throw new Problem(`\nNot done within ${onceLimitMs / 1000} s:\n${progress.missing.join('\n')}`);
		}

		await wait(lookEveryMs);
	}

	screen.sentence('\nEvery fax is archived and acknowledged.');
}

async function showAll(progress, simulator, signal) {
	const keys = process.stdin.isTTY ? createInterface({input: process.stdin}) : undefined;
	keys?.on('line', () => {
		simulator.addFax();
	});
	signal.addEventListener('abort', () => {
		keys?.close();
	});
	let isTold = false;
	while (!signal.aborted) {
		show(await progress.news());
		if (progress.isComplete && !isTold) {
			isTold = true;
			screen.sentence(`\nEvery fax is archived and acknowledged. ${keys ? 'Enter: another fax arrives. ' : ''}Ctrl+C: stop.\n`);
		}

		await wait(lookEveryMs);
	}
}

function show(news) {
	for (const {stage, fax} of news) {
		const {id, from, pages} = fax.facts;
		switch (stage) {
			case 'received':
				screen.stage(stage, id, `${pages === 1 ? '1 page' : `${pages} pages`} from ${from}`);
				break;
			case 'archived':
				for (const {name} of fax.documents) {
					screen.stage(stage, name, '');
				}

				break;
			default:
				screen.stage(stage, id, '');
		}
	}
}
