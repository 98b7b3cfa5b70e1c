import {once} from 'node:events';
import {rmSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {URLSearchParams} from 'node:url';
import {Problem} from '../problem.mjs';
import {Archive} from '../node-red/archive.mjs';
import {Witness} from '../node-red/witness.mjs';
import {demoFlow, deployFirst} from './flow.mjs';
import {Progress} from './progress.mjs';
import {openScene} from './scene.mjs';
import {screen} from './screen.mjs';
import {show} from './show.mjs';

/** A lock that runs out soon: what was in flight comes again after 2, 4, 8 s, and nobody waits for minutes. */
const faxIn = {pollInterval: 1, lockTimeout: 2};

const lookEveryMs = 5;
const killLimitMs = 60_000;
const settleLimitMs = 180_000;
/** What is acknowledged is archived; whoever does it the other way round gets this time. */
const archiveLimitMs = 3000;

/** How far a fax can be in whose middle Node-RED is killed. */
const stages = ['received', 'archived', 'acknowledge on its way'];

/**
 * Kills Node-RED in the middle of its faxes, starts it again, and compares in the end what was acknowledged with what
 * was archived.
 * Leaves the user directory only where there is something to look for.
 * @param kills how often
 * @param signal ends it before
 * @returns whether no fax was lost and none acknowledged early
 * @throws Problem
 */
export async function runKillDemo({kills, signal}) {
	const scene = await openScene(false);
	const {simulator, userDirectory} = scene;
	const archive = new Archive(scene.archive);
	const witness = new Witness(simulator, [archive]);
	void simulator.requests.arrival(({query}) => {
		const ids = new URLSearchParams(query).get('ids') ?? '';
		witness.asks(ids.split(',').filter((id) => id !== ''));
		// It is never enough.
		return false;
	});
	const play = new Play(scene, {progress: new Progress(simulator, archive), witness});
	try {
		await Promise.race([play.run(kills), once(signal, 'abort')]);
	} finally {
		await play.close();
	}

	if (signal.aborted) {
		throw new Problem('\nStopped before every fax was acknowledged.');
	}

	const isKept = play.tell();
	if (isKept) {
		rmSync(userDirectory, {recursive: true, force: true});
	}

	return isKept;
}

class Play {
	#scene;
	#views;
	#nodeRed;
	#isClosed = false;
	/** How often a fax that was hit had been listed by then. */
	#hit = new Map();

	constructor(scene, views) {
		this.#scene = scene;
		this.#views = views;
	}

	async run(kills) {
		for (let kill = 0; kill <= kills && !this.#isClosed; kill += 1) {
			const editor = await this.#start();
			if (kill === 0) {
				this.#scene.showFacts(editor);
				await deployFirst(this.#nodeRed, demoFlow(faxIn));
			} else {
				screen.stage('started', 'Node-RED', 'with the same user directory');
			}

			await Promise.race([kill === kills ? this.#settle() : this.#kill(kill % stages.length), this.#nodeRed.failure]);
		}
	}

	async close() {
		this.#isClosed = true;
		await this.#nodeRed?.end();
		await this.#scene.simulator.close();
	}

	tell() {
		const {progress, witness} = this.#views;
		const {lost, early} = witness;
		const isKept = lost.length === 0 && early.size === 0;
		screen.gap();
		if (isKept) {
			screen.sentence(
				`Every fax is archived and acknowledged, also the ${this.#hit.size} that Node-RED was killed in the middle of.`,
			);
		} else {
			for (const line of progress.missing) {
				screen.error(line);
			}

			for (const id of early) {
				screen.error(`${id}  acknowledged before it was archived`);
			}
		}

		screen.sentence(`lost ${lost.length}, acknowledged early ${early.size}`);
		return isKept;
	}

	async #start() {
		this.#nodeRed = this.#scene.nodeRed();
		return this.#nodeRed.ready;
	}

	/**
	 * Four faxes arrive, and until the kill no request to acknowledge one of them is answered, so that it is certainly
	 * in their middle.
	 * @param stage which one of them has to reach
	 */
	async #kill(stage) {
		const {simulator} = this.#scene;
		const before = simulator.faxes().length;
		this.#scene.addFaxes();
		const fresh = simulator.faxes().slice(before);
		for (const {
			facts: {id: faxId},
		} of fresh) {
			for (const phase of ['acknowledge', 'pollWithAcknowledge']) {
				simulator.faults.add({phase, faxId, fault: {kind: 'hang', at: 'beforeAnswer'}});
			}
		}

		const {progress} = this.#views;
		await this.#lookUntil(() => fresh.some((fax) => this.#stage(fax) >= stage), killLimitMs);
		await this.#nodeRed.end('SIGKILL');
		simulator.faults.clear();
		this.#look();
		const {underWay} = progress;
		for (const {
			facts: {id},
			events,
		} of underWay) {
			this.#hit.set(id, countListed(events));
		}

		const counts = stages.map((name, index) => ({
			name,
			count: underWay.filter((fax) => this.#stage(fax) === index).length,
		}));
		screen.stage(
			'killed',
			'Node-RED',
			`SIGKILL, and of its faxes ${counts
				.filter(({count}) => count > 0)
				.map(({name, count}) => `${count} ${name}`)
				.join(', ')}`,
		);
	}

	/** The number of the stage that the fax has reached; -1 before the first. */
	#stage(fax) {
		const {progress, witness} = this.#views;
		return [progress.has('received', fax), progress.has('archived', fax), witness.wasAsked(fax)].lastIndexOf(true);
	}

	/** What is missing then shows in the counts. */
	async #settle() {
		const {simulator} = this.#scene;
		await this.#lookUntil(
			() => simulator.faxes().every(({state: {kind}}) => kind === 'acknowledged'),
			settleLimitMs,
		).catch(onlyProblems);
		await this.#lookUntil(() => this.#views.progress.isComplete, archiveLimitMs).catch(onlyProblems);
	}

	async #lookUntil(isReached, limitMs) {
		const deadline = Date.now() + limitMs;
		while (!isReached() && !this.#isClosed) {
			if (Date.now() > deadline) {
				throw new Problem(`\nNot done within ${limitMs / 1000} s:\n${this.#views.progress.missing.join('\n')}`);
			}

			await wait(lookEveryMs);
			this.#look();
		}
	}

	#look() {
		for (const {
			facts: {id},
			events,
		} of this.#scene.simulator.faxes()) {
			if (countListed(events) > (this.#hit.get(id) ?? Infinity)) {
				this.#hit.set(id, Infinity);
				screen.stage('listed', id, 'again, for its lock has run out');
			}
		}

		show(this.#views.progress.news());
	}
}

const onlyProblems = (error) => {
	if (!(error instanceof Problem)) {
		throw error;
	}
};

const countListed = (events) => events.filter(({kind}) => kind === 'listed').length;
