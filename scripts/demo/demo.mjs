import {once} from 'node:events';
import {rmSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {setTimeout as wait} from 'node:timers/promises';
import {Problem} from '../problem.mjs';
import {Archive} from '../node-red/archive.mjs';
import {demoFlow, deployFirst} from './flow.mjs';
import {Progress} from './progress.mjs';
import {openScene} from './scene.mjs';
import {screen} from './screen.mjs';
import {show} from './show.mjs';

const lookEveryMs = 100;
const onceLimitMs = 60_000;

/**
 * Starts the simulator and Node-RED, and shows what becomes of each fax.
 * @param isOnce ends when every fax is acknowledged, and leaves nothing behind
 * @param signal ends it before
 * @throws Problem
 */
export async function runDemo({isOnce, signal}) {
	const scene = await openScene(!isOnce);
	const {simulator, archive, userDirectory} = scene;
	const nodeRed = scene.nodeRed();
	const receive = async () => {
		scene.showFacts(await nodeRed.ready);
		scene.addFaxes();
		await deployFirst(nodeRed, demoFlow());
		const progress = new Progress(simulator, new Archive(archive));
		await (isOnce ? showOnce(progress) : showAll(progress, simulator, signal));
	};

	try {
		await Promise.race([receive(), nodeRed.failure, once(signal, 'abort')]);
	} finally {
		await nodeRed.end();
		await simulator.close();
	}

	if (isOnce) {
		if (signal.aborted) {
			throw new Problem('\nStopped before every fax was acknowledged.');
		}

		rmSync(userDirectory, {recursive: true, force: true});
	}
}

async function showOnce(progress) {
	const deadline = Date.now() + onceLimitMs;
	while (!progress.isComplete) {
		show(progress.news());
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
		show(progress.news());
		if (progress.isComplete && !isTold) {
			isTold = true;
			screen.sentence(
				`\nEvery fax is archived and acknowledged. ${keys ? 'Enter: another fax arrives. ' : ''}Ctrl+C: stop.\n`,
			);
		}

		await wait(lookEveryMs);
	}
}
