/** A real Node-RED, without editor and Admin API, run in this process so that it can be measured from inside. */
import {once, type EventEmitter} from 'node:events';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import RED from 'node-red';
import {accountDefaults, faxAckDefaults, faxInDefaults} from '../../lib/node-config';
import {linkPackage} from '../../scripts/node-red/user-directory.mjs';
import type {ClientSetting, Latency} from '../client';
import {begun, measure, type BeginClient} from '../measured';

const tab = {id: 'tab', type: 'tab', label: 'Benchmark'};

const ours = ({
	baseUrl,
	batchSize,
	maxInFlight,
	pollIntervalMs = 30_000,
	maxFaxSize = 64,
	isOnDemand = false,
}: ClientSetting): readonly object[] => [
	tab,
	{...accountDefaults, id: 'account', type: 'retarus-account', region: 'custom', baseUrl},
	{
		...faxInDefaults,
		id: 'fax-in',
		type: 'retarus-fax-in',
		z: 'tab',
		account: 'account',
		topic: 'demo',
		batchSize,
		maxInFlight,
		maxFaxSize,
		pollInterval: isOnDemand ? 0 : pollIntervalMs / 1000,
		inputs: isOnDemand ? 1 : 0,
		x: 100,
		y: 100,
		wires: [[isOnDemand ? 'pause' : 'fax-ack']],
	},
	// `oneFax` listens here for the message.
	{id: 'pause', type: 'junction', z: 'tab', x: 200, y: 100, wires: [['fax-ack']]},
	{
		...faxAckDefaults,
		id: 'fax-ack',
		type: 'retarus-fax-ack',
		z: 'tab',
		x: 300,
		y: 100,
		wires: [isOnDemand ? ['end'] : []],
	},
	{id: 'end', type: 'junction', z: 'tab', x: 400, y: 100, wires: []},
];

const coreNodes = ({baseUrl, batchSize}: ClientSetting): readonly object[] => {
	process.env.FAX_BASE_URL = baseUrl;
	process.env.FAX_BATCH = String(batchSize);
	process.env.FAX_AUTHORIZATION = `Basic ${Buffer.from('99999:secret').toString('base64')}`;
	return JSON.parse(readFileSync(join(__dirname, '..', 'flows', 'core-nodes.json'), 'utf8')) as object[];
};

const flow = process.env.BENCHMARK_FLOW;

const flowsOf = (setting: ClientSetting): readonly object[] => {
	switch (flow) {
		case 'ours':
			return ours(setting);
		case 'core-nodes':
			return coreNodes(setting);
		default:
			return [tab];
	}
};

type RunningNode = EventEmitter & {receive(message: object): void};

/** Missing from the types of Node-RED's main module. */
const canFind = (nodes: object): nodes is {getNode(id: string): RunningNode} => 'getNode' in nodes;

const nodeOf = (id: string): RunningNode => {
	if (!canFind(RED.nodes)) {
		throw new Error('This Node-RED does not expose its nodes.');
	}

	return RED.nodes.getNode(id);
};

const moment = async (id: string): Promise<number> => {
	await once(nodeOf(id), 'input');
	return performance.now();
};

const oneFax = async (): Promise<Latency> => {
	const sent = moment('pause');
	const confirmed = moment('end');
	const beginMs = performance.now();
	nodeOf('fax-in').receive({action: 'poll'});
	const sentMs = await sent;
	return {toMessageMs: sentMs - beginMs, toConfirmedMs: (await confirmed) - sentMs};
};

const begin: BeginClient = async (setting) => {
	const userDir = mkdtempSync(join(tmpdir(), 'retarus-fax-bench-'));
	if (flow !== 'without') {
		linkPackage(userDir);
	}

	writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flowsOf(setting)));
	writeFileSync(
		join(userDir, 'flows_cred.json'),
		JSON.stringify({account: {customerNumber: '99999', password: 'secret'}}),
	);
	const server = createServer();
	RED.init(server, {
		userDir,
		flowFile: 'flows.json',
		credentialSecret: false,
		httpAdminRoot: false,
		httpNodeRoot: false,
		logging: {console: {level: 'off'}},
	} as never);
	const started = once(RED.runtime.events, 'flows:started');
	RED.runtime.events.once('flows:started', begun);
	await RED.start();
	await started;
	return {oneFax};
};

measure(begin);
