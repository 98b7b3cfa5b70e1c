import {writeFileSync} from 'node:fs';
import {pollOnce} from './poll';
import {redact} from './redact';

/** What `record` asks for. The credentials are no part of it: a command line can be read by everybody on the machine. */
export interface RecordSettings {
	readonly baseUrl: string;
	readonly topic: string;
	readonly file: string;
}

/** Environment variables that are taken in place of a question. */
export const variables = {customerNumber: 'RETARUS_CUSTOMER_NUMBER', password: 'RETARUS_PASSWORD'} as const;

type Ask = (question: string, isSecret: boolean) => Promise<string>;

/**
 * One poll of a real account, redacted, in a file.
 * @returns what to tell the user
 * @throws Error in one sentence
 */
export async function record(
	{baseUrl, topic, file}: RecordSettings,
	environment: NodeJS.ProcessEnv,
	ask: Ask | undefined,
): Promise<string> {
	const customerNumber = await credential(environment, variables.customerNumber, 'Customer number: ', false, ask);
	const password = await credential(environment, variables.password, 'Password (does not appear): ', true, ask);
	const raw = await pollOnce({baseUrl, topic, customerNumber, password});
	const recording = redact(raw);
	// A file that is there already is not to be lost.
	writeFileSync(file, `${JSON.stringify(recording, undefined, '\t')}\n`, {flag: 'wx', mode: 0o600});
	return [
		`The service answered ${recording.status}. Nothing was acknowledged; a fax that was listed is locked for one second.`,
		`${file} keeps names of fields and forms of values. Every value was replaced. Read it before you show it to anybody.`,
		`Replay it: retarus-fax-simulator --replay ${file}`,
	].join('\n');
}

async function credential(
	environment: NodeJS.ProcessEnv,
	name: string,
	question: string,
	isSecret: boolean,
	ask: Ask | undefined,
): Promise<string> {
	const given = environment[name] ?? (await ask?.(question, isSecret));
	if (given === undefined || given === '') {
		throw new Error(`Set ${name}, or run this in a terminal to be asked for it.`);
	}
	return given;
}
