import {createInterface} from 'node:readline/promises';
import {Writable} from 'node:stream';

/** Asks a question on the terminal. Does not echo a secret answer. */
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
