// @ts-check
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as wait} from 'node:timers/promises';
import {Problem} from '../problem.mjs';
import {root} from '../setup.mjs';

/**
 * A Node-RED, and the Node that runs it.
 * @typedef {{readonly node: string, readonly script: string}} Runtime
 */
/** @typedef {{readonly id: string, readonly type: string, readonly [property: string]: unknown}} FlowNode */
/** @typedef {Readonly<Record<string, Readonly<Record<string, string>>>>} Credentials */
/**
 * What the Admin API deploys.
 * @typedef {{readonly flows: readonly FlowNode[], readonly credentials: Credentials}} Flow
 */
/**
 * Node-RED's deploy buttons: everything, the flows that changed, the nodes that changed.
 * @typedef {'full' | 'flows' | 'nodes'} DeployKind
 */
/**
 * @typedef {object} NodeRedOptions
 * @property {Readonly<Record<string, string>>} [variables] added to its environment
 * @property {string} [settings] path of its settings. Default: scripts/node-red-settings.cjs
 * @property {Runtime} [runtime] Default: the project's own Node-RED on this Node
 * @property {number} [port] Default: any free one
 */

/** @type {Runtime} */
export const nodeRed4 = {node: process.execPath, script: join(root, 'node_modules', 'node-red', 'red.js')};

const waitLimitMs = 60_000;
/** A Node-RED that SIGTERM has not ended by then is killed. */
export const endLimitMs = 10_000;
const lookEveryMs = 20;
/** The end of the log that a problem quotes. */
const quotedLines = 20;

/** @type {Set<NodeRed>} */
const running = new Set();

/** A real Node-RED in a process of its own. */
export class NodeRed {
	/**
	 * Every line it has printed.
	 * @type {string[]}
	 */
	log = [];
	/**
	 * Called with each line it prints.
	 * @type {(line: string) => void}
	 */
	onLine = () => undefined;
	/**
	 * The address of the Admin API, once that answers. Rejects with a Problem if it never does.
	 * @type {Promise<string>}
	 */
	ready;
	/**
	 * Rejects with a Problem when Node-RED ends by itself.
	 * @type {Promise<never>}
	 */
	failure;
	/** @type {import('node:child_process').ChildProcess} */
	#child;
	/** @type {string | undefined} */
	#url;
	#isEnding = false;

	/**
	 * Resolves when the Admin API answers.
	 * @param {string} userDirectory
	 * @param {NodeRedOptions} [options]
	 * @returns {Promise<NodeRed>}
	 */
	static async start(userDirectory, options) {
		const nodeRed = new NodeRed(userDirectory, options);
		await nodeRed.ready;
		return nodeRed;
	}

	/**
	 * Returns before Node-RED has done anything.
	 * @param {string} userDirectory
	 * @param {NodeRedOptions} [options]
	 */
	constructor(userDirectory, options = {}) {
		const {
			variables = {},
			settings = join(root, 'scripts', 'node-red-settings.cjs'),
			runtime: {node, script} = nodeRed4,
			port = 0,
		} = options;
		this.#child = spawn(node, [script, '--userDir', userDirectory, '--port', String(port), '--settings', settings], {
			cwd: userDirectory,
			// A proxy would look for the simulator on its own machine.
			env: {...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', ...variables},
			// The fourth tells it when its parent ends, however that ends.
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		});
		this.#read();
		this.failure = once(this.#child, 'exit').then(() => {
			running.delete(this);
			if (!this.#isEnding) {
				throw new Problem(`Node-RED ended by itself. ${this.#quote()}`);
			}

			return new Promise(() => undefined);
		});
		this.ready = this.until('answers', () => this.#url !== undefined).then(() => this.url);
		// Not everybody waits for them.
		for (const promise of [this.failure, this.ready]) {
			promise.catch(() => undefined);
		}

		running.add(this);
	}

	get url() {
		if (this.#url === undefined) {
			throw new Problem('Node-RED does not answer yet.');
		}

		return this.#url;
	}

	get hasEnded() {
		return this.#child.exitCode !== null || this.#child.signalCode !== null;
	}

	/**
	 * @param {string} what it does, for the Problem
	 * @param {() => unknown} condition may resolve later
	 * @returns {Promise<void>}
	 * @throws {Problem} when Node-RED has ended, or does not do it within a minute
	 */
	async until(what, condition) {
		const deadline = Date.now() + waitLimitMs;
		while (!(await condition())) {
			if (this.hasEnded) {
				throw new Problem(`Node-RED ended before it ${what}. ${this.#quote()}`);
			}

			if (Date.now() > deadline) {
				throw new Problem(`Within ${waitLimitMs / 1000} s Node-RED never ${what}. ${this.#quote()}`);
			}

			await wait(lookEveryMs);
		}
	}

	/**
	 * Asks the Admin API.
	 * @param {string} path
	 * @param {Readonly<Record<string, string>>} [headers]
	 * @param {unknown} [body] sent with POST
	 * @returns {Promise<string>}
	 * @throws {Problem} when the answer is not status 200
	 */
	async text(path, headers = {}, body) {
		const response = await fetch(
			`${this.url}${path}`,
			body === undefined
				? {headers}
				: {method: 'POST', headers: {'Content-Type': 'application/json', ...headers}, body: JSON.stringify(body)},
		);
		const text = await response.text();
		if (response.status !== 200) {
			throw new Problem(`${path} is answered with status ${response.status}: ${text}`);
		}

		return text;
	}

	/**
	 * Asks the Admin API; the caller knows the shape of the answer.
	 * @param {string} path
	 * @returns {Promise<unknown>}
	 */
	async json(path) {
		return JSON.parse(await this.text(path, {Accept: 'application/json'}));
	}

	/**
	 * @param {Flow} flow
	 * @param {DeployKind} [kind]
	 * @returns {Promise<void>}
	 */
	async deploy({flows, credentials}, kind = 'full') {
		const headers = {'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': kind};
		await this.text('/flows', headers, {flows, credentials});
	}

	/**
	 * Ends it as a service manager does, or as a power failure does. The signal is on its way when this returns.
	 * @param {'SIGTERM' | 'SIGKILL'} [signal]
	 * @returns {Promise<number>} how many milliseconds that took
	 */
	async end(signal = 'SIGTERM') {
		this.#isEnding = true;
		const begin = Date.now();
		if (!this.hasEnded) {
			const exit = once(this.#child, 'exit');
			this.#child.kill(signal);
			const timer = setTimeout(() => this.#child.kill('SIGKILL'), endLimitMs);
			await exit;
			clearTimeout(timer);
		}

		return Date.now() - begin;
	}

	#read() {
		for (const stream of [this.#child.stdout, this.#child.stderr]) {
			if (stream) {
				createInterface({input: stream}).on('line', (line) => {
					this.log.push(line);
					this.#url ??= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
					this.onLine(line);
				});
			}
		}
	}

	#quote() {
		return `It said:\n\n${this.log.slice(-quotedLines).join('\n')}`;
	}
}

/** Kills every Node-RED that still runs. */
export const endAll = async () => {
	await Promise.all([...running].map((nodeRed) => nodeRed.end('SIGKILL')));
};
