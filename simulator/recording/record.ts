import {writeFileSync} from 'node:fs';
import {pollOnce} from './poll';
import {redact} from './redact';

/** Options of `record`. Credentials are not among them: every user of the machine can read a command line. */
export interface RecordSettings {
	readonly baseUrl: string;
	readonly topic: string;
	readonly file: string;
}

/** Environment variables that save the prompts. */
export const variables = {customerNumber: 'RETARUS_CUSTOMER_NUMBER', password: 'RETARUS_PASSWORD'} as const;

type Ask = (question: string, isSecret: boolean) => Promise<string>;

/**
 * Polls a real account once and writes the redacted answer to a file.
 * @returns a message for the user
 * @throws Error whose message is one sentence
 */
export async function record(
	{baseUrl, topic, file}: RecordSettings,
	environment: NodeJS.ProcessEnv,
	ask: Ask | undefined,
): Promise<string> {
	const customerNumber = await credential(environment, variables.customerNumber, 'Customer number: ', false, ask);
	const password = await credential(environment, variables.password, 'Password (not echoed): ', true, ask);
	const raw = await pollOnce({baseUrl, topic, customerNumber, password});
	const recording = redact(raw);
	// `wx` never overwrites a file.
	writeFileSync(file, `${JSON.stringify(recording, undefined, '\t')}\n`, {flag: 'wx', mode: 0o600});
	return [
		`The service answered ${recording.status}. Nothing was acknowledged; a listed fax is locked for one second.`,
		`${file} keeps field names and forms; every value is made up. Read it before you share it.`,
		`To replay it: retarus-fax-simulator --replay ${file}`,
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
		throw new Error(`Set ${name}, or run this command in a terminal to be prompted for it.`);
	}
	return given;
}
