import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import should from 'should';
import {WebSocket} from 'undici';
import {freePort, serve, serveTls} from '../world/http-server';
import {endAll, NodeRed} from '../../scripts/node-red/node-red.mjs';
import {root} from '../../scripts/setup.mjs';
import {linkPackage, makeFolder, removeFolder} from '../../scripts/node-red/user-directory.mjs';
import {echoingService, goodFaxes, type FaxSecrets} from './echoing-service';
import {leaksIn, randomDigits, randomWord, type Haystack, type Secret} from './secrets';
import {modes, tabs, taintFlow} from './taint-flow';

const word = randomWord();
const credentials = {customerNumber: randomDigits(11), password: `ä "${word}" \\/+%&'`};
const fax: FaxSecrets = {
	from: `+49${randomDigits(12)}`,
	to: `+49${randomDigits(12)}`,
	csid: `CSID ${randomWord()}`,
	content: `Dear ${randomWord()}, your finding`,
};

const secrets: readonly Secret[] = [
	{name: 'password', value: credentials.password},
	{name: 'the word in the password', value: word},
	{name: 'customer number', value: credentials.customerNumber},
	{name: 'credentials', value: `${credentials.customerNumber}:${credentials.password}`},
	...Object.entries({...fax}).map(([name, value]: [string, string]) => ({name, value: value.replace('+', '')})),
];

/** Logs everything about every entry, hidden properties of errors included. */
const settings = `
	const {inspect} = require('node:util');
	const everything = {depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity};
	module.exports = {
		...require(${JSON.stringify(join(root, 'scripts', 'node-red-settings.cjs'))}),
		logging: {
			console: {level: 'trace', metrics: true, audit: true},
			deep: {
				level: 'trace',
				metrics: true,
				audit: true,
				handler: () => (entry) => process.stderr.write(inspect(entry, everything) + '\\n'),
			},
		},
		contextStorage: {default: {module: 'localfilesystem', config: {flushInterval: 1}}},
	};`;

/** Collects what the editor receives. */
const listen = async (url: string, heard: string[]): Promise<WebSocket> => {
	const socket = new WebSocket(`${url.replace('http', 'ws')}/comms`);
	socket.addEventListener('message', ({data}) => {
		heard.push(String(data));
	});
	await new Promise((resolve) => {
		socket.addEventListener('open', resolve, {once: true});
	});
	for (const topic of ['status/#', 'notification/#', 'debug', 'event-log/#']) {
		socket.send(JSON.stringify({subscribe: topic}));
	}

	return socket;
};

/** All files below a folder, except linked ones and those that Node-RED has encrypted. */
const filesBelow = (folder: string, top = folder): Haystack =>
	Object.assign(
		{},
		...readdirSync(folder, {withFileTypes: true}).map((entry) => {
			const path = join(folder, entry.name);
			if (entry.isDirectory() && entry.name !== 'node_modules') {
				return filesBelow(path, top);
			}

			return entry.isFile() && !entry.name.endsWith('_cred.json')
				? {[relative(top, path)]: readFileSync(path, 'latin1')}
				: {};
		}),
	) as Haystack;

const namesBelow = (folder: string): string =>
	readdirSync(folder, {recursive: true, encoding: 'utf8'})
		.filter((name) => !name.startsWith('node_modules'))
		.join('\n');

describe('Passwords, numbers and content', function () {
	this.timeout(120_000);

	let userDirectory: string;
	const haystack: Record<string, string> = {};
	const heard: string[] = [];

	const textOf = (name: string): string =>
		existsSync(join(userDirectory, name)) ? readFileSync(join(userDirectory, name), 'utf8') : '';

	/** Waits until the log or a file of the flow shows what is expected. */
	const until = async (isTrue: () => boolean, what: () => string): Promise<void> => {
		for (const endMs = Date.now() + 40_000; !isTrue();) {
			if (Date.now() > endMs) {
				throw new Error(`Timed out with ${what()}.`);
			}

			await sleep(50);
		}
	};

	before(async () => {
		userDirectory = makeFolder();
		linkPackage(userDirectory);
		writeFileSync(join(userDirectory, 'settings.cjs'), settings);
		const start = async (): Promise<NodeRed> => {
			const nodeRed = new NodeRed(userDirectory, {settings: join(userDirectory, 'settings.cjs')});
			await nodeRed.ready;
			return nodeRed;
		};

		const [service, tls, closedPort] = await Promise.all([
			serve(echoingService(fax)),
			serveTls(echoingService(fax)),
			freePort(),
		]);
		let nodeRed = await start();
		const socket = await listen(nodeRed.url, heard);
		await nodeRed.deploy(
			taintFlow({
				origin: service.origin,
				tlsOrigin: tls.origin,
				closedOrigin: `http://127.0.0.1:${closedPort}`,
				userDirectory,
				credentials,
			}),
		);
		const isReported = (tab: string, mode: string): boolean =>
			tab === 'caught'
				? textOf('caught.txt').includes(`id: 'in-${mode}-caught'`)
				: nodeRed.log.some((line) => line.includes(`[error] [retarus-fax-in:in-${mode}-logged]`));
		const missing = (): readonly string[] =>
			tabs.flatMap((tab) => modes.filter((mode) => !isReported(tab, mode)).map((mode) => `${mode}-${tab}`));
		await until(
			() => missing().length === 0,
			() => `no error from ${missing().join(', ')}`,
		);
		const steps = (): readonly string[] =>
			['confirmed', 'givenBack', 'failed'].filter(
				(step) => !nodeRed.log.some((line) => line.includes(`retarus-fax.${step}`)),
			);
		await until(
			() => steps().length === 0,
			() => `no audit entry for ${steps().join(', ')}`,
		);
		for (const path of [
			'/flows',
			'/nodes',
			'/context/global',
			'/context/flow/caught',
			'/settings',
			'/credentials/retarus-account/account-good-caught',
			'/diagnostics',
		]) {
			const response = await fetch(`${nodeRed.url}${path}`, {headers: {Accept: 'application/json'}});
			haystack[`answer of ${path}`] = await response.text();
		}

		socket.close();
		await nodeRed.end('SIGKILL');
		haystack['log before the crash'] = nodeRed.log.join('\n');
		const state = join(userDirectory, 'retarus-fax');
		Object.assign(haystack, filesBelow(userDirectory));
		// Make writing fail: a folder is in the way of every new journal.
		for (const name of readdirSync(state).filter((one) => one.endsWith('.journal'))) {
			mkdirSync(join(state, `${name}.new`));
		}

		nodeRed = await start();
		const isRefused = (): boolean =>
			textOf('caught.txt').includes('RETARUS_STATE') && nodeRed.log.some((line) => line.includes('RETARUS_STATE'));
		await until(isRefused, () => 'no report about the disk');
		await nodeRed.end();
		haystack['log after the crash'] = nodeRed.log.join('\n');
		Object.assign(haystack, filesBelow(userDirectory), {
			'what the editor receives': heard.join('\n'),
			'names of files': namesBelow(userDirectory),
		});
	});

	after(async () => {
		await endAll();
		removeFolder(userDirectory);
	});

	it('have every opportunity to leak: every failure is reported, and everything is logged', () => {
		const {'caught.txt': caught = '', 'statuses.txt': statuses = '', 'log before the crash': log = ''} = haystack;
		should(goodFaxes.filter((id) => !log.includes(`id: '${id}'`))).be.empty();
		for (const code of [
			'AUTH',
			'TOPIC',
			'RATE_LIMIT',
			'SERVICE',
			'NETWORK',
			'PROTOCOL',
			'DOCUMENT_GONE',
			'DOCUMENT_INVALID',
			'TIMEOUT',
			'GUARD',
			'CONFIG',
		]) {
			should(caught).containEql(`RETARUS_${code}`);
		}

		should(statuses).containEql('RETARUS_NETWORK');
		should(heard.join('\n')).containEql('status/in-good-caught');
		should(log)
			.match(/\[stack\]/)
			.and.match(/retarus-fax\.confirmed/)
			.and.match(/\[(trace|metric)\]/i);
	});

	it('appear in no log, error, status, file or answer of the Admin API, in any encoding', () => {
		const {'answer of /credentials/retarus-account/account-good-caught': editor, ...rest} = haystack;
		leaksIn(rest, secrets).should.be.empty();
		// The dialog shows the customer number to those who may edit it, but never the password.
		leaksIn(
			{editor: editor ?? ''},
			secrets.filter(({name}) => name !== 'customer number'),
		).should.be.empty();
	});

	it('are found once planted in any of these places', () => {
		for (const place of Object.keys(haystack)) {
			const planted = Buffer.from(`${credentials.customerNumber}:${credentials.password}`).toString('base64');
			leaksIn({[place]: `${haystack[place] ?? ''}${planted}`}, secrets).length.should.be.above(0, place);
		}
	});
});
