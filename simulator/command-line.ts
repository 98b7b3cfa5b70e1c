import {parseArgs} from 'node:util';
import {isLoopback} from './host';

/** What the command line asks for. */
export type Command =
	| {readonly kind: 'help'}
	| {readonly kind: 'start'; readonly settings: Settings}
	/** One sentence on what is wrong. */
	| {readonly kind: 'misuse'; readonly problem: string};

export interface Settings {
	readonly port: number;
	readonly host: string;
	readonly customerNumber: string;
	readonly password: string;
	readonly topics: readonly string[];
	/** In each topic at the start. */
	readonly faxes: number;
}

export const usage = `Simulates Retarus's API for polling received faxes.

retarus-fax-simulator [--port 8899] [--host 127.0.0.1] [--customer 99999] [--password secret] [--topic demo] [--faxes 3]

  --port      where to listen; 0 takes any free port
  --host      address to listen on; one that other machines can reach demands --password
  --customer  customer number
  --password  password
  --topic     name of a topic; may be repeated
  --faxes     how many sample faxes each topic has at the start, up to 10000
  --help      this text
`;

const defaultPassword = 'secret';

export function parseCommandLine(args: readonly string[]): Command {
	try {
		const {values} = parseArgs({
			args: [...args],
			options: {
				port: {type: 'string', default: '8899'},
				host: {type: 'string', default: '127.0.0.1'},
				customer: {type: 'string', default: '99999'},
				password: {type: 'string'},
				topic: {type: 'string', multiple: true, default: ['demo']},
				faxes: {type: 'string', default: '3'},
				help: {type: 'boolean', default: false},
			},
		});
		if (values.help) {
			return {kind: 'help'};
		}
		if (values.password === undefined && !isLoopback(values.host)) {
			return {kind: 'misuse', problem: `Other machines can reach ${values.host}: choose a password with --password.`};
		}
		return {
			kind: 'start',
			settings: {
				port: count('--port', values.port, 65_535),
				host: values.host,
				customerNumber: text('--customer', values.customer),
				password: text('--password', values.password ?? defaultPassword),
				topics: [...new Set(values.topic.map(name => text('--topic', name)))],
				faxes: count('--faxes', values.faxes, 10_000),
			},
		};
	} catch (error) {
		return {kind: 'misuse', problem: firstSentence(error)};
	}
}

function count(option: string, value: string, maximum: number): number {
	if (!/^\d{1,6}$/.test(value) || Number(value) > maximum) {
		throw new RangeError(`${option} has to be a whole number from 0 to ${maximum}, not "${value}".`);
	}
	return Number(value);
}

function text(option: string, value: string): string {
	if (value === '') {
		throw new RangeError(`${option} must not be empty.`);
	}
	return value;
}

/** Node explains at length how to pass arguments that begin with a dash. */
function firstSentence(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	return `${message.split(/\. |\.?\n/)[0]?.replace(/\.$/, '') ?? ''}.`;
}
