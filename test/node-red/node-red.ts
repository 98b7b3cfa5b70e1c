import {spawn, type ChildProcess, type ChildProcessByStdio} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import type {Readable} from 'node:stream';
import type {Flow} from './node-red-flow';

export const root = join(__dirname, '..', '..');

/** A Node-RED, and the Node that runs it. */
export interface Runtime {
	readonly node: string;
	readonly script: string;
}

/** The one that the project has installed, on the Node of the tests. */
export const nodeRed4: Runtime = {node: process.execPath, script: join(root, 'node_modules', 'node-red', 'red.js')};

interface NodeRedOptions {
	/** Of its environment. */
	readonly variables?: Readonly<Record<string, string>>;
	/** @default those of the demo */
	readonly settings?: string;
	/** @default Node-RED 4.1 */
	readonly runtime?: Runtime;
}

/** What Node-RED calls its deploy buttons: everything, the flows that were changed, the nodes that were changed. */
export type DeployKind = 'full' | 'flows' | 'nodes';

const running = new Set<NodeRed>();

/** A real Node-RED in a process of its own, on a port of its own. */
export class NodeRed {
	/** Of the Admin API, as soon as that answers. Rejects when the process ends before. */
	readonly ready: Promise<string>;
	readonly #log: string[] = [];
	readonly #child: ChildProcess;
	#url: string | undefined;

	/** Resolves when the Admin API answers. */
	static async start(userDirectory: string, variables: Readonly<Record<string, string>> = {}): Promise<NodeRed> {
		const nodeRed = NodeRed.spawn(userDirectory, {variables});
		await nodeRed.ready;
		return nodeRed;
	}

	/** Returns before Node-RED has done anything. */
	static spawn(userDirectory: string, options: NodeRedOptions = {}): NodeRed {
		return new NodeRed(userDirectory, options);
	}

	private constructor(userDirectory: string, options: NodeRedOptions) {
		const {
			variables = {},
			settings = join(root, 'scripts', 'node-red-settings.cjs'),
			runtime: {node, script} = nodeRed4,
		} = options;
		const child = spawn(node, [script, '--userDir', userDirectory, '--port', '0', '--settings', settings], {
			cwd: userDirectory,
			env: {...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', ...variables},
			// Over the fourth it hears when the tests end, however they do.
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		}) as ChildProcessByStdio<null, Readable, Readable>;
		this.#child = child;
		this.ready = this.#listen([child.stdout, child.stderr]);
		// Who kills it at once does not wait for it.
		this.ready.catch(() => undefined);
		running.add(this);
	}

	get url(): string {
		if (this.#url === undefined) {
			throw new Error('Node-RED does not answer yet');
		}

		return this.#url;
	}

	/** What it has printed. */
	get log(): readonly string[] {
		return this.#log;
	}

	async deploy({flows, credentials}: Flow, kind: DeployKind = 'full'): Promise<void> {
		const response = await fetch(`${this.url}/flows`, {
			method: 'POST',
			headers: {'Content-Type': 'application/json', 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': kind},
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

	/** Ends it as a service manager would, or as a power failure would. The signal is on its way when this returns. @returns how many milliseconds that took */
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

	#listen(outputs: readonly Readable[]): Promise<string> {
		return new Promise((resolve, reject) => {
			for (const input of outputs) {
				createInterface({input}).on('line', (line) => {
					this.#log.push(line);
					const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
					if (address !== undefined) {
						this.#url ??= address;
						resolve(this.#url);
					}
				});
			}

			this.#child.once('exit', (code) => {
				reject(new Error(`Node-RED ended with exit code ${String(code)}:\n${this.#log.join('\n')}`));
			});
		});
	}
}

/** For tests that failed before they came to it. */
export const endAll = async (): Promise<void> => {
	await Promise.all([...running].map((nodeRed) => nodeRed.end('SIGKILL')));
};
