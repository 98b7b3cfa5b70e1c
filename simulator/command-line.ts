import {parseArgs} from 'node:util';
import {isLoopback} from './http/host';
import type {RecordSettings} from './recording/record';

/** A parsed command line. */
export type Command =
	| {readonly kind: 'help'}
	| {readonly kind: 'start'; readonly settings: Settings}
	| {readonly kind: 'record'; readonly settings: RecordSettings}
	/** `problem` is one sentence for the user. */
	| {readonly kind: 'misuse'; readonly problem: string};

export interface Settings {
	readonly port: number;
	readonly host: string;
	readonly customerNumber: string;
	readonly password: string;
	readonly topics: readonly string[];
	/** Sample faxes added to each topic at startup. */
	readonly faxes: number;
	/** Folder that keeps the faxes between runs. @default faxes live in memory only */
	readonly data?: string;
	/** File with a recording; answers take its shape. @default the simulator's own shape */
	readonly replay?: string;
}

const regions = ['de1', 'de2', 'us1', 'us2', 'ch1', 'sg1'] as const;

export const usage = `Simulates Retarus's API for polling received faxes.

retarus-fax-simulator [--port 8899] [--host 127.0.0.1] [--customer 99999] [--password secret] [--topic demo] [--faxes 3]

  --port      port to listen on; 0 picks any free port
  --host      address to listen on; one that other machines can reach requires --password
  --customer  customer number
  --password  password
  --topic     name of a topic; may be repeated
  --faxes     number of sample faxes in each topic at startup, up to 10000
  --data      folder that keeps the faxes between runs; without it nothing is written to disk
  --replay    file written by record; answers take its shape
  --help      this text

Open the simulator's address in a browser to see its page.

retarus-fax-simulator record --topic TOPIC [--region de1 | --base-url URL] [--file retarus-recording.json]

Polls a real account once and locks one fax for one second. It acknowledges nothing and writes a sample of the answer
in which every value is replaced. Customer number and password come from RETARUS_CUSTOMER_NUMBER and
RETARUS_PASSWORD; if either is unset, the command prompts for it.

  --topic     name of the topic
  --region    ${regions.join(', ')}
  --base-url  URL to use instead of a region, up to /faxin/rest/v1
  --file      file to write; must not exist yet
`;

const defaultPassword = 'secret';

export function parseCommandLine(args: readonly string[]): Command {
	try {
		if (args[0] === 'record') {
			return parseRecord(args.slice(1));
		}
		const {values} = parseArgs({
			args: [...args],
			options: {
				port: {type: 'string', default: '8899'},
				host: {type: 'string', default: '127.0.0.1'},
				customer: {type: 'string', default: '99999'},
				password: {type: 'string'},
				topic: {type: 'string', multiple: true, default: ['demo']},
				faxes: {type: 'string', default: '3'},
				data: {type: 'string'},
				replay: {type: 'string'},
				help: {type: 'boolean', default: false},
			},
		});
		if (values.help) {
			return {kind: 'help'};
		}
		if (values.password === undefined && !isLoopback(values.host)) {
			return {kind: 'misuse', problem: `Other machines can reach ${values.host}: set a --password.`};
		}
		return {
			kind: 'start',
			settings: {
				port: count('--port', values.port, 65_535),
				host: values.host,
				customerNumber: text('--customer', values.customer),
				password: text('--password', values.password ?? defaultPassword),
				topics: [...new Set(values.topic.map((name) => text('--topic', name)))],
				faxes: count('--faxes', values.faxes, 10_000),
				...(values.data !== undefined && {data: text('--data', values.data)}),
				...(values.replay !== undefined && {replay: text('--replay', values.replay)}),
			},
		};
	} catch (error) {
		return {kind: 'misuse', problem: firstSentence(error)};
	}
}

function parseRecord(args: readonly string[]): Command {
	const {values} = parseArgs({
		args: [...args],
		options: {
			topic: {type: 'string'},
			region: {type: 'string', default: 'de1'},
			'base-url': {type: 'string'},
			file: {type: 'string', default: 'retarus-recording.json'},
			help: {type: 'boolean', default: false},
		},
	});
	if (values.help) {
		return {kind: 'help'};
	}
	if (!regions.some((region) => region === values.region)) {
		throw new RangeError(`--region must be one of ${regions.join(', ')}, not "${values.region}".`);
	}
	const baseUrl = values['base-url'] ?? `https://api.${values.region}.retarus.com/faxin/rest/v1`;
	if (!/^https?:\/\/[^/@?#]+(\/[^@?#]*)?$/.test(baseUrl) || !URL.canParse(baseUrl)) {
		throw new RangeError('--base-url must start with http:// or https:// and contain no credentials.');
	}
	return {
		kind: 'record',
		settings: {baseUrl, topic: text('--topic', values.topic ?? ''), file: text('--file', values.file)},
	};
}

function count(option: string, value: string, maximum: number): number {
	if (!/^\d{1,6}$/.test(value) || Number(value) > maximum) {
		throw new RangeError(`${option} must be a whole number from 0 to ${maximum}, not "${value}".`);
	}
	return Number(value);
}

function text(option: string, value: string): string {
	if (value === '') {
		throw new RangeError(`${option} must not be empty.`);
	}
	return value;
}

/** Cuts off Node's lengthy advice on arguments that start with a dash. */
function firstSentence(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	return `${message.split(/\. |\.?\n/)[0]?.replace(/\.$/, '') ?? ''}.`;
}
