import {spawn} from 'node:child_process';

/**
 * Runs a program until it exits.
 * @param onOutput called with each piece of output and the child process @default does nothing
 * @returns the exit code and the whole output
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
		child.on('close', (code) => {
			resolve({code: code === null ? 1 : code, output});
		});
	});
}

/** Runs a script with the Node that runs this one. */
export const runNode = (args, options) => run(process.execPath, args, options);

/** Runs npm by the path it gives to its scripts. Without that path, Windows finds npm only through a shell. */
export function runNpm(args, options) {
	const npm = process.env.npm_execpath;
	return npm === undefined
		? run('npm', args, {shell: process.platform === 'win32', ...options})
		: runNode([npm, ...args], options);
}
