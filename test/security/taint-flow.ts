/** A flow in which everything fails, and which records what its Catch and Status nodes see. */
import {join} from 'node:path';
import {accountDefaults, faxAckDefaults, faxInDefaults} from '../../lib/node-config';
import type {Credentials, Flow, FlowNode} from '../node-red/node-red-flow';
import {failures} from './echoing-service';

export interface TaintFlowOptions {
	readonly origin: string;
	/** Answers with an untrusted certificate. */
	readonly tlsOrigin: string;
	/** Nothing listens there. */
	readonly closedOrigin: string;
	readonly userDirectory: string;
	readonly credentials: {readonly customerNumber: string; readonly password: string};
}

/** A tab has an account and a receiver for each of these, so that no failure stops the others. */
export const modes: readonly string[] = [
	...Object.keys(failures).flatMap((name) => [`poll-${name}`, `document-${name}`]),
	'tls',
	'closed',
	'unresolved',
	'misconfigured',
];

/** Node-RED does not log an error that a Catch node has caught. So one tab has a Catch node, and one has none. */
export const tabs = ['caught', 'logged'] as const;

/** Dumps everything a node can see of a message, hidden properties included, except what a fax may contain. */
const dump = (file: string): FlowNode => ({
	id: `dump-${file}`,
	type: 'function',
	outputs: 1,
	libs: [],
	wires: [[`file-${file}`]],
	func: `
		const {fax, payload, attachments, description, ...rest} = msg;
		const everything = {depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity};
		return {payload: util.inspect(rest, everything) + "\\n"};`,
});

const fileOf = (name: string, directory: string): FlowNode => ({
	id: `file-${name}`,
	type: 'file',
	filename: join(directory, `${name}.txt`),
	filenameType: 'str',
	appendNewline: true,
	createDir: false,
	overwriteFile: 'false',
	encoding: 'none',
	wires: [[]],
});

const sink = (name: string, directory: string): readonly FlowNode[] => [dump(name), fileOf(name, directory)];

/** Routes each fax by its id. */
const sort = (tab: string): FlowNode => ({
	id: `sort-${tab}`,
	type: 'function',
	outputs: 2,
	libs: [],
	wires: [[`ack-${tab}`], [`back-${tab}`]],
	func: `
		switch (msg.fax.id) {
			case 'guarded':
				msg.error = {message: 'the flow failed'};
				return [msg, null];
			case 'givenBack':
				return [null, msg];
			case 'late':
				return null;
			default:
				return [msg, null];
		}`,
});

const receiver = (tab: string, mode: string, baseUrl: string): readonly FlowNode[] => [
	{
		...accountDefaults,
		id: `account-${mode}-${tab}`,
		type: 'retarus-account',
		region: 'custom',
		baseUrl,
		requestTimeout: 5,
	},
	{
		...faxInDefaults,
		id: `in-${mode}-${tab}`,
		type: 'retarus-fax-in',
		account: `account-${mode}-${tab}`,
		topic: 'demo',
		pollInterval: 1,
		processingTimeout: 2,
		lockTimeout: 20,
		wires: [[mode === 'good' ? `sort-${tab}` : `nowhere-${tab}`]],
		z: tab,
	},
];

const tabOf = (
	tab: string,
	{origin, tlsOrigin, closedOrigin, userDirectory}: TaintFlowOptions,
): readonly FlowNode[] => {
	const origins: Readonly<Record<string, string>> = {
		tls: tlsOrigin,
		closed: closedOrigin,
		unresolved: 'http://retarus.invalid',
		misconfigured: 'ftp://configured',
	};
	const watchers: readonly FlowNode[] =
		tab === 'caught'
			? [
					{id: 'catch', type: 'catch', scope: null, uncaught: false, wires: [['dump-caught']]},
					...sink('caught', userDirectory),
				]
			: [{id: 'status', type: 'status', scope: null, wires: [['dump-statuses']]}, ...sink('statuses', userDirectory)];
	const others: readonly FlowNode[] = [
		sort(tab),
		{...faxAckDefaults, id: `ack-${tab}`, type: 'retarus-fax-ack', wires: [[`nowhere-${tab}`]]},
		{...faxAckDefaults, id: `back-${tab}`, type: 'retarus-fax-ack', action: 'giveBack', wires: [[`nowhere-${tab}`]]},
		{id: `nowhere-${tab}`, type: 'function', func: 'return null;', outputs: 1, libs: [], wires: [[]]},
		...watchers,
	];
	return [
		{id: tab, type: 'tab', label: tab},
		...['good', ...modes].flatMap((mode) => receiver(tab, mode, `${origins[mode] ?? origin}/${mode}-${tab}/rest`)),
		...others.map((node) => ({...node, z: tab})),
	];
};

export const taintFlow = (options: TaintFlowOptions): Flow => {
	// A node without a position counts as a config node.
	const flows = tabs
		.flatMap((tab) => tabOf(tab, options))
		.map((node): FlowNode => ('z' in node ? {...node, x: 1, y: 1} : node));
	const accounts = flows
		.filter(({type}) => type === 'retarus-account')
		.map(({id}): [string, Credentials[string]] => [id, options.credentials]);
	return {flows, credentials: Object.fromEntries(accounts)};
};
