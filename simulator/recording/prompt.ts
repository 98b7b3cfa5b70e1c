import {createInterface} from 'node:readline/promises';
import {Writable} from 'node:stream';

/** Asks on the terminal. What is secret does not appear there. */
export async function prompt(question: string, isSecret: boolean): Promise<string> {
	process.stderr.write(question);
	const silent = new Writable({
		write(_chunk, _encoding, done) {
			done();
		},
	});
	const lines = createInterface({input: process.stdin, output: isSecret ? silent : process.stderr, terminal: true});
	try {
		return await lines.question('');
	} finally {
		lines.close();
		if (isSecret) {
			process.stderr.write('\n');
		}
	}
}
