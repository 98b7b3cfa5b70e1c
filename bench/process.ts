/** A child process that answers questions, one at a time. */
import {fork, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';

interface Answer {
	readonly answer?: unknown;
	readonly error?: string;
}

const running = new Set<ChildProcess>();

process.on('exit', () => {
	for (const child of running) {
		child.kill('SIGKILL');
	}
});

export class Process {
	readonly #child: ChildProcess;
	readonly #name: string;

	/** @param name a script in this folder, without its extension */
	constructor(name: string, environment: Readonly<Record<string, string>> = {}) {
		this.#name = name;
		this.#child = fork(join(__dirname, `${name}.ts`), {
			execArgv: ['--require', 'tsx/cjs', '--expose-gc'],
			env: {...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', ...environment},
		});
		running.add(this.#child);
	}

	/** @throws Error if the process fails to answer, or ends */
	async ask(question: object): Promise<unknown> {
		const abort = new AbortController();
		const answered = once(this.#child, 'message', {signal: abort.signal});
		const ended = once(this.#child, 'exit', {signal: abort.signal}).then(() => {
			throw new Error(`The process ${this.#name} ended.`);
		});
		this.#child.send(question);
		try {
			const [{answer, error}] = (await Promise.race([answered, ended])) as [Answer];
			if (error !== undefined) {
				throw new Error(error);
			}

			return answer;
		} finally {
			abort.abort();
			answered.catch(() => undefined);
			ended.catch(() => undefined);
		}
	}

	async end(): Promise<void> {
		running.delete(this.#child);
		if (this.#child.exitCode === null && this.#child.signalCode === null) {
			const exit = once(this.#child, 'exit');
			this.#child.kill('SIGKILL');
			await exit;
		}
	}
}

/** Answers the questions of the parent process. */
export const answerQuestions = (answer: (question: unknown) => Promise<unknown>): void => {
	process.on('message', (question: unknown) => {
		answer(question).then(
			(result) => {
				process.send?.({answer: result} satisfies Answer);
			},
			(error: unknown) => {
				process.send?.({
					error: error instanceof Error ? (error.stack ?? error.message) : String(error),
				} satisfies Answer);
			},
		);
	});
};
