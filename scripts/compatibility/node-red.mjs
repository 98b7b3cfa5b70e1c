import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as wait} from 'node:timers/promises';
import {Problem} from '../problem.mjs';
import {root} from '../setup.mjs';

const limitMs = 60_000;
const lookEveryMs = 20;

/** A real Node-RED of any version, on any Node, on a free port. */
export class NodeRed {
	/** Everything it has printed. */
	log = [];
	#child;
	#url;

	constructor({node, script, userDirectory}) {
		this.#child = spawn(
			node,
			[script, '--userDir', userDirectory, '--port', '0', '--settings', join(root, 'scripts', 'node-red-settings.cjs')],
			{
				cwd: userDirectory,
				// What a proxy would be asked for is on this machine.
				env: {...process.env, NODE_OPTIONS: '--trace-warnings', NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1'},
				stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			},
		);
		for (const stream of [this.#child.stdout, this.#child.stderr]) {
			createInterface({input: stream}).on('line', (line) => {
				this.log.push(line);
				this.#url ??= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
			});
		}
	}

	/** Resolves when the Admin API answers. */
	started() {
		return this.until('starts', () => this.#url !== undefined);
	}

	/**
	 * @param what it does, for the sentence if it does not
	 * @throws Problem when it has ended, or has not done it within a minute
	 */
	async until(what, condition) {
		const deadline = Date.now() + limitMs;
		while (!(await condition())) {
			if (this.#hasEnded || Date.now() > deadline) {
				throw new Problem(
					`${this.#hasEnded ? 'Node-RED ended before it' : `Within ${limitMs / 1000} s Node-RED never`} ${what}. It said:\n\n${this.log.slice(-20).join('\n')}`,
				);
			}

			await wait(lookEveryMs);
		}
	}

	/** @throws Problem when the Admin API does not answer as it should */
	async ask(path, body) {
		const headers = {
			Accept: 'application/json',
			'Content-Type': 'application/json',
			'Node-RED-API-Version': 'v2',
			'Node-RED-Deployment-Type': 'full',
		};
		const response = await fetch(
			`${this.#url}${path}`,
			body === undefined ? {headers} : {method: 'POST', headers, body: JSON.stringify(body)},
		);
		if (response.status !== 200) {
			throw new Problem(`${path} is answered with status ${response.status}: ${await response.text()}`);
		}

		return response.json();
	}

	/**
	 * Deploys, and waits until Node-RED has said that the flows run, or which types they wait for.
	 * @returns what it has printed since
	 */
	async deploy(flows, credentials) {
		const before = this.log.length;
		await this.ask('/flows', {flows, credentials});
		const news = () => this.log.slice(before);
		await this.until('starts the flows', () =>
			news().some((line) => /Started flows|Waiting for missing types/.test(line)),
		);
		return news();
	}

	/** Ends it as a service manager would, and after ten seconds by force. @returns how it ended, in words */
	async end() {
		if (this.#hasEnded) {
			return `had ended with exit code ${this.#child.exitCode}`;
		}

		const exit = once(this.#child, 'exit');
		this.#child.kill('SIGTERM');
		const timer = setTimeout(() => {
			this.#child.kill('SIGKILL');
		}, 10_000);
		const [, signal] = await exit;
		clearTimeout(timer);
		return signal === 'SIGKILL' ? 'had to be killed' : 'ended';
	}

	get #hasEnded() {
		return this.#child.exitCode !== null || this.#child.signalCode !== null;
	}
}
