import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {root} from '../../scripts/setup.mjs';

/** What the simulator takes unless told otherwise. */
export const authorization = {Authorization: `Basic ${Buffer.from('99999:secret').toString('base64')}`};

/** The built simulator, as its users start it. */
export class Desk {
	readonly origin: string;
	readonly #child: ChildProcess;

	static open(...options: string[]): Promise<Desk> {
		return Desk.openFrom(join(root, 'simulator', 'dist', 'cli.js'), ...options);
	}

	/** Resolves when it has said where it is. */
	static async openFrom(program: string, ...options: string[]): Promise<Desk> {
		const child = spawn(process.execPath, [program, '--port', '0', ...options], {stdio: ['ignore', 'pipe', 'inherit']});
		for await (const line of createInterface({input: child.stdout})) {
			// One that listens everywhere is here as well.
			const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(line.replace('0.0.0.0', '127.0.0.1')) ?? [];
			if (origin !== undefined) {
				child.stdout.resume();
				return new Desk(child, origin);
			}
		}
		throw new Error('The simulator ended before it said where it is.');
	}

	private constructor(child: ChildProcess, origin: string) {
		this.#child = child;
		this.origin = origin;
	}

	/** Seconds of a processor that it has used, where the system tells (Linux). */
	get processorSeconds(): number {
		try {
			const [, fields = ''] = readFileSync(`/proc/${String(this.#child.pid)}/stat`, 'utf8').split(') ');
			const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number);
			return (user + system) / 100;
		} catch {
			return NaN;
		}
	}

	/** What a client does. */
	async poll(query: string): Promise<readonly {id: string; documents: readonly {url: string}[]}[]> {
		const response = await fetch(`${this.origin}/faxin/rest/v1/topics/demo?${query}`, {
			method: 'POST',
			headers: authorization,
		});
		return ((await response.json()) as {results: {id: string; documents: {url: string}[]}[]}).results;
	}

	async status(path: string): Promise<number | 'nothing'> {
		return await fetch(`${this.origin}/faxin/rest/v1${path}`, {method: 'POST', headers: authorization}).then(
			({status}) => status,
			() => 'nothing' as const,
		);
	}

	async close(): Promise<void> {
		if (this.#child.exitCode === null && this.#child.signalCode === null) {
			const exit = once(this.#child, 'exit');
			this.#child.kill();
			await exit;
		}
	}
}
