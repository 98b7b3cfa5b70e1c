import {spawn} from 'node:child_process';

/**
 * Runs a program to its end.
 * @typedef {import('node:child_process').ChildProcess} ChildProcess
 * @typedef {(text: string, child: ChildProcess) => void} OnOutput takes what it prints, and the process
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{onOutput?: OnOutput, [option: string]: unknown}} [options] the rest goes to spawn
 * @returns {Promise<{code: number, output: string}>} its exit code and everything it printed
 */
export function run(program, args, {onOutput = () => undefined, ...options} = {}) {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'pipe'], ...options});
		let output = '';
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (text) => {
				output += text;
				onOutput(text, child);
			});
		}

		child.on('error', reject);
		// A process it has left behind may hold the pipes for ever.
		child.on('exit', () => {
			setTimeout(() => {
				child.stdout.destroy();
				child.stderr.destroy();
			}, 5000).unref();
		});
		child.on('close', (code) => {
			resolve({code: code === null ? 1 : code, output});
		});
	});
}

/**
 * Runs a script with the Node that runs this one.
 * @type {(args: readonly string[], options?: Parameters<typeof run>[2]) => ReturnType<typeof run>}
 */
export const runNode = (args, options) => run(process.execPath, args, options);

/**
 * npm tells the scripts it starts where it is; on Windows only a shell finds it otherwise.
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export function runNpm(args, options) {
	const npm = process.env.npm_execpath;
	return npm === undefined
		? run('npm', args, {shell: process.platform === 'win32', ...options})
		: runNode([npm, ...args], options);
}
