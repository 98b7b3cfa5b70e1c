import {fork, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import type {WorkerOptions} from './worker-options';

/** One worker: booted beforehand, so that the next one begins as soon as the last was killed. */
export class WorkerProcess {
	/** Resolves when it has ended: to why, if nobody killed it. Never rejects. */
	readonly ended: Promise<string | undefined>;
	readonly #child: ChildProcess;
	readonly #booted: Promise<unknown>;
	#errors = '';
	#mayEnd = false;

	constructor(script: string) {
		const child = fork(script, [], {
			execArgv: ['--unhandled-rejections=strict'],
			stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
		});
		this.#child = child;
		child.stderr?.on('data', (data: Buffer) => {
			this.#errors += data.toString('utf8');
		});
		this.ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => {
			const isWanted = signal === 'SIGKILL' || (this.#mayEnd && code === 0);
			return isWanted && this.#errors === ''
				? undefined
				: `it ended with code ${String(code)}, signal ${String(signal)}: ${this.#errors.slice(0, 500)}`;
		});
		this.#booted = Promise.race([once(child, 'message'), this.ended]);
	}

	/** Resolves when it is about to begin. */
	async begin(options: WorkerOptions): Promise<void> {
		await this.#booted;
		this.#send(options);
	}

	/** As an orderly end of Node-RED does. */
	close(): void {
		this.#mayEnd = true;
		this.#send('close');
	}

	kill(): void {
		this.#child.kill('SIGKILL');
	}

	#send(message: WorkerOptions | 'close'): void {
		if (this.#child.connected) {
			// It may be gone before the message is.
			this.#child.send(message, () => undefined);
		}
	}
}

/** Workers that boot while others work. */
export class WorkerPool {
	readonly #script: string;
	readonly #waiting: WorkerProcess[];

	constructor(script: string, size: number) {
		this.#script = script;
		this.#waiting = Array.from({length: size}, () => new WorkerProcess(script));
	}

	take(): WorkerProcess {
		const next = new WorkerProcess(this.#script);
		this.#waiting.push(next);
		return this.#waiting.shift() ?? next;
	}

	async end(): Promise<void> {
		for (const worker of this.#waiting) {
			worker.kill();
		}

		await Promise.all(this.#waiting.map(({ended}) => ended));
	}
}
