#!/usr/bin/env node
import {readFileSync} from 'node:fs';
import {parseCommandLine, usage, type Settings} from './command-line';
import {startSimulator, type Simulator} from './index';
import {prompt} from './recording/prompt';
import {record, type RecordSettings} from './recording/record';

const exitCodes = {failure: 1, misuse: 2} as const;

async function main(): Promise<void> {
	const command = parseCommandLine(process.argv.slice(2));
	switch (command.kind) {
		case 'help':
			console.log(usage);
			break;
		case 'misuse':
			console.error(`${command.problem} Try --help.`);
			process.exitCode = exitCodes.misuse;
			break;
		case 'start':
			await run(command.settings);
			break;
		case 'record':
			await makeRecording(command.settings);
			break;
	}
}

async function makeRecording(settings: RecordSettings): Promise<void> {
	try {
		console.log(await record(settings, process.env, process.stdin.isTTY ? prompt : undefined));
	} catch (error) {
		console.error(
			error instanceof Error && 'code' in error && error.code === 'EEXIST'
				? `${settings.file} already exists: choose another file with --file.`
				: explainProblem(error),
		);
		process.exitCode = exitCodes.failure;
	}
}

async function run(settings: Settings): Promise<void> {
	const {port, host, customerNumber, password, topics, faxes, data, replay} = settings;
	let simulator: Simulator;
	try {
		simulator = await startSimulator({
			port,
			host,
			accounts: [{customerNumber, passwords: [password]}],
			topics: topics.map((name) => ({name})),
			...(data !== undefined && {data}),
			...(replay !== undefined && {replay: readFileSync(replay, 'utf8')}),
		});
	} catch (error) {
		console.error(explain(error, settings));
		process.exitCode = exitCodes.failure;
		return;
	}
	const kept = simulator.faxes().length;
	for (const topic of topics) {
		for (let added = 0; kept === 0 && added < faxes; added++) {
			simulator.addFax({topic});
		}
	}
	const stop = (): void => {
		simulator.close().catch((error: unknown) => {
			console.error(explainProblem(error));
			process.exitCode = exitCodes.failure;
		});
	};
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
	console.log(greeting(simulator, settings, kept));
}

function greeting(simulator: Simulator, {customerNumber, password, topics, faxes}: Settings, kept: number): string {
	const address = new URL('/simulator/faxes', simulator.baseUrl).href;
	const user = quote(`${customerNumber}:${password}`);
	const fax = quote(JSON.stringify({topic: topics[0], sample: 'order'}));
	return [
		`Base URL         ${simulator.baseUrl}`,
		`Customer number  ${customerNumber}`,
		`Password         ${password}`,
		`Topics           ${topics.join(', ')} (${kept > 0 ? `${kept} faxes kept` : `${faxes} faxes each`})`,
		`Web page         ${simulator.pageUrl}`,
		'',
		'Add a fax:',
		`  curl -u ${user} -H 'Content-Type: application/json' -d ${fax} ${address}`,
		'Stop with Ctrl+C.',
	].join('\n');
}

/** Quotes a text for a POSIX shell. */
function quote(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}

function explain(error: unknown, {host, port}: Settings): string {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	switch (code) {
		case 'EADDRINUSE':
			return `Port ${port} on ${host} is in use: stop the program using it, or choose another port with --port.`;
		case 'EACCES':
			return `This user may not listen on port ${port}: choose a port above 1023 with --port.`;
		case 'EADDRNOTAVAIL':
		case 'ENOTFOUND':
			return `${host} is not an address of this machine: choose another with --host.`;
		default:
			return `The simulator could not start: ${explainProblem(error)}`;
	}
}

function explainProblem(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

void main();
