import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import should from 'should';
import {parseCommandLine, usage} from '../../simulator/command-line';
import {simulate} from './harness';

const program = join(__dirname, '../../simulator/cli.ts');

/** Runs the command until it exits. Sends the signal after the first output. */
async function run(
	args: readonly string[],
	signal?: NodeJS.Signals,
): Promise<{code: unknown; output: string; errors: string}> {
	const child = spawn(process.execPath, ['-r', 'tsx/cjs', program, ...args], {stdio: ['ignore', 'pipe', 'pipe']});
	let output = '';
	let errors = '';
	child.stdout.on('data', (text: Buffer) => {
		output += text.toString();
		if (signal !== undefined) {
			child.kill(signal);
		}
	});
	child.stderr.on('data', (text: Buffer) => {
		errors += text.toString();
	});
	const [code] = (await once(child, 'close')) as unknown[];
	return {code, output, errors};
}

describe("The simulator's command line", function () {
	this.timeout(20_000);

	it('has the documented defaults', () => {
		parseCommandLine([]).should.deepEqual({
			kind: 'start',
			settings: {
				port: 8899,
				host: '127.0.0.1',
				customerNumber: '99999',
				password: 'secret',
				topics: ['demo'],
				faxes: 3,
			},
		});
		usage.should.containEql(
			'[--port 8899] [--host 127.0.0.1] [--customer 99999] [--password secret] [--topic demo] [--faxes 3]',
		);
	});

	it('accepts several topics and drops duplicates', () => {
		parseCommandLine(['--topic', 'a', '--topic=b', '--topic', 'a'])
			.should.have.propertyByPath('settings', 'topics')
			.deepEqual(['a', 'b']);
	});

	it('requires a password for a host that other machines can reach', () => {
		for (const host of ['0.0.0.0', '::', '192.0.2.1', 'fax.example']) {
			parseCommandLine(['--host', host]).should.containEql({kind: 'misuse'});
			parseCommandLine(['--host', host, '--password', 'x']).should.containEql({kind: 'start'});
		}
		for (const host of ['localhost', '127.0.0.2', '::1']) {
			parseCommandLine(['--host', host]).should.containEql({kind: 'start'});
		}
	});

	const misuses: readonly (readonly [args: readonly string[], problem: RegExp])[] = [
		[['--port', 'abc'], /^--port must be a whole number from 0 to 65535, not "abc"\.$/],
		[['--port', '65536'], /^--port/],
		[['--faxes', '1e3'], /^--faxes must be/],
		[['--customer', ''], /^--customer must not be empty\.$/],
		[['--speed', '1'], /^Unknown option '--speed'\.$/],
		[['stray'], /^Unexpected argument 'stray'\.$/],
		[['--password'], /^Option '--password <value>' argument missing\.$/],
	];
	for (const [args, problem] of misuses) {
		it(`explains what is wrong with ${JSON.stringify(args)} in one sentence`, () => {
			const command = parseCommandLine(args);
			should(command.kind === 'misuse' && command.problem).match(problem);
		});
	}

	it('keeps faxes between runs in the data folder, and adds no samples to them', async () => {
		const data = mkdtempSync(join(tmpdir(), 'retarus-data-'));
		try {
			(await run(['--port', '0', '--faxes', '2', '--data', data], 'SIGTERM')).output.should.containEql(
				'(2 faxes each)',
			);
			const {code, output} = await run(['--port', '0', '--faxes', '2', '--data', data], 'SIGTERM');
			should(code).equal(0);
			output.should.containEql('(2 faxes kept)');
			writeFileSync(join(data, 'state.json'), '{');
			const {code: failed, errors} = await run(['--port', '0', '--data', data]);
			should(failed).equal(1);
			errors.should.match(/^The simulator could not start: .*state\.json is unreadable: .*\n$/);
		} finally {
			rmSync(data, {recursive: true, force: true});
		}
	});

	it('explains why it cannot replay a file', async () => {
		const {code, errors} = await run(['--port', '0', '--replay', join(__dirname, '../../package.json')]);
		should(code).equal(1);
		errors.should.equal(
			'The simulator could not start: The file is not a recording: retarus-fax-simulator record makes one.\n',
		);
	});

	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		it(`prints its URL and how to add a fax, and stops on ${signal}`, async () => {
			const {code, output, errors} = await run(
				['--port', '0', '--password', "it's", '--topic', 'orders', '--faxes', '2'],
				signal,
			);
			errors.should.equal('');
			should(code).equal(0);
			output.should.match(/http:\/\/127\.0\.0\.1:\d+\/faxin\/rest\/v1\n/);
			output.should.match(/orders \(2 faxes each\)/);
			output.should.containEql(
				`curl -u '99999:it'\\''s' -H 'Content-Type: application/json' ` +
					`-d '{"topic":"orders","sample":"order"}' http://127.0.0.1:`,
			);
		});
	}

	it('exits with 1 and one sentence if the port is in use', async () => {
		const {port} = await simulate();
		const {code, output, errors} = await run(['--port', String(port)]);
		should(code).equal(1);
		output.should.equal('');
		errors.should.equal(
			`Port ${port} on 127.0.0.1 is in use: stop the program using it, or choose another port with --port.\n`,
		);
	});

	it('exits with 2 when misused and with 0 after --help', async () => {
		const misused = await run(['--nonsense']);
		should(misused.code).equal(2);
		misused.errors.should.equal("Unknown option '--nonsense'. Try --help.\n");
		const helped = await run(['--help']);
		should(helped.code).equal(0);
		helped.output.should.startWith(usage);
	});
});
