import {spawn, type ChildProcess, type ChildProcessByStdio} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import type {Readable} from 'node:stream';
import type {Flow} from './node-red-flow';

export const root = join(__dirname, '..', '..');

const running = new Set<NodeRed>();

/** A real Node-RED 4.1 in a process of its own, on a port of its own. */
export class NodeRed {
	readonly url: string;
	/** What it has printed. */
	readonly log: readonly string[];
	readonly #child: ChildProcess;

	/** Resolves when the Admin API answers. */
	static async start(userDirectory: string, variables: Readonly<Record<string, string>> = {}): Promise<NodeRed> {
		const script = join(root, 'node_modules', 'node-red', 'red.js');
		const settings = join(root, 'scripts', 'node-red-settings.cjs');
		const child = spawn(process.execPath, [script, '--userDir', userDirectory, '--port', '0', '--settings', settings], {
			cwd: userDirectory,
			env: {...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', ...variables},
			// Over the fourth it hears when the tests end, however they do.
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		}) as ChildProcessByStdio<null, Readable, Readable>;
		const log: string[] = [];
		const url = await new Promise<string>((resolve, reject) => {
			for (const input of [child.stdout, child.stderr]) {
				createInterface({input}).on('line', (line) => {
					log.push(line);
					const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
					if (address !== undefined) {
						resolve(address);
					}
				});
			}

			child.once('exit', (code) => {
				reject(new Error(`Node-RED ended with exit code ${String(code)}:\n${log.join('\n')}`));
			});
		});
		return new NodeRed(child, url, log);
	}

	private constructor(child: ChildProcess, url: string, log: readonly string[]) {
		this.#child = child;
		this.url = url;
		this.log = log;
		running.add(this);
	}

	async deploy({flows, credentials}: Flow): Promise<void> {
		const response = await fetch(`${this.url}/flows`, {
			method: 'POST',
			headers: {'Content-Type': 'application/json', 'Node-RED-API-Version': 'v2'},
			body: JSON.stringify({flows, credentials}),
		});
		if (response.status !== 200) {
			throw new Error(`Deploying failed with status ${response.status}: ${await response.text()}`);
		}
	}

	/** From the Admin API. */
	async text(path: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
		const response = await fetch(`${this.url}${path}`, {headers});
		if (response.status !== 200) {
			throw new Error(`${path} is answered with status ${response.status}.`);
		}

		return response.text();
	}

	/** From the Admin API, whose answers the caller knows. */
	async json(path: string): Promise<unknown> {
		return JSON.parse(await this.text(path, {Accept: 'application/json'}));
	}

	/** Ends it as a service manager would, or as a power failure would. @returns how many milliseconds that took */
	async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number> {
		running.delete(this);
		const begin = Date.now();
		if (this.#child.exitCode === null && this.#child.signalCode === null) {
			const exit = once(this.#child, 'exit');
			this.#child.kill(signal);
			await exit;
		}

		return Date.now() - begin;
	}
}

/** For tests that failed before they came to it. */
export const endAll = async (): Promise<void> => {
	await Promise.all([...running].map(nodeRed => nodeRed.end('SIGKILL')));
};
