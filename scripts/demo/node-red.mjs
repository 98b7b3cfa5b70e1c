import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {Problem} from '../problem.mjs';
import {root} from '../setup.mjs';

const startLimitMs = 60_000;
const stopLimitMs = 10_000;
const keptLines = 20;

/** A real Node-RED, as a child process. */
export class NodeRed {
	/** Rejects when Node-RED ends by itself. */
	failure;
	#child;
	#exit;
	#url;
	#lines = [];
	#isStopping = false;

	constructor({userDirectory, port, variables}) {
		const script = join(root, 'node_modules', 'node-red', 'red.js');
		const settings = join(root, 'scripts', 'node-red-settings.cjs');
		this.#url = `http://127.0.0.1:${port}`;
		this.#child = spawn(
			process.execPath,
			[script, '--userDir', userDirectory, '--port', String(port), '--settings', settings],
			{
				cwd: userDirectory,
				env: {...process.env, ...variables},
				stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			},
		);
		this.#exit = once(this.#child, 'exit');
		this.failure = this.#exit.then(() => {
			if (!this.#isStopping) {
				throw new Problem(`Node-RED ended by itself. It said:\n\n${this.#lines.join('\n')}`);
			}

			return new Promise(() => undefined);
		});
		// Whoever waits for something hears of it; nobody may be waiting.
		this.failure.catch(() => undefined);
	}

	/**
	 * Resolves with the address of the editor, as soon as it can be opened.
	 * @param onError takes what Node-RED logs as an error, from the start
	 * @throws Problem
	 */
	async start(onError) {
		const listening = new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				reject(
					new Problem(`Node-RED did not start within ${startLimitMs / 1000} s. It said:\n\n${this.#lines.join('\n')}`),
				);
			}, startLimitMs);
			this.#read((line) => {
				const [, error] = / - \[error\] (.*)/.exec(line) ?? [];
				if (error !== undefined) {
					onError(error);
				}

				if (line.includes(this.#url)) {
					clearTimeout(timer);
					resolve(this.#url);
				}
			});
			this.failure.catch(() => {
				clearTimeout(timer);
			});
		});
		return Promise.race([listening, this.failure]);
	}

	/** Deploys, unless there is something in the editor already. */
	async deployFirst(flow) {
		const headers = {'Content-Type': 'application/json', 'Node-RED-API-Version': 'v2'};
		const {flows} = await (await fetch(`${this.#url}/flows`, {headers})).json();
		if (flows.length === 0) {
			const {status} = await fetch(`${this.#url}/flows`, {method: 'POST', headers, body: JSON.stringify(flow)});
			if (status !== 200) {
				throw new Problem(`Node-RED did not take the flow: status ${status}.`);
			}
		}
	}

	/** Resolves when the process has ended. */
	async stop() {
		this.#isStopping = true;
		if (this.#child.exitCode === null && this.#child.signalCode === null) {
			this.#child.kill('SIGTERM');
			const timer = setTimeout(() => {
				this.#child.kill('SIGKILL');
			}, stopLimitMs);
			await this.#exit;
			clearTimeout(timer);
		}
	}

	/** Ends the process as a power failure would; resolves when it is gone. */
	async kill() {
		this.#isStopping = true;
		this.#child.kill('SIGKILL');
		await this.#exit;
	}

	#read(onLine) {
		for (const stream of [this.#child.stdout, this.#child.stderr]) {
			createInterface({input: stream}).on('line', (line) => {
				this.#lines = [...this.#lines, line].slice(-keptLines);
				onLine(line);
			});
		}
	}
}
